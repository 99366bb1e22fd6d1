"""A file that stops without a line break may have been cut short in the middle of its last row."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from peelian.sources.csv.chunk import REJECTS, Chunk

CUT: Final = (
    "it is the last row and no line break ends it, so it may be cut short; if it is whole, end the file "
    "with a line break"
)


def whole_rows(chunks: Iterator[Chunk], path: Path) -> Iterator[Chunk]:
    """Give the chunks, the last row put aside when no line break ends the file.

    Cut within its last field, a row still has the right number of fields: nothing else would show it.
    """
    if _ends_with_a_break(path):
        yield from chunks
        return
    held: Chunk | None = None
    for chunk in chunks:
        if held is not None:
            yield held
        held = chunk
    if held is not None:
        yield _without_last(held)


def _ends_with_a_break(path: Path) -> bool:
    with path.open("rb") as file:
        if not file.seek(0, os.SEEK_END):
            return True
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def _without_last(chunk: Chunk) -> Chunk:
    last = pl.col("row") == max(
        int(str(frame["row"].max())) for frame in (chunk.frame, chunk.rejects) if frame.height
    )
    cut = chunk.frame.filter(last).select("row", reason=pl.lit(CUT)).cast({"row": REJECTS["row"]})
    return Chunk(
        chunk.frame.filter(~last),
        pl.concat([chunk.rejects.select(*REJECTS), cut.select(*REJECTS)]),
        chunk.read,
    )
