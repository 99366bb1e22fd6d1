"""Outcomes files: what became of a crime, kept beside it and never counted as an event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from peelian.domain.contracts import ParsedBatch, RawFile
from peelian.domain.digest import digest_strings
from peelian.domain.event import OUTCOME_SCHEMA
from peelian.sources.csv.table import Chunk
from peelian.sources.notices import notice
from peelian.sources.police_uk import layout
from peelian.sources.police_uk.checks import common_tests
from peelian.sources.police_uk.month import Part, part_of
from peelian.sources.police_uk.reading import chunks_of
from peelian.sources.police_uk.street import CRS
from peelian.sources.reject import Test, split

ORDER: Final = (*OUTCOME_SCHEMA, "row", "has_id")

_TESTS: Final[list[Test]] = [
    (pl.col("Crime ID").is_null(), "there is no crime id, so the outcome belongs to no crime"),
    (pl.col("Outcome type").is_null(), "there is no outcome type"),
    (pl.col("Outcome type").str.len_bytes() > 100, "the outcome type is longer than any published one"),
]


def parse_outcomes(raw: RawFile, options: dict[str, Any]) -> Iterator[ParsedBatch]:
    """Give an outcomes file's rows, keyed by the crime they belong to."""
    part: Part | None = None
    for chunk in chunks_of(raw, layout.OUTCOME_COLUMNS):
        if part is None:
            part = part_of(raw, options, chunk.frame)
        yield _batch(chunk, part)
    if part is None:
        notice(options, f"{raw.name} has column names and no rows")


def _batch(chunk: Chunk, part: Part) -> ParsedBatch:
    names = part.names_taken(chunk.frame["Reported by"])
    good, rejects = split(chunk.frame, common_tests(part, names) + _TESTS)
    event_hi, event_lo = digest_strings([good["Crime ID"]], layout.ID_SALT)
    salt = f"police_uk/outcomes/{part.force}/{part.month}"
    hi, lo = digest_strings([good["Crime ID"], good["Outcome type"]], salt)
    rows = good.with_columns(
        key_hi=hi, key_lo=lo, content=hi, event_hi=event_hi, event_lo=event_lo,
        outcome=pl.col("Outcome type"), start=pl.lit(part.start), end=pl.lit(part.end),
        available_at=pl.lit(part.available_at), has_id=pl.lit(False),
    ).select(pl.col(c).cast(OUTCOME_SCHEMA[c]) if c in OUTCOME_SCHEMA else c for c in ORDER)  # fmt: skip
    return ParsedBatch(
        "outcomes", rows, pl.concat([chunk.rejects, rejects]).sort("row"), chunk.read,
        part.force, CRS, part.edition,
    )  # fmt: skip
