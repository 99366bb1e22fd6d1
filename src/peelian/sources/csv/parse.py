"""From lines to columns of text: polars for what is well formed, Python's reader for the odd line."""

from __future__ import annotations

import csv

import numpy as np
import numpy.typing as npt
import polars as pl

from peelian.sources.csv import lines as judge
from peelian.sources.csv.chunk import REJECTS, Chunk
from peelian.sources.csv.header import Header

Columns = tuple[str, ...]


def parse_plain(text: bytes, header: Header, columns: Columns, rows: int) -> pl.DataFrame | None:
    """Parse lines found good; None when polars refuses one or sees another number of rows."""
    if not rows:
        return _empty(columns)
    quoted = b'"' in text
    try:
        frame = pl.read_csv(
            text, has_header=False, schema=dict.fromkeys(header.columns, pl.String()),
            columns=sorted(header.columns.index(c) for c in columns), separator=header.separator,
            quote_char='"' if quoted else None, missing_columns="raise", extra_columns="raise",
        )  # fmt: skip
    except pl.exceptions.PolarsError:
        return None
    if frame.height != rows:
        return None
    if frame.columns != list(columns):
        frame = frame.select(columns)
    return frame.with_columns(pl.all().replace("", None)) if quoted and b'""' in text else frame


def parse_judged(data: bytes, header: Header, columns: Columns, first: int) -> Chunk:
    """Parse a block after judging each line; its first row has number `first`."""
    starts, ends, verdicts = judge.scan(data, header.separator, len(header.columns))
    if not judge.is_utf8(data):
        judge.mark_not_utf8(data, starts, ends, verdicts)
    rows = int((verdicts == judge.OK).sum())
    text = data if rows == len(verdicts) else judge.keep_lines(data, starts, verdicts)
    good = parse_plain(text, header, columns, rows)
    if good is None:  # polars and the scan disagree about some line: read each by itself
        verdicts[verdicts == judge.OK] = judge.ODD_QUOTE
        good = _empty(columns)
    is_row = verdicts != judge.BLANK
    number = (np.cumsum(is_row) + (first - 1)).astype(np.uint64)
    frame = good.hstack([pl.Series("row", number[verdicts == judge.OK])])
    odd = np.flatnonzero(verdicts == judge.ODD_QUOTE)
    if len(odd):
        texts = [data[starts[k] : ends[k]] for k in odd]
        read, taken = _one_by_one(texts, header, columns)
        frame = pl.concat([frame, read.with_columns(row=pl.Series(number[odd[taken]]))])
        verdicts[odd[~taken]] = judge.FIELDS
    bad = np.flatnonzero(is_row & ~np.isin(verdicts, (judge.OK, judge.ODD_QUOTE)))
    reasons = [judge.REASONS[int(v)] for v in verdicts[bad]]
    rejects = pl.DataFrame({"row": number[bad], "reason": reasons}, schema=REJECTS)
    return Chunk(frame, rejects, int(is_row.sum()))


def _empty(columns: Columns) -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(columns, pl.String()))


def _one_by_one(
    texts: list[bytes], header: Header, columns: Columns
) -> tuple[pl.DataFrame, npt.NDArray[np.bool_]]:
    """Read lines that only Python's reader takes: a quote inside a plain field is literal text."""
    at = [header.columns.index(c) for c in columns]
    values: list[list[str | None]] = []
    taken = np.zeros(len(texts), np.bool_)
    for k, text in enumerate(texts):
        cells = next(csv.reader([text.decode("utf-8")], delimiter=header.separator), [])
        if len(cells) == len(header.columns):
            values.append([cells[i] or None for i in at])
            taken[k] = True
    return pl.DataFrame(values, schema=dict.fromkeys(columns, pl.String()), orient="row"), taken
