"""Open a data.police.uk CSV and give its chunks."""

from __future__ import annotations

from collections.abc import Iterator

from peelian.domain.contracts import RawFile
from peelian.sources.csv.header import read_header, require_columns
from peelian.sources.csv.table import Chunk, read_chunks


def chunks_of(raw: RawFile, needed: tuple[str, ...]) -> Iterator[Chunk]:
    """Give the file's rows with the needed columns as text.

    Raises:
        Refused: when it is no UTF-8 CSV or lacks a column.
    """
    header = read_header(raw.path, raw.name)
    require_columns(header, needed, raw.name, "download the file again, or rename its columns as published")
    yield from read_chunks(raw.path, header, needed)
