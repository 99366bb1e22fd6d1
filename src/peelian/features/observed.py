"""Which periods were published: what was never published is missing, not zero."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import numpy as np
import numpy.typing as npt
import polars as pl


def _day(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    assert isinstance(value, date)
    return value


def observed_periods(
    coverage: pl.DataFrame, groups: Iterable[str], starts: Sequence[date], origin: date, as_of: datetime
) -> npt.NDArray[np.bool_]:
    """Say for each of the P periods whether every one of `groups` was published for all its days.

    `coverage` has `groups` (list of offence groups), `start` and `end` (days, half-open) and
    `available_at`; deliveries not yet available at `as_of` count for nothing. Several deliveries may cover
    one period between them.
    """
    bounds = [*starts, origin]
    out = np.ones(len(starts), bool)
    known = coverage.filter(pl.col("available_at") <= as_of)
    for group in groups:
        rows = known.filter(pl.col("groups").list.contains(group)).select("start", "end").rows()
        days = np.zeros((origin - bounds[0]).days, bool)
        for first, last in rows:
            low = max((_day(first) - bounds[0]).days, 0)
            high = (_day(last) - bounds[0]).days
            if high > low:
                days[low:high] = True
        gaps = np.concatenate([[0], np.cumsum(~days)])
        at = np.array([(day - bounds[0]).days for day in bounds])
        out &= gaps[at[1:]] == gaps[at[:-1]]
    return out
