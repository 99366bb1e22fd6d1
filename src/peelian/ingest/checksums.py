"""Checksums of a delivery: the sender's SHA-256 beside the file shows what was changed on the way."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Final

from peelian.domain.errors import Refused

LIST: Final = "SHA256SUMS"
_LINE: Final = re.compile(r"^\\?([0-9a-fA-F]{64})(?:[ \t]+[*]?(.+))?$")
_LONGEST: Final = 1 << 20  # bytes of a list of checksums


def check_sum(path: Path, *, required: bool = False) -> bool:
    """Verify a file, or each file of a folder, against `FILE.sha256` or `SHA256SUMS` beside it.

    Gives whether every file had a checksum. A file without one passes unless `required`.

    Raises:
        Refused: a checksum does not match, cannot be read, or is required and absent.
    """
    files = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
    checked = [_check(one, required) for one in files if not _is_list(one)]
    return bool(checked) and all(checked)


def sort_out(paths: list[Path]) -> tuple[list[Path], list[Refused], bool]:
    """Give the paths whose checksums hold, the refusals of the others, and whether every file had one."""
    good, refused, checked = [], list[Refused](), True
    for path in paths:
        try:
            checked &= check_sum(path)
            good.append(path)
        except Refused as error:
            refused.append(error)
    return good, refused, checked


def _is_list(path: Path) -> bool:
    return path.name == LIST or path.suffix == ".sha256"


def _check(path: Path, required: bool) -> bool:
    expected = _expected(path)
    if expected is None:
        if required:
            raise without(path.name)
        return False
    with path.open("rb") as file:
        actual = hashlib.file_digest(file, "sha256").hexdigest()
    if actual != expected:
        raise Refused(
            f"{path.name} is not the file its checksum was made of: it was changed, damaged or cut short",
            do="fetch it again, or ask the sender for the file and its checksum",
        )
    return True


def without(name: str) -> Refused:
    """Give the refusal of a file that came without a checksum where one is asked for."""
    return Refused(
        f"{name} came without a checksum, and its sharing agreement asks for one",
        expected=f"{name}.sha256 or {LIST} beside each file given",
        do="ask the sender for the output of sha256sum",
    )


def _expected(path: Path) -> str | None:
    own = path.with_name(path.name + ".sha256")
    if own.is_file():
        sums = [sum_ for sum_, name in _lines(own) if name in ("", path.name)]
        if len(sums) != 1:
            raise Refused(f"{own.name} does not hold one checksum of {path.name}", do="ask the sender for it")
        return sums[0]
    shared = path.with_name(LIST)
    if not shared.is_file():
        return None
    return next((sum_ for sum_, name in _lines(shared) if name == path.name), None)


def _lines(path: Path) -> list[tuple[str, str]]:
    wrong = Refused(f"{path.name} is no list of SHA-256 checksums", do="write it with sha256sum")
    if path.stat().st_size > _LONGEST:
        raise wrong
    try:
        lines = [line.strip() for line in path.read_text("utf-8-sig").splitlines()]
    except UnicodeDecodeError:
        raise wrong from None
    found = [_LINE.match(line) for line in lines if line and not line.startswith("#")]
    if not found or any(one is None for one in found):
        raise wrong
    return [(one[1].lower(), Path((one[2] or "").strip()).name) for one in found if one]
