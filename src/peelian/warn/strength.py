"""How strong a rise is over some places and weeks, with repeats at one point and without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.domain.series import Floats, Series
from peelian.domain.time import YEAR_PERIODS
from peelian.domain.warning import Counted, Signal

MAINLY: Final = 0.5
"""A rise is mainly of repeats when they are at least half of what is above the expected number."""
LEAST_EXPECTED: Final = 0.1
"""Strength is over at least this: a first report in an empty place is no endless rise."""
_SHOWN: Final = 26
_FEWEST_REPEATS: Final = 3.0  # two reports at one point are often chance
_METRE: Final = 1.0  # reports within a metre are at one point


@dataclass(frozen=True)
class Strength:
    """Reports and what was expected; `distinct` and its expected number count repeats at one point once.

    `one_point` is the share of the excess that came from the one point with most of it; None: not known.
    """

    observed: float
    expected: float
    distinct: float | None
    distinct_expected: float
    one_point: float | None

    @property
    def ratio(self) -> float:
        """Give observed over expected."""
        return self.observed / max(self.expected, LEAST_EXPECTED)

    @property
    def ratio_distinct(self) -> float | None:
        """Give the same with repeats counted once, None where points are not known."""
        if self.distinct is None:
            return None
        return self.distinct / max(self.distinct_expected, LEAST_EXPECTED)

    @property
    def repeats(self) -> bool:
        """Say whether half of the excess is at one point, or gone when repeats are counted once."""
        excess = self.observed - self.expected
        if excess <= 0:
            return False
        if self.one_point is not None and self.one_point >= MAINLY:
            return True
        if self.distinct is None:
            return False
        usual = self.distinct_expected / max(self.expected, 1e-12)
        return self.distinct - self.distinct_expected < (1 - MAINLY) * usual * excess


def strength_of(series: Series, signal: Signal, places: Sequence[str], start: date) -> Strength:
    """Count some places since `start`, beside what the signal expected, scaled to those places and weeks.

    The scale is each place's mean of the year before, times the whole area's count of each period.
    """
    at = places_at(series, places)
    first = period_at(series, start)
    if set(places) == set(signal.places) and start == signal.start:
        observed, expected = signal.observed, signal.expected
    else:
        base = _base(series, min(first, period_at(series, signal.start)))
        own = base[period_at(series, signal.start) :, places_at(series, signal.places)].sum()
        observed = float(_held(series)[first:, at].sum())
        expected = signal.expected * float(base[first:, at].sum()) / max(float(own), 1e-12)
    distinct, usual = _distinct(series, at, first)
    return Strength(observed, expected, distinct, expected * usual, one_point(series, at, first, expected))


def places_at(series: Series, places: Sequence[str]) -> npt.NDArray[np.int64]:
    """Give the indices of places by code; unknown codes are left out."""
    index = {code: k for k, code in enumerate(series.places)}
    return np.array([index[c] for c in places if c in index], np.int64)


def period_at(series: Series, start: date) -> int:
    """Give the index of the period that holds a day, the first at the least."""
    starts = np.array(series.starts, "datetime64[D]")
    return max(0, int(np.searchsorted(starts, np.datetime64(start), "right")) - 1)


def one_point(series: Series, at: npt.NDArray[np.int64], first: int, expected: float) -> float | None:
    """Give the share of the excess that lies at the one point with most above its own usual number.

    A point's usual number is its share of the places' reports before, of what was expected.
    """
    points = series.points
    if points is None or not len(points.day):
        return None
    days = (series.end - series.starts[first]).days
    inside = np.isin(points.place, at)
    now = inside & (points.day < days)
    excess = float(points.weight[now].sum()) - expected
    if excess <= 0:
        return None
    spot = np.column_stack([np.rint(points.easting / _METRE), np.rint(points.northing / _METRE)])[inside]
    _, which = np.unique(spot, axis=0, return_inverse=True)
    recent, weight = now[inside], points.weight[inside]
    many = int(which.max()) + 1
    here = np.bincount(which[recent], weight[recent], many)
    before = np.bincount(which[~recent], weight[~recent], many)
    usual = expected * before / max(float(before.sum()), 1.0)
    above = np.where(here >= _FEWEST_REPEATS, here - usual, 0.0)
    return float(np.clip(above.max() / excess, 0.0, 1.0))


def last_counts(series: Series, places: Sequence[str]) -> tuple[Counted, ...]:
    """Give the last half year of some places together, oldest first; None where one was not observed."""
    at = places_at(series, places)
    out = []
    for k in range(max(0, len(series.starts) - _SHOWN), len(series.starts)):
        seen = len(at) > 0 and bool(series.observed[k, at].all())
        last = k == len(series.starts) - 1 and series.expected is not None
        mean = float(series.expected.mean[at].sum()) if last and series.expected is not None else np.nan
        out.append(
            Counted(series.starts[k], float(series.counts[k, at].sum()) if seen else None,
                    mean if np.isfinite(mean) else None)
        )  # fmt: skip
    return tuple(out)


def _held(series: Series) -> Floats:
    return np.where(series.observed, series.counts, 0.0)


def _base(series: Series, first: int) -> Floats:
    counts = _held(series)
    year = counts[max(0, first - YEAR_PERIODS[series.every]) : first]
    share = (year.sum(axis=0) + 0.5) if len(year) else np.ones(counts.shape[1])
    total = counts.sum(axis=1)
    return np.asarray(total[:, None] * (share / share.sum())[None, :], np.float64)


def _distinct(series: Series, at: npt.NDArray[np.int64], first: int) -> tuple[float | None, float]:
    """Give the reports with repeats counted once, and the usual share of reports that is left then."""
    if series.distinct is None:
        return None, 1.0
    before = slice(max(0, first - YEAR_PERIODS[series.every]), first)
    # Two more reports, neither a repeat, so that an empty history says "none are repeats".
    left = float(series.distinct[before][:, at].sum()) + 2.0
    usual = left / (float(_held(series)[before][:, at].sum()) + 2.0)
    return float(series.distinct[first:, at].sum()), min(usual, 1.0)
