"""The head of a CSV file: is it text, is it a table, which columns has it."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from peelian.domain.errors import LacksColumns, Refused
from peelian.guard.spoken import spoken

HEAD: Final = 64 * 1024
_MAGIC: Final[dict[bytes, str]] = {
    b"PK\x03\x04": "a zip archive or a spreadsheet",
    b"PK\x05\x06": "an empty zip archive",
    b"\x1f\x8b": "compressed with gzip",
    b"PAR1": "a Parquet file",
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"SQLite format 3": "a database",
}
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_NAME: Final = re.compile(r"^[A-Za-z_][A-Za-z0-9 _.()/&-]{0,39}$")
_VALUE: Final = re.compile(r"\d{3,}|[0-9a-f]{16}|\d[-/.:]\d")


@dataclass(frozen=True)
class Header:
    """Column names in the file's order, and the byte at which the data begin."""

    columns: tuple[str, ...]
    offset: int
    separator: str = ","


def read_header(path: Path, name: str, separator: str = ",") -> Header:
    """Read the first line of a CSV file; a UTF-8 byte-order mark is accepted.

    Raises:
        Refused: for an empty file, another kind of file, another encoding, or no line of column names.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    _refuse_what_is_no_text(head, name)
    skip = 3 if head.startswith(b"\xef\xbb\xbf") else 0
    end = head.find(b"\n")
    if end < 0 and len(head) == HEAD:
        raise Refused(
            f"{name} has no line break in its first 64 KiB, so it is no CSV",
            do="export it again with one row on each line",
        )
    line = head[skip : end if end >= 0 else len(head)].rstrip(b"\r")
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(
            f"the first line of {name} is not UTF-8 text", do="save the file as CSV UTF-8"
        ) from None
    if "\r" in text:
        raise Refused(f"{name} ends its lines with carriage returns alone", do="save it with newlines")
    columns = tuple(cell.strip() for cell in next(csv.reader([text], delimiter=separator), []))
    if len(set(columns)) != len(columns):
        doubled = sorted({c for c in columns if columns.count(c) > 1})
        if not looks_like_names(tuple(c for c in columns if c)):
            raise Refused(f"the first line of {name} does not look like column names", do="add them")
        raise Refused(f"{name} names a column twice: {', '.join(doubled) or 'a blank one'}", do="rename one")
    return Header(columns, end + 1 if end >= 0 else len(head), separator)


def _refuse_what_is_no_text(head: bytes, name: str) -> None:
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        raise Refused(f"{name} is empty", expected="a line of column names and rows", do="fetch it again")
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            raise Refused(f"{name} is {kind}, not a CSV", do="export it as CSV UTF-8")
    if head.startswith(_UTF16):
        raise Refused(f"{name} is UTF-16 text", expected="UTF-8", do="save it as CSV UTF-8")
    if b"\0" in head.split(b"\n", 1)[0]:
        raise Refused(f"{name} holds zero bytes: it is no CSV, or it is UTF-16", do="save it as CSV UTF-8")


def looks_like_names(columns: tuple[str, ...]) -> bool:
    """Tell a line of column names from a row of data, so that no message repeats a row."""
    return all(_NAME.match(c) and not _VALUE.search(c) for c in columns)


def require_columns(header: Header, needed: tuple[str, ...], name: str, do: str) -> None:
    """Check that the header has the columns needed.

    Raises:
        Refused: naming the columns missing, and those found unless the first line looks like a row.
    """
    missing = [c for c in needed if c not in header.columns]
    if not missing:
        return
    if looks_like_names(header.columns):
        found = "it has " + ", ".join(header.columns)
    else:
        found = "its first line does not look like column names"
    if len(header.columns) == 1 and any(mark in header.columns[0] for mark in ";\t|"):
        found = "its columns are not separated by commas"
    plural = "columns" if len(missing) > 1 else "column"
    raise LacksColumns(
        f"{name} lacks the {plural} {', '.join(missing)}; {found}", expected=", ".join(needed), do=do,
        missing=missing, columns=spoken(header.columns) if looks_like_names(header.columns) else (),
    )  # fmt: skip
