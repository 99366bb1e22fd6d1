"""What a file of a feed looks like: counts and shares only, no value of a row."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

import polars as pl

from peelian.domain.contracts import ParsedBatch

_LONDON: Final = "Europe/London"
_SQUARE_M: Final = 10_000


class ProfileMaker:
    """Gathers a file's profile, batch by batch: rows, days, groups, hours, places, sizes."""

    def __init__(self) -> None:
        self._sums: Counter[str] = Counter()
        self._by: dict[str, Counter[str]] = {
            name: Counter() for name in ("groups", "hours", "days", "dates", "squares")
        }

    def add(self, batch: ParsedBatch) -> None:
        """Take a batch in."""
        self._sums["read"] += batch.read
        self._sums["aside"] += batch.rejects.height
        rows = batch.rows
        if rows.is_empty() or "start" not in rows.columns:
            return
        self._sums["rows"] += rows.height
        if "retracted" in rows.columns:
            rows = rows.filter(~pl.col("retracted"))
        local = pl.col("start").dt.convert_time_zone(_LONDON)
        short = (pl.col("end") - pl.col("start")).dt.total_minutes() < 720
        self._count("dates", rows.select(local.dt.date().cast(pl.String)))
        self._count("days", rows.select(local.dt.day().cast(pl.String)))
        self._count("hours", rows.filter(short).select(local.dt.hour().cast(pl.String)))
        if "group" in rows.columns:
            self._count("groups", rows.select(pl.col("group").cast(pl.String)))
        if "easting" in rows.columns:
            placed = rows.filter(pl.col("easting").is_not_null())
            self._sums["placed"] += placed.height
            east, north = ((pl.col(c) // _SQUARE_M).cast(pl.Int64) for c in ("easting", "northing"))
            self._count("squares", placed.select(pl.format("{} {}", east, north)))
        for name in ("n", "severity", "count"):
            if name in rows.columns:
                self._sums[f"{name} rows"] += rows.height - rows[name].null_count()
                self._sums[f"{name} sum"] += float(rows[name].cast(pl.Float64).sum())  # type: ignore[assignment]

    def profile(self) -> dict[str, Any]:
        """Give the profile as plain data."""
        dates = self._by["dates"]
        names = ("groups", "hours", "days", "squares")
        parts: dict[str, Any] = {name: dict(self._by[name]) for name in names}
        span = sorted(dates)
        return parts | dict(self._sums) | {
            "dates": len(dates), "first": span[0] if span else None, "last": span[-1] if span else None,
        }  # fmt: skip

    def _count(self, name: str, values: pl.DataFrame) -> None:
        self._by[name].update(dict(values.to_series().drop_nulls().value_counts().iter_rows()))
