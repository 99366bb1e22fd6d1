"""Read CSV files in blocks of whole lines, alone, in a folder or in a zip, with or without column names."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Final

import polars as pl

from peelian.domain.errors import Refused

_NAME: Final = re.compile(r"^[a-z][a-z_ .()/-]{0,30}[0-9]{0,2}[a-z_]{0,6}$")
BLOCK: Final = 32 * 2**20
_PACKED: Final = (b"\x1f\x8b", b"\x78\x01", b"\x78\x9c", b"\x78\xda", b"\x28\xb5\x2f\xfd")
"""How gzip, zlib and zstd begin: the reader of CSV would unpack them, however much is in them."""
_FREE: Final = 8 * 2**20
_RATIO: Final = 100
"""Bytes out for each byte in, above `_FREE`: the products' own files stay far below."""
_DAMAGED: Final = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, UnicodeError)


def csv_frames(path: Path, header: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
    """Give blocks of rows as text, columns in lower case.

    `header` is the columns of files that have no line of names; a first line that is that header is left out.

    Raises:
        Refused: no CSV there, a damaged zip, or bytes that are no table.
    """
    found = False
    try:
        for name, file in _members(path):
            found = True
            yield from _frames(name, file, header)
    except _DAMAGED:
        raise Refused(f"{path.name} is a damaged zip archive", do="fetch it again") from None
    if not found:
        raise Refused(f"there is no CSV file in {path.name}", do="check the path")


def _members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    if path.is_dir():
        for one in sorted(path.rglob("*")):
            if one.is_file() and one.suffix.lower() == ".csv" and not _about(one.name):
                with one.open("rb") as file:
                    yield one.name, file
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for info in sorted(archive.infolist(), key=lambda i: i.filename):
                if info.filename.lower().endswith(".csv") and not _about(info.filename):
                    if info.header_offset < 0 or info.file_size > max(_FREE, _RATIO * info.compress_size):
                        raise zipfile.BadZipFile
                    with archive.open(info) as file:
                        yield info.filename, file
    else:
        with path.open("rb") as file:
            yield path.name, file


def _about(name: str) -> bool:
    """Ordnance Survey ships its files' column names as CSV files in a folder Doc: those are no data."""
    low = name.lower()
    return "header" in low or "/doc/" in f"/{low}"


def _frames(name: str, file: IO[bytes], header: Sequence[str] | None) -> Iterator[pl.DataFrame]:
    rest, columns = b"", list(header) if header else None
    while True:
        block = file.read(BLOCK)
        data = rest + block
        cut = data.rfind(b"\n") + 1 if block else len(data)
        part, rest = data[:cut], data[cut:]
        if part.strip():
            if b"\0" in part[:4096] or part.startswith(_PACKED):
                raise _no_csv(name)
            frame = _read(part, columns, name)
            if columns is None:
                columns = frame.columns
            yield frame
        if not block:
            return


def _no_csv(name: str) -> Refused:
    return Refused(f"{name} is not a CSV file", expected="rows of text with commas")


def _read(part: bytes, columns: list[str] | None, name: str) -> pl.DataFrame:
    part = part.removeprefix(b"\xef\xbb\xbf")
    try:
        frame = pl.read_csv(
            io.BytesIO(part), has_header=columns is None, infer_schema=False, encoding="utf8-lossy",
            truncate_ragged_lines=True,
        )  # fmt: skip
    except (pl.exceptions.PolarsError, OSError):
        raise _no_csv(name) from None
    if columns is None:
        plain = {c: c.strip().lower() for c in frame.columns}
        if len(set(plain.values())) < len(plain):
            raise Refused(f"{name} has a column twice", do="leave out or rename one of the two")
        return frame.rename(plain)
    if frame.width > len(columns):
        frame = frame[:, : len(columns)]
    frame = frame.rename(dict(zip(frame.columns, columns, strict=False)))
    first = frame.columns[0]
    return frame.filter(pl.col(first).str.to_lowercase().ne_missing(first))


def pick(frame: pl.DataFrame, names: Sequence[str]) -> str | None:
    """Give the first of the names that the frame has as a column (in lower case)."""
    return next((name for name in names if name in frame.columns), None)


def need(frame: pl.DataFrame, names: Sequence[str], file: Path) -> str:
    """Give the column, or refuse.

    Raises:
        Refused: with the columns it has.
    """
    found = pick(frame, names)
    if found is None:
        # A file without column names has a row of data for its first line: that is never repeated.
        named = all(_NAME.match(column) for column in frame.columns)
        has = f"it has {', '.join(frame.columns[:40])}" if named else "its first line is no column names"
        raise Refused(
            f"{file.name} has no column {names[0]}; {has}",
            expected=" or ".join(names), do="export it with column names as Ordnance Survey or ONS give them",
        )  # fmt: skip
    return found
