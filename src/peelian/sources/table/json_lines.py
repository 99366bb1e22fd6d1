"""Read JSON lines: one flat object a line. Values become texts as in a CSV file, numbers as written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final, NoReturn

import polars as pl

from peelian.domain.errors import Refused
from peelian.sources.csv.chunk import REJECTS, Chunk

ROW: Final = "\0row"
"""Name of the column of row numbers: no key of a line may be this."""
MAX_COLUMNS: Final = 300
_NAMES_NONE: Final = frozenset({"", ROW})
_DO: Final = "send one JSON object a line, in UTF-8, each value a text, a number, true, false or null"


class Malformed(Refused):
    """It is no JSON lines; says which line and never what stands there."""


def is_json_lines(head: bytes) -> bool:
    """Say whether a file that begins so is JSON lines rather than CSV.

    >>> is_json_lines(b'{"id": 1}'), is_json_lines(b"id,x")
    (True, False)
    """
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def read_json_lines(path: Path, name: str, rows: int, sizes: Sequence[int] = ()) -> Iterator[Chunk]:
    """Give the lines in chunks, a column for every key that any line of the chunk has; rows count from 1.

    Blank lines are no rows. A key that a line lacks, null and the empty text are all null. With `sizes`,
    batches of so many rows lie one after another, and all must have the same keys.

    Raises:
        Malformed: a line is no flat object, or repeats a key.
    """
    held: list[dict[str, str | None]] = []
    row = 1
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                held.append(_record(line, number, name))
            if len(held) == rows:
                yield _chunk(held, row, name)
                row, held = row + len(held), []
    if sizes and not _alike(held, sizes):
        raise Malformed(f"{name} has batches of different keys", do=_DO)
    if held:
        yield _chunk(held, row, name)


def _alike(held: list[dict[str, str | None]], sizes: Sequence[int]) -> bool:
    rows = iter(held)
    keys = [frozenset(key for one in islice(rows, size) for key in one) for size in sizes]
    return sum(sizes) == len(held) and len(set(keys)) == 1


def _chunk(held: list[dict[str, str | None]], first: int, name: str) -> Chunk:
    columns = list(dict.fromkeys(key for record in held for key in record))
    if len(columns) > MAX_COLUMNS:
        raise Malformed(f"{name} has more than {MAX_COLUMNS} different keys", do=_DO)
    frame = pl.DataFrame(
        {key: pl.Series(key, [record.get(key) for record in held], pl.String) for key in columns}
    )
    numbers = pl.int_range(first, first + len(held), dtype=pl.UInt64, eager=True)
    return Chunk(frame.with_columns(numbers.alias(ROW)), pl.DataFrame(schema=REJECTS), len(held))


def _record(line: bytes, number: int, name: str) -> dict[str, str | None]:
    try:
        found = _DECODER.decode(line.decode("utf-8-sig" if number == 1 else "utf-8").strip())
    except (ValueError, RecursionError):
        found = None
    if (
        not isinstance(found, dict)
        or not found
        or not all(_is_flat(value) and _is_text(key) for key, value in found.items())
    ):
        raise Malformed(f"line {number} of {name} is not a flat JSON object", do=_DO)
    return found


def _is_flat(value: Any) -> bool:
    return value is None or (isinstance(value, str) and _is_text(value))


def _is_text(value: str) -> bool:
    """Half of a pair of surrogates is written in JSON like a character, and is none."""
    return value.isascii() or not any("\ud800" <= one <= "\udfff" for one in value)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = {key: _plain(value) for key, value in pairs}
    if len(found) != len(pairs) or not _NAMES_NONE.isdisjoint(found):
        raise ValueError("a key repeats, or is none")
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"  # as a mapping file reads them
    return value or None if isinstance(value, str) else value


def _no_number(_text: str) -> NoReturn:
    raise ValueError("not a number of JSON")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=str, parse_int=str, parse_constant=_no_number
)
