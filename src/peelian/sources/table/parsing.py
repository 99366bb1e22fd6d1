"""Read a table by a mapping, a batch at a time: what source `table` and every partner's feed share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from peelian.domain.contracts import ParsedBatch, RawFile
from peelian.domain.errors import Misuse
from peelian.sources.csv.table import Chunk
from peelian.sources.notices import notice
from peelian.sources.table.kept import with_kept_fields
from peelian.sources.table.mapping import Mapping
from peelian.sources.table.reading import BATCHES, chunks_of
from peelian.sources.table.rows import Rules, batch_of
from peelian.sources.table.shape import shape_of

MakeBatch = Callable[[Chunk, Rules], ParsedBatch]
"""From a chunk under our own column names to rows of one kind of record."""


def parse_by(
    raw: RawFile, options: dict[str, Any], mapping: Mapping, make: MakeBatch = batch_of
) -> Iterator[ParsedBatch]:
    """Give a table's rows, each once, accepted or rejected with its reason.

    Raises:
        Refused: when it is no table we can read, or lacks a column the mapping names.
    """
    rules = Rules.of(mapping, options, raw.name)
    read = 0
    for chunk in chunks_of(raw, mapping):
        read += chunk.read
        batch = with_kept_fields(make(chunk, rules), chunk, mapping)
        # A batch of a feed is too small to be compared with those before it.
        yield batch if BATCHES in raw.options else replace(batch, shape=shape_of(chunk, mapping))
    for sentence in rules.tally.sentences(raw.name):
        notice(options, sentence)
    if not read:
        notice(options, f"{raw.name} has column names and no rows")


def check_feed(mapping: Mapping, feed: str) -> None:
    """Hold a mapping to the kind of feed it was written for.

    Raises:
        Misuse: it is of another kind.
    """
    if mapping.feed != feed:
        spoken, asked = mapping.feed.replace("_", "-"), feed.replace("_", "-")
        raise Misuse(
            f"the mapping is of the kind of feed {spoken}, and the command says {asked}",
            expected=f"`feed: {feed}` in the mapping",
            do=f"use: peelian ingest {spoken}, or correct the mapping",
        )
