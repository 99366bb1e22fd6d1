"""Any CSV or Parquet file, read by a mapping file of a few lines (docs/sources/table.md)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from peelian.domain.contracts import ParsedBatch, RawFile, SourceSpec
from peelian.sources.table.landing import land
from peelian.sources.table.load import load_mapping
from peelian.sources.table.parsing import check_feed, parse_by

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
    check_feed(mapping, SPEC.id)
    yield from parse_by(raw, options, mapping)
