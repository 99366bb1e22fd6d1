"""Which periods were published: what was never published is missing, not zero."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from peelian.domain.time import LONDON, london_midnight


def _day(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    assert isinstance(value, date)
    return value


def observed_periods(
    coverage: pl.DataFrame,
    groups: Iterable[str],
    starts: Sequence[date],
    origin: date,
    as_of: datetime,
    opens: Callable[[date], datetime] = london_midnight,
) -> npt.NDArray[np.bool_]:
    """Say for each of the P periods whether every one of `groups` was published for all its days.

    `coverage` has `groups` (list of offence groups), `start` and `end` (days, half-open) and `available_at`,
    and perhaps `source` and `force`; deliveries not yet available at `as_of` count for nothing. Several
    deliveries may cover one period between them. Where several feeds report a group, each that has begun
    must have published: the sum without one of them would pass for fewer events. Where days do not begin
    at London's midnight (`opens`), all the London days that a period touches must be published.
    """
    bounds = [*starts, origin]
    if opens is not london_midnight:
        return _touched(coverage, groups, bounds, as_of, opens)
    out = np.ones(len(starts), bool)
    known = coverage.filter(pl.col("available_at") <= as_of)
    feeds = [name for name in ("source", "force") if name in known.columns]
    at = np.array([(day - bounds[0]).days for day in bounds])
    for group in groups:
        rows = known.filter(pl.col("groups").list.contains(group))
        parts = rows.partition_by(feeds) if feeds and len(rows) else [rows]
        spoken = np.zeros((origin - bounds[0]).days, bool)
        missed = np.zeros(len(spoken), bool)
        for part in parts:
            days = _days_held(part, bounds[0], len(spoken))
            spoken |= days
            missed[_begins(part, bounds[0]) :] |= ~days[_begins(part, bounds[0]) :]
        gaps = np.concatenate([[0], np.cumsum(missed | ~spoken)])
        out &= gaps[at[1:]] == gaps[at[:-1]]
    return out


def _touched(
    coverage: pl.DataFrame,
    groups: Iterable[str],
    bounds: Sequence[date],
    as_of: datetime,
    opens: Callable[[date], datetime],
) -> npt.NDArray[np.bool_]:
    edges = [opens(day) for day in bounds]
    first = [edge.astimezone(LONDON).date() for edge in edges[:-1]]
    last = [(edge - timedelta(microseconds=1)).astimezone(LONDON).date() for edge in edges[1:]]
    days = [first[0] + timedelta(days=k) for k in range((last[-1] - first[0]).days + 1)]
    held = observed_periods(coverage, groups, days, days[-1] + timedelta(days=1), as_of)
    at = [((a - days[0]).days, (b - days[0]).days + 1) for a, b in zip(first, last, strict=True)]
    return np.array([held[a:b].all() for a, b in at], np.bool_)


def _days_held(part: pl.DataFrame, first: date, length: int) -> npt.NDArray[np.bool_]:
    days = np.zeros(length, bool)
    for start, end in part.select("start", "end").rows():
        low, high = max((_day(start) - first).days, 0), (_day(end) - first).days
        if high > low:
            days[low:high] = True
    return days


def _begins(part: pl.DataFrame, first: date) -> int:
    """Give the day of a feed's first delivery, counted from `first`."""
    begun = part["start"].min()
    return 0 if begun is None else max((_day(begun) - first).days, 0)
