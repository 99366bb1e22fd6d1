"""Open a table and give its mapped columns in chunks, under our own names, with their own types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from peelian.domain.contracts import RawFile
from peelian.domain.errors import LacksColumns, Refused
from peelian.guard.spoken import spoken
from peelian.sources.csv.header import read_header, require_columns
from peelian.sources.csv.table import REJECTS, Chunk, read_chunks
from peelian.sources.table.admit import admit_header, admit_values
from peelian.sources.table.admit_several import admit_batches
from peelian.sources.table.excel import is_excel, open_sheet
from peelian.sources.table.json_lines import ROW, is_json_lines, read_json_lines
from peelian.sources.table.last_line import whole_rows
from peelian.sources.table.mapping import Mapping

_ROWS: Final = 100_000
BATCHES: Final = "batches"
"""Option of a raw file of JSON lines: the rows of each batch that lies in it, one after another."""
_DO: Final = "correct `columns` in the mapping, or the file"


def chunks_of(raw: RawFile, mapping: Mapping) -> Iterator[Chunk]:
    """Give the rows with columns named as in `Columns`, and `row` from 1.

    Raises:
        Refused: when it is no table of a kind we read, or lacks a column the mapping names.
        NotTaken: it holds what is about people, or is of a barred kind (a Refused too).
    """
    with raw.path.open("rb") as file:
        head = file.read(8)
    if is_excel(head):
        return _excel(raw, mapping)
    if is_json_lines(head):
        return _json_lines(raw, mapping)
    return _parquet(raw, mapping) if head.startswith(b"PAR1") else _csv(raw, mapping)


def _select(mapping: Mapping) -> list[pl.Expr]:
    """Our names for the file's columns."""
    return [pl.col(theirs).alias(ours) for ours, theirs in mapping.columns.used().items()]


def _csv(raw: RawFile, mapping: Mapping) -> Iterator[Chunk]:
    header = read_header(raw.path, raw.name, mapping.separator)
    require_columns(header, tuple(dict.fromkeys(mapping.columns.used().values())), raw.name, _DO)
    wanted = admit_header(header.columns, mapping, raw.name)
    names = spoken(header.columns)
    for chunk in whole_rows(read_chunks(raw.path, header, wanted), raw.path):
        admit_values(chunk.frame.drop("row"), mapping, raw.name)
        frame = chunk.frame.select(*_select(mapping), "row")
        yield Chunk(frame, chunk.rejects, chunk.read, names)


def _json_lines(raw: RawFile, mapping: Mapping) -> Iterator[Chunk]:
    wanted = list(dict.fromkeys(mapping.columns.used().values()))
    sizes: tuple[int, ...] = raw.options.get(BATCHES, ())
    for chunk in read_json_lines(raw.path, raw.name, _ROWS, sizes):
        names = [name for name in chunk.frame.columns if name != ROW]
        missing = [name for name in wanted if name not in names]
        if missing:
            raise LacksColumns(
                f"no line of {raw.name} has {', '.join(missing)}; they have {', '.join(spoken(names))}",
                expected=", ".join(wanted), do="write null where there is no value, or correct the mapping",
                missing=missing, columns=spoken(names),
            )  # fmt: skip
        frame = chunk.frame.select(*admit_header(names, mapping, raw.name), ROW)
        admit_batches(frame.drop(ROW), sizes or (frame.height,), mapping, raw.name)
        frame = frame.select(*_select(mapping), pl.col(ROW).alias("row"))
        yield Chunk(frame, chunk.rejects, chunk.read, spoken(names))


def _excel(raw: RawFile, mapping: Mapping) -> Iterator[Chunk]:
    sheet = open_sheet(raw, mapping.sheet, tuple(dict.fromkeys(mapping.columns.used().values())), _DO)
    wanted = admit_header(sheet.names, mapping, raw.name)
    whole = sheet.read(wanted)
    for start in range(0, whole.height, _ROWS):
        frame = whole.slice(start, _ROWS)
        admit_values(frame, mapping, raw.name)
        numbers = pl.int_range(start + 1, start + 1 + frame.height, dtype=pl.UInt64, eager=True)
        frame = frame.select(*_select(mapping)).with_columns(row=numbers)
        yield Chunk(frame, pl.DataFrame(schema=REJECTS), frame.height, spoken(sheet.names))


def _parquet(raw: RawFile, mapping: Mapping) -> Iterator[Chunk]:
    wanted = list(dict.fromkeys(mapping.columns.used().values()))
    try:
        with pq.ParquetFile(raw.path) as file:
            missing = [name for name in wanted if name not in file.schema_arrow.names]
            if missing:
                raise LacksColumns(
                    f"{raw.name} lacks the column {', '.join(missing)}; "
                    f"it has {', '.join(spoken(file.schema_arrow.names))}",
                    expected=", ".join(wanted), do=_DO,
                    missing=missing, columns=spoken(file.schema_arrow.names),
                )  # fmt: skip
            wanted = list(admit_header(file.schema_arrow.names, mapping, raw.name))
            _refuse_types(raw, file.schema_arrow, wanted)
            row = 1
            for batch in file.iter_batches(_ROWS, columns=wanted, use_threads=False):
                frame = _plain(batch)
                admit_values(frame, mapping, raw.name)
                numbers = pl.int_range(row, row + frame.height, dtype=pl.UInt64, eager=True)
                frame = frame.select(*_select(mapping)).with_columns(row=numbers)
                row += frame.height
                names = spoken(file.schema_arrow.names)
                yield Chunk(frame, pl.DataFrame(schema=REJECTS), frame.height, names)
    except (pa.ArrowException, pl.exceptions.PolarsError, OSError):
        raise Refused(f"{raw.name} is a damaged Parquet file", do="write or fetch it again") from None


def _plain(batch: pa.RecordBatch) -> pl.DataFrame:
    """Give a batch with its dictionaries as text; bytes that are no UTF-8 are found here, not further on."""
    batch.validate(full=True)
    return pl.DataFrame(pl.from_arrow(batch)).with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))


def _refuse_types(raw: RawFile, schema: pa.Schema, wanted: list[str]) -> None:
    binary = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary, pa.types.is_nested)
    odd = [name for name in wanted if any(test(schema.field(name).type) for test in binary)]
    if odd:
        raise Refused(
            f"{raw.name} holds lists, structures or bytes in {', '.join(spoken(odd))}",
            expected="texts, numbers, dates and times",
            do="write them as text, or leave them unread with `discard` in the mapping",
        )
