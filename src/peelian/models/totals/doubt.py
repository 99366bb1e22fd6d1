"""How far off the area's total may be: the dispersion of its own past errors, window by window."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy import optimize

from peelian.domain.grid import Floats
from peelian.domain.negative_binomial import log_pmf
from peelian.models.total import Level, Totals, past_windows, windows_apart

_THOUGHT: Final = (np.log(0.06**2), 1.0)
"""Before any error is seen: a rate about 6 % off, within a factor of e in its square."""
_BOUNDS: Final = (np.log(1e-6), np.log(4.0))


def total_doubt(totals: Totals, level: Level, *, gap: int, horizon: int, window: int) -> Floats:
    """Give the dispersion of each of `horizon` windows' totals, (H,), by maximum posterior.

    Each is fitted on the windows of the past at the same lead, counted as the number that do not overlap;
    a window further ahead is never surer than a nearer one.
    """
    out = np.empty(horizon)
    for h in range(horizon):
        usable = past_windows(totals, gap=gap + h, window=window)
        told = [totals.ahead(level, t - gap - h, t, window) for t in usable]
        mean = np.array([base * factor.sum() for base, factor in told])
        count = np.array([totals.actual(t, window) for t in usable])
        out[h] = spread(count, mean, windows_apart(usable, window + gap + h))
    return np.maximum.accumulate(out)


def spread(count: Floats, mean: Floats, apart: float) -> float:
    """Fit one dispersion to counts and their means, worth `apart` independent ones, with a weak prior.

    >>> spread(np.array([100.0] * 50), np.array([100.0] * 50), 50.0) < 0.002
    True
    """
    weight = apart / max(len(count), 1)

    def loss(log: float) -> float:
        fit = float(log_pmf(count, mean, np.full(len(count), np.exp(log))).sum())
        return -weight * fit + 0.5 * float((log - _THOUGHT[0]) / _THOUGHT[1]) ** 2

    found = optimize.minimize_scalar(loss, bounds=_BOUNDS, method="bounded")
    return float(np.exp(found.x))
