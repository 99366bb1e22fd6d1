"""Diebold–Mariano test of equal skill, with its small-sample correction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class DieboldMariano:
    """`statistic` is positive where the forecaster beats the rival; `p` is two-sided; `lags` of the variance.

    `why_not` says why there is no test; the figures are then NaN.
    """

    statistic: float
    p: float
    lags: int
    why_not: str = ""


def diebold_mariano(gain: Floats, overlap: int) -> DieboldMariano:
    """Test whether the mean of `gain` (O,), score gained at each origin in order, is zero.

    Diebold and Mariano (1995) with Bartlett weights (Newey and West, 1987), so that the variance is never
    below zero, over at least `overlap` - 1 lags and the cube root of the number of origins; corrected and
    held against Student's t as Harvey, Leybourne and Newbold (1997) say, with h = lags + 1.
    """
    n = len(gain)
    lags = min(max(overlap - 1, round(n ** (1 / 3))), n - 1)
    off = gain - gain.mean()
    spread = float(off @ off) / n
    for k in range(1, lags + 1):
        spread += 2.0 * (1.0 - k / (lags + 1)) * float(off[k:] @ off[:-k]) / n
    if not spread > 1e-18:
        return DieboldMariano(float("nan"), float("nan"), lags, "the two never differ")
    h = lags + 1
    correction = max((n + 1 - 2 * h + h * (h - 1) / n) / n, 1e-12) ** 0.5
    statistic = float(gain.mean()) / (spread / n) ** 0.5 * correction
    return DieboldMariano(statistic, float(2 * stats.t.sf(abs(statistic), n - 1)), lags)
