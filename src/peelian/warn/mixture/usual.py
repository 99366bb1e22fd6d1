"""What is usual: each place's share of the area's own reports, and how far counts stray from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.domain.series import Series
from peelian.domain.time import YEAR_PERIODS, Every
from peelian.warn.mixture.circles import Circles

Floats = npt.NDArray[np.float64]
WINDOWS: Final[dict[Every, tuple[int, ...]]] = {
    "week": (1, 2, 3, 4, 5, 6, 8), "month": (1, 2, 3), "day": (7, 14, 21, 28, 42, 56),
}  # fmt: skip
"""Periods up to the last that are looked at together."""
_YEARS: Final = 4
_LENT: Final = 0.1
"""Part of a place's share that is its neighbours' mean: without history is not without reports."""
_CHECKED: Final[dict[Every, int]] = {"week": 4, "month": 1, "day": 28}


@dataclass(frozen=True, eq=False)
class Usual:
    """Of A places: `share` of the area's total, `held` the reports it rests on; and the spread.

    `total` (P,) the area's reports by period; `seen` (P, A). `own` is the dispersion of one place and period,
    `common` that of whole circles over weeks, which neighbours share (drift, near repeats).
    """

    share: Floats
    held: Floats
    total: Floats
    seen: npt.NDArray[np.bool_]
    own: float
    common: float

    def window(self, wide: int) -> tuple[Floats, Floats]:
        """Give the mean expected (A,) of the last `wide` periods, and the sum of its squares by period."""
        level = self.total[-wide:, None] * self.seen[-wide:]
        return self.share * level.sum(axis=0), self.share**2 * (level**2).sum(axis=0)


def usual(series: Series, near: Circles) -> Usual | None:
    """Learn what is usual from the years before the longest window; None where there is too little.

    A share is of the area's own total of the period, so season and trend of the whole area cancel out.
    """
    longest = WINDOWS[series.every][-1]
    seen = np.asarray(series.observed, np.bool_)
    counts = np.where(seen, series.counts, 0.0)
    total = counts.sum(axis=1)
    stop = len(counts) - longest
    first = max(0, stop - _YEARS * YEAR_PERIODS[series.every])
    if stop - first < YEAR_PERIODS[series.every] // 2 or total[first:stop].sum() <= 0:
        return None
    past, level = counts[first:stop], total[first:stop, None] * seen[first:stop]
    held, exposure = past.sum(axis=0), level.sum(axis=0)
    raw = held / np.maximum(exposure, 1e-12)
    share = (1 - _LENT) * raw + _LENT * near.sums(raw) / near.sums(np.ones(len(raw)))
    share /= max(float(share.sum()), 1e-12)
    mean = share * level
    own = _dispersion(past, mean)
    return Usual(share, held, total, seen, own, _common(past, mean, own, near, _CHECKED[series.every]))


def _dispersion(counts: Floats, mean: Floats) -> float:
    """Fit by moments: the squared error beyond Poisson, over the squared mean."""
    excess = float(((counts - mean) ** 2 - mean).sum())
    return float(np.clip(excess / max(float((mean**2).sum()), 1e-12), 0.0, 3.0))


def _common(counts: Floats, mean: Floats, own: float, near: Circles, wide: int) -> float:
    """Fit by moments what circles of `near` stray over past windows, beyond what single places do."""
    blocks = len(counts) // wide
    shape = (blocks, wide, counts.shape[1])
    cut = slice(len(counts) - blocks * wide, None)
    found = near.sums(counts[cut].reshape(shape).sum(axis=1))
    told = near.sums(mean[cut].reshape(shape).sum(axis=1))
    single = own * near.sums((mean[cut] ** 2).reshape(shape).sum(axis=1))
    excess = float(((found - told) ** 2 - told - single).sum())
    return float(np.clip(excess / max(float((told**2).sum()), 1e-12), 0.0, 1.0))
