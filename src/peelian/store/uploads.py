"""Files chosen on the first-run page: one folder each under `landing/uploads`, gone once they are read."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Final

from peelian.domain.errors import Misuse, NotFound
from peelian.store.workspace import Workspace

SUFFIXES: Final = (".zip", ".csv", ".xlsx")
MOST_FILES: Final = 100
_ID: Final = re.compile(r"[a-f0-9]{24}")
_KEPT_S: Final = 24 * 3600
_NOTE: Final = re.compile(r"[a-z][a-z_]{0,40}")


@dataclass(frozen=True)
class Upload:
    """One folder: `files` as chosen, and notes (JSON) of what was found, answered and queued."""

    id: str
    folder: Path

    @property
    def files(self) -> list[Path]:
        """Give the files held, by name."""
        return sorted(path for path in (self.folder / "files").iterdir() if path.is_file())

    @property
    def mapping(self) -> Path:
        """Give where the mapping lies."""
        return self.folder / "mapping.yaml"

    def note(self, name: str) -> dict[str, Any]:
        """Give a note; empty where there is none."""
        path = self.folder / f"{name}.json"
        held: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
        return held

    def write(self, name: str, said: dict[str, Any]) -> None:
        """Write a note, whole or not at all."""
        assert _NOTE.fullmatch(name)
        part = self.folder / f"{name}.{secrets.token_hex(4)}.tmp"
        part.write_text(json.dumps(said, ensure_ascii=False, default=str), "utf-8")
        part.replace(self.folder / f"{name}.json")

    def forget_files(self) -> None:
        """Delete the files; the notes stay until the folder is swept."""
        for path in (self.folder / "files").glob("*"):
            path.unlink(missing_ok=True)

    def drop(self) -> None:
        """Delete everything."""
        shutil.rmtree(self.folder, ignore_errors=True)


def new_upload(ws: Workspace) -> Upload:
    """Make an empty upload that only we may read; ones older than a day are deleted first."""
    root = ws.landing / "uploads"
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in root.iterdir():
        if time.time() - old.stat().st_mtime > _KEPT_S:
            shutil.rmtree(old, ignore_errors=True)
    id_ = secrets.token_hex(12)
    (root / id_ / "files").mkdir(mode=0o700, parents=True)
    (root / id_).chmod(0o700)
    return Upload(id_, root / id_)


def get_upload(ws: Workspace, id_: str) -> Upload:
    """Give an upload.

    Raises:
        NotFound: there is none of this name, or its day is over.
    """
    folder = ws.landing / "uploads" / id_
    if not _ID.fullmatch(id_) or not folder.is_dir():
        raise NotFound("there is no such upload here, or its day is over", do="choose the files again")
    return Upload(id_, folder)


def safe_name(given: str) -> str:
    """Give a file's name that cannot leave its folder: the last part, plain characters, a known suffix.

    Raises:
        Misuse: nothing is left of it, or it is no zip, CSV or Excel workbook.

    >>> safe_name("../../etc/2023-10-bedfordshire-street.csv")
    '2023-10-bedfordshire-street.csv'
    """
    last = PureWindowsPath(PurePosixPath(given).name).name
    name = re.sub(r"[^A-Za-z0-9._ ()-]+", "_", last).strip(". _")[-120:]
    if not name or Path(name).suffix.lower() not in SUFFIXES or not Path(name).stem:
        raise Misuse(
            "a file chosen is of no kind that can be read here", expected="a .zip, .csv or .xlsx file",
            do="save a spreadsheet as CSV UTF-8 or .xlsx",
        )  # fmt: skip
    return name
