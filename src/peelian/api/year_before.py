"""What was recorded in the same window a year before, and which differences are more than usual variation."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from peelian.domain.grid import Cells, Floats
from peelian.domain.time import step

_YEAR = timedelta(weeks=52)


def shifted(day: date, every: str) -> date:
    """Give the same day a year before: twelve months back by month, else 52 weeks, so that weekdays agree.

    >>> shifted(date(2026, 11, 2), "week"), shifted(date(2026, 11, 1), "month")
    (datetime.date(2025, 11, 3), datetime.date(2025, 11, 1))
    """
    return step(day, "month", -12) if every == "month" else day - _YEAR


def recorded_before(
    folder: Path, cells: Cells, starts: tuple[date, ...], ends: tuple[date, ...], every: str
) -> Floats:
    """Give the number recorded in each window's days a year before, (H, C).

    A window with a period not held a year before is NaN throughout, and so are shifts: their history is by
    day.
    """
    out = np.full((len(starts), len(cells)), np.nan)
    paths = folder / "history.parquet", folder / "coverage.parquet"
    if isinstance(starts[0], datetime) or not all(path.is_file() for path in paths):
        return out
    history, coverage = (pl.read_parquet(path) for path in paths)
    history = history.filter(pl.col("cell").is_in(cells.tolist()))
    for k, (start, end) in enumerate(zip(starts, ends, strict=True)):
        first, last = shifted(start, every), shifted(end, every)
        told = coverage.filter(pl.col("period_start").is_between(first, last, closed="left"))
        if told.is_empty() or not told["observed"].all() or not _whole(coverage, first, last):
            continue
        rows = history.filter(pl.col("period_start").is_between(first, last, closed="left"))
        sums = rows.group_by("cell").agg(pl.col("count").cast(pl.Float64).sum())
        out[k] = 0.0
        out[k, np.searchsorted(cells, sums["cell"].to_numpy())] = sums["count"].to_numpy()
    return out


def _whole(coverage: pl.DataFrame, first: date, last: date) -> bool:
    """Tell whether the days asked for begin and end where the history's own periods do."""
    starts = set(coverage["period_start"].to_list())
    return first in starts and last in starts


def beyond(mean: Floats, low: Floats, high: Floats, before: Floats) -> Floats:
    """Give expected less recorded a year before; 0 where that count lies in the forecast's likely range.

    >>> low, high = np.array([1.0, 1.0]), np.array([8.0, 8.0])
    >>> beyond(np.array([4.0, 4.0]), low, high, np.array([7.0, 11.0])).tolist()
    [0.0, -7.0]
    """
    usual = (before >= low) & (before <= high)
    return np.where(np.isfinite(before) & np.isfinite(mean), np.where(usual, 0.0, mean - before), np.nan)
