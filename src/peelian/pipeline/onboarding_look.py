"""First run, first half: what the files chosen are, as a proposal to confirm. Nothing comes in."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

import polars as pl

from peelian.domain.errors import Misuse, PeelianError, Refused
from peelian.domain.progress import Tick, no_tick
from peelian.guard.mask import masked
from peelian.pipeline.context import Context
from peelian.pipeline.proposing import propose_mapping
from peelian.propose.propose import propose
from peelian.propose.sample import read_sample
from peelian.propose.write import NO_FORCE
from peelian.sources import SOURCES
from peelian.sources.archive import extract, open_archive
from peelian.sources.police_uk.layout import FILE_NAME, STREET_COLUMNS
from peelian.store.uploads import Upload, get_upload

_TABLES: Final = (".csv", ".xlsx")


@dataclass(frozen=True)
class _Published:
    """A street or outcomes file of data.police.uk: a file, or a member of a zip."""

    name: str
    month: str
    force: str
    kind: str
    path: Path
    inside: bool


def look(ctx: Context, upload_id: str, tick: Tick = no_tick) -> str:
    """Write what the files seem to be to the upload's note `proposal`; files that are refused are deleted.

    Raises:
        Refused: a hostile or damaged zip, more than one table, or a table of a kind that is never taken.
    """
    ctx.consult("consultation", "files chosen on the first-run page")
    upload = get_upload(ctx.ws, upload_id)
    tick("looking at the files", 0.1)
    try:
        found = _published(upload)
        said = _police_uk(upload, found) if found else _table(ctx, upload)
    except PeelianError:
        upload.forget_files()
        raise
    upload.write("proposal", said)
    return f"looks like {said['title']}"


def _published(upload: Upload) -> list[_Published]:
    """List the published files; empty where this is something else. Each zip's directory is checked here."""
    found = []
    for path in upload.files:
        if path.suffix.lower() != ".csv":
            with open_archive(path) as archive:
                names = [(name, True) for name in archive.namelist()]
        else:
            names = [(path.name, False)]
        for name, inside in names:
            match = FILE_NAME.match(PurePosixPath(name).name)
            if match and path.suffix.lower() != ".xlsx":
                found.append(_Published(name, match[1], match[2], match[3], path, inside))
    return [one for one in found if one.kind != "stop-and-search"]


def _police_uk(upload: Upload, found: list[_Published]) -> dict[str, Any]:
    street = sorted((one for one in found if one.kind == "street"), key=lambda one: one.month)
    if not street:
        raise Refused("there is no street-level file here", expected="files named YYYY-MM-FORCE-street.csv",
                      do="choose “Include crime data” when you download")  # fmt: skip
    months = sorted({one.month for one in street})
    return {
        "kind": "police_uk", "title": "published police data (data.police.uk)", "sure": 1.0,
        "forces": sorted({one.force for one in street}), "first": months[0], "last": months[-1],
        "months": len(months), "gaps": _gaps(months), "files": len(found),
        "columns": _street_columns(upload, street[-1]), "every": "month",
    }  # fmt: skip


def _gaps(months: list[str]) -> int:
    first, last = (int(m[:4]) * 12 + int(m[5:]) for m in (months[0], months[-1]))
    return last - first + 1 - len(months)


def _street_columns(upload: Upload, one: _Published) -> list[dict[str, Any]]:
    """Give what is read of a street file, with masked examples of the newest one."""
    with tempfile.TemporaryDirectory(dir=upload.folder) as folder:
        path = Path(folder) / "street.csv"
        if one.inside:
            with (
                open_archive(one.path) as archive,
                extract(archive, archive.getinfo(one.name), Path(folder)) as (member, _),
            ):
                shutil.copyfile(member, path)
        else:
            shutil.copyfile(one.path, path)
        frame = read_sample(path).frame
    return [
        {"ours": _OURS[name], "theirs": name, "examples": _examples(frame, name), "check": False}
        for name in STREET_COLUMNS
    ]


_OURS: Final = {
    "Crime ID": "the record's number, kept as a digest only", "Month": "when (the month, no day)",
    "Reported by": "the force", "Longitude": "where (a published snap point)",
    "Latitude": "where (a published snap point)", "Location": "the nearest street's name",
    "LSOA code": "the neighbourhood", "Crime type": "what kind",
}  # fmt: skip


def _examples(frame: pl.DataFrame, name: str) -> list[str]:
    if name not in frame.columns:
        raise Refused("a street file lacks a column of the published layout", expected=name)
    values = frame[name].drop_nulls().unique(maintain_order=True).head(2).to_list()
    open_ = name in ("Month", "Reported by", "Crime type")  # published words that name no one
    return [value if open_ else masked(value) for value in values]


def _table(ctx: Context, upload: Upload) -> dict[str, Any]:
    path = _one_table(upload)
    if propose(path).feed == "police_uk":
        raise Refused(
            "this looks like data.police.uk, but its name does not say which month and force",
            expected="a name as published, such as 2023-10-bedfordshire-street.csv",
        )  # fmt: skip
    made = propose_mapping(ctx, path, upload.mapping, replace=True)
    one = made.proposal
    said = one.to_json()
    steps = [step for step in made.to_do if NO_FORCE not in step]
    return {
        "kind": "table", "feed": one.feed, "title": SOURCES[one.feed].SPEC.title,
        "sure": round(one.fact("feed").confidence, 2), "rows": one.rows, "file": path.name,
        "columns": said["columns"], "facts": said["facts"][1:], "discard": said["discard"],
        "constants": said["constants"], "codes": said["codes"], "to_do": steps,
        "every": "week", "theirs": [line.theirs for line in one.columns] + list(one.unused),
    }  # fmt: skip


def _one_table(upload: Upload) -> Path:
    """Give the one table chosen; a table inside a zip is taken out of it.

    Raises:
        Refused: none, or more than one.
    """
    tables = [path for path in upload.files if path.suffix.lower() in _TABLES]
    for path in upload.files:
        if path.suffix.lower() == ".zip":
            tables += _taken_out(upload, path, room=1 - len(tables))
    if len(tables) != 1:
        raise Refused(
            f"{len(tables)} tables were chosen" if tables else "there is no table in these files",
            expected="files of data.police.uk, or one CSV file or workbook at a time",
            do="choose one, and bring the next in afterwards",
        )  # fmt: skip
    return tables[0]


def _taken_out(upload: Upload, path: Path, room: int) -> list[Path]:
    with open_archive(path) as archive:
        inside = [info for info in archive.infolist() if info.filename.lower().endswith(_TABLES)]
        if len(inside) > room:
            raise Refused(f"{path.name} holds {len(inside)} tables", expected="one table at a time",
                          do="unpack it and choose one")  # fmt: skip
        out = []
        for info in inside:
            to = upload.folder / "files" / f"{path.stem}{PurePosixPath(info.filename).suffix.lower()}"
            if to.exists():
                raise Misuse("two of the files chosen have the same name", do="choose one table at a time")
            with extract(archive, info, upload.folder) as (member, _):
                shutil.copyfile(member, to)
            to.chmod(0o600)
            out.append(to)
    path.unlink()
    return out
