"""Read a CSV file in chunks of text columns, every line once, whatever is wrong with some."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from peelian.sources.csv import lines as judge
from peelian.sources.csv.blocks import BLOCK, blocks
from peelian.sources.csv.chunk import REJECTS, Chunk
from peelian.sources.csv.header import Header
from peelian.sources.csv.parse import Columns, parse_judged, parse_plain

__all__ = ["REJECTS", "Chunk", "read_chunks"]

MAX_ROWS: Final = 250_000


def read_chunks(path: Path, header: Header, columns: Columns, *, block: int = BLOCK) -> Iterator[Chunk]:
    """Give every data line once, in chunks of at most 250,000 rows. Blank lines are no rows.

    One line is one row: a quoted field may not hold a line break, so an unclosed quote costs its own line
    only. Only `columns` are kept, but a line must have all of the header's.
    """
    row = 1
    for data in blocks(path, header.offset, block):
        chunk = _sifted(data, header, columns, row) or parse_judged(data, header, columns, row)
        yield from _cut(chunk, row)
        row += chunk.read


def _sifted(data: bytes, header: Header, columns: Columns, first: int) -> Chunk | None:
    """Parse a block of which few lines or none need care; None when many do, or some are no UTF-8."""
    parted = judge.sift(data, header.separator, len(header.columns)) if judge.is_utf8(data) else None
    if parted is None:
        return None
    frame = parse_plain(parted.plain, header, columns, len(parted.plain_rows))
    if frame is None:
        return None
    frame = frame.hstack([_numbers(parted.plain_rows, first)])
    if not parted.aside:
        return Chunk(frame, pl.DataFrame(schema=REJECTS), frame.height)
    other = parse_judged(parted.aside, header, columns, 0)
    place = _numbers(parted.aside_rows, first)
    more = other.frame.with_columns(row=place.gather(other.frame["row"]))
    rejects = other.rejects.with_columns(row=place.gather(other.rejects["row"]))
    return Chunk(pl.concat([frame, more]), rejects, frame.height + other.read)


def _numbers(rows: judge.Int64, first: int) -> pl.Series:
    return pl.Series("row", (rows + first).astype(np.uint64))


def _cut(chunk: Chunk, first: int) -> Iterator[Chunk]:
    if chunk.read <= MAX_ROWS:
        if chunk.read:
            yield chunk
        return
    for start in range(first, first + chunk.read, MAX_ROWS):
        end = min(start + MAX_ROWS, first + chunk.read)
        within = pl.col("row").is_between(start, end - 1)
        yield Chunk(chunk.frame.filter(within), chunk.rejects.filter(within), end - start)
