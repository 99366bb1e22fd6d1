"""Exact binomial test of false alarms over null worlds, against being too many."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy import stats


def too_many(chances: Iterable[np.ndarray], level: float) -> tuple[float, float]:
    """Give the rate of chances at or below `level`, and the exact binomial chance of so many or more."""
    p = np.concatenate(list(chances))
    p = p[np.isfinite(p)]
    hits = int((p <= level).sum())
    return hits / p.size, float(stats.binom.sf(hits - 1, p.size, level))
