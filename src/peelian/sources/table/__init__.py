"""Any CSV or Parquet file, read by a mapping file of a few lines (docs/sources/table.md)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from peelian.domain.contracts import ParsedBatch, RawFile, SourceSpec
from peelian.sources.notices import notice
from peelian.sources.table.landing import land
from peelian.sources.table.load import load_mapping
from peelian.sources.table.reading import chunks_of
from peelian.sources.table.rows import Rules, batch_of

__all__ = ["SPEC", "land", "parse"]

SPEC: Final = SourceSpec(
    id="table",
    title="any CSV or Parquet file with a mapping",
    controller="as the mapping says",
    licence="as the mapping says",
    cadence="as delivered",
    caveats=(
        "what the mapping does not name is not read",
        "without a column for when a row was received, it counts as known from the end of its interval",
        "a delivery never retracts: a row that is absent later stays",
    ),
    needs_mapping=True,
)


def parse(raw: RawFile, options: dict[str, Any]) -> Iterator[ParsedBatch]:
    """Give a table's rows as events, each once, accepted or rejected with its reason.

    Raises:
        Misuse: for a wrong mapping.
        Refused: when it is neither CSV nor Parquet, or lacks a column the mapping names.
    """
    mapping, _ = load_mapping(options["mapping"])
    rules = Rules.of(mapping, options, raw.name)
    read = 0
    for chunk in chunks_of(raw, mapping):
        read += chunk.read
        yield batch_of(chunk, rules)
    if not read:
        notice(options, f"{raw.name} has column names and no rows")
