"""From lines to columns of text: polars for what is well formed, Python's reader for the odd line."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from peelian.sources.csv import lines as judge
from peelian.sources.csv.blocks import BLOCK, blocks
from peelian.sources.csv.header import Header

MAX_ROWS: Final = 250_000
REJECTS: Final[dict[str, pl.DataType]] = {"row": pl.UInt64(), "reason": pl.String()}


@dataclass(frozen=True)
class Chunk:
    """Some data lines: `frame` has the file's columns as text (null for empty) and `row`, from 1.

    `read` = rows of `frame` + rows of `rejects`.
    """

    frame: pl.DataFrame
    rejects: pl.DataFrame
    read: int


def read_chunks(path: Path, header: Header, *, block: int = BLOCK) -> Iterator[Chunk]:
    """Give every data line once, in chunks of at most 250,000 rows. Blank lines are no rows.

    One line is one row: a quoted field may not hold a line break, so an unclosed quote costs its own line
    only.
    """
    row = 1
    for data in blocks(path, header.offset, block):
        for chunk in _parse(data, header, row):
            row += chunk.read
            yield chunk


def _parse(data: bytes, header: Header, first: int) -> Iterator[Chunk]:
    chunk = _plain(data, header, first) or _few_quotes(data, header, first) or _judged(data, header, first)
    yield from _cut(chunk, first)


def _plain(data: bytes, header: Header, first: int) -> Chunk | None:
    """Parse a block with nothing odd in it, which is nearly every one, without judging line by line.

    Without quotes, returns or blank lines, a line that is too short is balanced by one that is too long
    when the separators add up, and polars refuses the long one: so nothing wrong can pass here.
    """
    rows, separators, quotes, odd = judge.tally(data, header.separator)
    if odd or quotes or separators != rows * (len(header.columns) - 1):
        return None
    frame = _polars(data, header, rows)
    if frame is None:
        return None
    numbers = pl.int_range(first, first + rows, dtype=pl.UInt64, eager=True)
    return Chunk(frame.with_columns(row=numbers), pl.DataFrame(schema=REJECTS), rows)


def _few_quotes(data: bytes, header: Header, first: int) -> Chunk | None:
    """Parse a block of which a few lines hold quotes: judge only those, take the rest as plain."""
    rows, _, quotes, odd = judge.tally(data, header.separator)
    if odd or not quotes or quotes > rows // 4:
        return None
    quoted, plain, kept = judge.apart(data)
    one = _plain(plain, header, 0)
    if one is None:
        return None
    other = _judged(quoted, header, 0)
    numbers = np.arange(first, first + rows, dtype=np.uint64)
    frames = (
        one.frame.with_columns(row=pl.Series(numbers[kept])),
        other.frame.with_columns(row=pl.Series(numbers[~kept]).gather(other.frame["row"])),
    )
    rejects = other.rejects.with_columns(row=pl.Series(numbers[~kept]).gather(other.rejects["row"]))
    return Chunk(pl.concat(frames), rejects, rows)


def _judged(data: bytes, header: Header, first: int) -> Chunk:
    """Parse a block after judging each line."""
    starts, ends, verdicts = judge.scan(data, header.separator, len(header.columns))
    good = _well_formed(data, header, starts, verdicts)
    if good is None:
        judge.mark_not_utf8(data, starts, ends, verdicts)
        good = _well_formed(data, header, starts, verdicts)
    if good is None:  # polars and the scan disagree about some line: read each by itself
        verdicts[verdicts == judge.OK] = judge.ODD_QUOTE
        good = pl.DataFrame(schema=dict.fromkeys(header.columns, pl.String()))
    is_row = verdicts != judge.BLANK
    number = (np.cumsum(is_row) + (first - 1)).astype(np.uint64)
    frame = good.with_columns(row=pl.Series(number[verdicts == judge.OK]))
    odd = np.flatnonzero(verdicts == judge.ODD_QUOTE)
    if len(odd):
        frame = pl.concat([frame, _odd_lines(data, header, starts, ends, verdicts, number, odd)])
    bad = np.flatnonzero(is_row & ~np.isin(verdicts, (judge.OK, judge.ODD_QUOTE)))
    reasons = [judge.REASONS[int(v)] for v in verdicts[bad]]
    return Chunk(
        frame, pl.DataFrame({"row": number[bad], "reason": reasons}, schema=REJECTS), int(is_row.sum())
    )


def _well_formed(
    data: bytes, header: Header, starts: judge.Int64, verdicts: judge.Bytes
) -> pl.DataFrame | None:
    rows = int((verdicts == judge.OK).sum())
    text = data if rows == len(verdicts) else judge.keep_lines(data, starts, verdicts)
    return _polars(text, header, rows)


def _polars(text: bytes, header: Header, rows: int) -> pl.DataFrame | None:
    """Parse lines found good; None when polars refuses one or sees another number of rows."""
    schema = dict.fromkeys(header.columns, pl.String())
    if not rows:
        return pl.DataFrame(schema=schema)
    quoted = b'"' in text
    try:
        frame = pl.read_csv(
            text, has_header=False, schema=schema, separator=header.separator,
            quote_char='"' if quoted else None, missing_columns="raise", extra_columns="raise",
        )  # fmt: skip
    except pl.exceptions.PolarsError:
        return None
    if frame.height != rows:
        return None
    return frame.with_columns(pl.all().replace("", None)) if b'""' in text else frame


def _odd_lines(
    data: bytes, header: Header, starts: judge.Int64, ends: judge.Int64, verdicts: judge.Bytes,
    number: np.ndarray[tuple[int], np.dtype[np.uint64]], odd: judge.Int64,
) -> pl.DataFrame:  # fmt: skip
    """Give the lines that only Python's reader takes (a quote inside a plain field is literal text)."""
    values: list[list[str | None]] = []
    rows: list[int] = []
    for k in odd:
        try:
            text = data[starts[k] : ends[k]].decode("utf-8")
        except UnicodeDecodeError:
            verdicts[k] = judge.NOT_UTF8
            continue
        cells = next(csv.reader([text], delimiter=header.separator), [])
        if len(cells) != len(header.columns):
            verdicts[k] = judge.FIELDS
            continue
        values.append([cell or None for cell in cells])
        rows.append(int(number[k]))
    schema = dict.fromkeys(header.columns, pl.String())
    more = pl.DataFrame(values, schema=schema, orient="row")
    return more.with_columns(row=pl.Series(rows, dtype=pl.UInt64))


def _cut(chunk: Chunk, first: int) -> Iterator[Chunk]:
    if chunk.read <= MAX_ROWS:
        if chunk.read:
            yield chunk
        return
    for start in range(first, first + chunk.read, MAX_ROWS):
        end = min(start + MAX_ROWS, first + chunk.read)
        within = pl.col("row").is_between(start, end - 1)
        yield Chunk(chunk.frame.filter(within), chunk.rejects.filter(within), end - start)
