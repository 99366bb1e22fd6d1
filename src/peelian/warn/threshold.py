"""The plain threshold rule: the last four periods against the year before. A rival, never a warning."""

from __future__ import annotations

from typing import Final

import numpy as np

from peelian.domain.series import Floats, Series
from peelian.domain.time import YEAR_PERIODS
from peelian.domain.warning import DetectorSpec, Found, Signal
from peelian.domain.warning_words import day

SPEC: Final = DetectorSpec(
    "threshold", "Plain threshold", "1", "common practice; no paper", 12,
    "last four weeks' reports far above their mean of the last year, in standard deviations",
)  # fmt: skip
RECENT: Final = {"month": 1, "week": 4, "day": 28}
"""Periods that are summed and compared."""
_SIGNAL_BELOW: Final = 0.05


def detect(series: Series, *, seed: int) -> Found:
    """Judge each place by how many standard deviations its recent sum lies above the year before.

    `p` (A,) is the normal tail of that number; NaN where a recent period is missing or the history is short.
    The deviation is at least the root of the mean and one half, or a first report anywhere would be endless.
    """
    z, recent, mean = scores(series)
    if not np.isfinite(z).any():
        return Found(np.full(len(series.places), np.nan), unable="too few periods to compare with")
    from scipy import stats  # late: scipy costs a second

    p = np.asarray(stats.norm.sf(z), np.float64)
    chosen = np.flatnonzero(p < _SIGNAL_BELOW)
    return Found(p, tuple(_signal(series, a, p[a], recent[a], mean[a]) for a in chosen.tolist()))


def scores(series: Series) -> tuple[Floats, Floats, Floats]:
    """Give for each place (A,) the standardised excess, the recent sum and the mean sum before it."""
    width = RECENT[series.every]
    year, places = YEAR_PERIODS[series.every], len(series.places)
    nothing = np.full(places, np.nan)
    blocks = min(len(series.starts), year + width) // width - 1
    if blocks < 3:
        return nothing, nothing, nothing
    tail = np.where(series.observed, series.counts, np.nan)[-(blocks + 1) * width :]
    sums = tail.reshape(blocks + 1, width, places).sum(axis=1)
    past, recent = sums[:-1], sums[-1]
    known = np.isfinite(past)
    n = known.sum(axis=0)
    enough = n >= 3
    held = np.where(known, past, 0.0)
    mean = np.where(enough, held.sum(axis=0) / np.maximum(n, 1), np.nan)
    spread = np.where(known, past - mean, 0.0)
    deviation = np.sqrt((spread**2).sum(axis=0) / np.maximum(n - 1, 1))
    floor = np.maximum(np.sqrt(np.where(enough, mean, 0.0)), 0.5)
    z: Floats = (recent - mean) / np.maximum(deviation, floor)
    return z, recent, mean


def _signal(series: Series, a: int, p: float, recent: float, mean: float) -> Signal:
    width = RECENT[series.every]
    start = series.starts[-width]
    distinct = None if series.distinct is None else float(series.distinct[-width:, a].sum())
    why = f"{recent:.0f} reports since {day(start)}; {mean:.1f} is usual of the year before"
    return Signal(
        SPEC.id, series.target, series.support, (series.places[a],), start, series.end, float(recent),
        float(mean), float(p), float(series.easting[a]), float(series.northing[a]), 0.0,
        distinct=distinct, why=why,
    )  # fmt: skip
