"""One voice for one thing: where two feeds of a force report the same records, the fuller one counts."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import polars as pl

YIELDS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("police_uk", ("police_crime", "police_incidents")),
    ("cdr_2007", ("police_crime", "police_incidents", "ambulance", "emergency_department", "fire",
                  "council_asb", "police_uk")),
)  # fmt: skip
"""A feed that republishes others' records, and the feeds it falls silent for, group by group."""


def one_voice(
    events: pl.DataFrame, coverage: pl.DataFrame, as_of: datetime
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Leave out what is known at `as_of` from a fuller feed of the same force and group.

    `events` and `coverage` have the ledger's and the store's columns.
    A fuller feed speaks for a group of a force from the first delivery of it that was available at `as_of`;
    what becomes known later changes nothing. Without a `source` or `force` column nothing is left out.
    """
    if not {"source", "force", "available_at"} <= set(coverage.columns) or "source" not in events.columns:
        return events, coverage
    known = coverage.filter(pl.col("available_at") <= as_of)
    spoken = {
        (str(source), str(force), str(group))
        for source, force, groups in known.select("source", "force", "groups").iter_rows()
        for group in groups
    }
    for quiet, fuller in YIELDS:
        over = {(force, group) for source, force, group in spoken if source in fuller}
        mine = sorted(over & {(force, group) for source, force, group in spoken if source == quiet})
        for force, group in mine:
            events = events.filter(
                ~((pl.col("source") == quiet) & (pl.col("force") == force) & (pl.col("group") == group))
            )
            kept = pl.col("groups").list.eval(pl.element().filter(pl.element() != group))
            ours = (pl.col("source") == quiet) & (pl.col("force") == force)
            coverage = coverage.with_columns(pl.when(ours).then(kept).otherwise("groups").alias("groups"))
    return events, coverage
