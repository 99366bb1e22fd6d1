"""What a file of a feed looks like: counts and shares only, no value of a row."""

from __future__ import annotations

from collections import Counter
from datetime import date
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
        self._columns: list[str] = []
        self._forms: dict[str, Counter[str]] = {}
        self._codes: dict[str, dict[str, Any]] = {}

    def add(self, batch: ParsedBatch) -> None:
        """Take a batch in."""
        self._sums["read"] += batch.read
        self._sums["aside"] += batch.rejects.height
        if batch.shape is not None:
            self._add_shape(batch.shape)
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
        if "available_at" in rows.columns:
            self._sums["late"] += int((rows["available_at"] <= rows["end"]).sum())
        for name in ("n", "severity", "count", "weight"):
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
            "turned_span": _turned_span(span), "columns": self._columns, "codes": self._codes,
            "forms": {name: dict(forms) for name, forms in self._forms.items()},
        }  # fmt: skip

    def _add_shape(self, shape: dict[str, Any]) -> None:
        self._columns = self._columns or list(shape["columns"])
        for name, forms in shape["forms"].items():
            self._forms.setdefault(name, Counter()).update(forms)
        for name, codes in shape["codes"].items():
            held = self._codes.setdefault(name, {"rows": 0, "default": 0, "seen": {}, "near": []})
            held["rows"] += codes["rows"]
            held["default"] += codes["default"]
            held["seen"] = dict(Counter(held["seen"]) + Counter(codes["seen"]))
            held["near"] = sorted({*held["near"], *codes["near"]})

    def _count(self, name: str, values: pl.DataFrame) -> None:
        self._by[name].update(dict(values.to_series().drop_nulls().value_counts().iter_rows()))


def _turned_span(dates: list[str]) -> int | None:
    """Give the days from first to last were day and month exchanged; None where they cannot be."""
    parts = [tuple(map(int, one.split("-"))) for one in dates]
    if not parts or any(day > 12 for _, _, day in parts):
        return None
    turned = [date(year, day, month) for year, month, day in parts]
    return (max(turned) - min(turned)).days + 1
