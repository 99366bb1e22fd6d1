"""Which agencies saw each incident: counts by pattern, and not known where a feed was silent."""

from __future__ import annotations

from typing import Final

import polars as pl

from peelian.link.reports import ROLE_OF

PATTERNS: Final = {
    ("police",): "police only", ("ambulance",): "ambulance only", ("hospital",): "hospital only",
    ("ambulance", "police"): "police and ambulance", ("hospital", "police"): "police and hospital",
    ("ambulance", "hospital"): "ambulance and hospital",
    ("ambulance", "hospital", "police"): "all three",
}  # fmt: skip
SMALL: Final = 5


def seen_by(reports: pl.DataFrame, incidents: pl.DataFrame) -> pl.DataFrame:
    """Give one row an incident: `incident`, `start` (the earliest), `lsoa` (of the finest place), `pattern`.

    `reports` needs report, group, start, precision_m, lsoa; those of no incident in `incidents` (report,
    incident) are incidents of their own.
    """
    role = pl.col("group").cast(pl.String).replace_strict(ROLE_OF, default=None, return_dtype=pl.String)
    rows = reports.with_columns(role=role).filter(pl.col("role").is_not_null())
    rows = rows.join(incidents.select("report", "incident"), on="report", how="left").with_columns(
        incident=pl.coalesce("incident", "report")
    )
    name = {",".join(roles): words for roles, words in PATTERNS.items()}
    return (
        rows.sort(pl.col("precision_m").fill_null(float("inf")), "start", "report")
        .group_by("incident", maintain_order=True)
        .agg(
            start=pl.col("start").min(), lsoa=pl.col("lsoa").drop_nulls().first(),
            pattern=pl.col("role").unique().sort().str.join(","),
        )
        .with_columns(pl.col("pattern").replace_strict(name, return_dtype=pl.String))
        .sort("incident")
    )  # fmt: skip


def shown(count: int | None) -> str:
    """Give a count as it may be shown: small ones are withheld, and no feed is no count.

    >>> shown(12), shown(3), shown(0), shown(None)
    ('12', 'under 5', '0', 'not known')
    """
    if count is None:
        return "not known"
    return f"under {SMALL}" if 0 < count < SMALL else f"{count:,}"
