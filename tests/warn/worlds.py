"""Small drawn worlds for the detectors: seasons, trends, uneven places, and bursts where asked."""

from __future__ import annotations

from datetime import date

import numpy as np

from peelian.domain.series import Series
from peelian.domain.time import YEAR_PERIODS, Every, period_starts, step


def world(
    seed: int, *, periods: int = 261, places: int = 200, mean: float = 2.0, overdispersion: float = 1.0,
    every: Every = "week", uneven: float = 0.5, burst: tuple[int, int, float] | None = None,
) -> Series:  # fmt: skip
    """Draw counts: a shared season and trend, each place's own trend, and `burst` (place, periods, times)."""
    rng = np.random.default_rng([516, seed])
    years = (np.arange(periods) - periods + 1.0)[:, None] / YEAR_PERIODS[every]
    season = 0.3 * np.sin(2 * np.pi * years + rng.uniform(0, 6.3))
    trend = (rng.normal(0, 0.05) + rng.normal(0, 0.06, places)) * years
    rate = mean * np.exp(season + trend + rng.normal(0, uneven, places))
    if burst:
        place, length, times = burst
        rate[-length:, place] *= times
    if overdispersion == 1:
        counts = rng.poisson(rate)
    else:
        counts = rng.negative_binomial(rate / (overdispersion - 1), 1 / overdispersion)
    return series(counts.astype(float), every)


def series(counts: np.ndarray, every: Every = "week", observed: np.ndarray | None = None) -> Series:
    first = date(2017, 1, 2) if every == "week" else date(2017, 1, 1)
    starts = period_starts(first, len(counts), every)
    n = counts.shape[1]
    seen = np.ones(counts.shape, bool) if observed is None else observed
    return Series(
        "asb", every, "lsoa", tuple(starts), step(starts[-1], every, 1), tuple(f"E{a:03d}" for a in range(n)),
        np.arange(n) * 500.0, np.zeros(n), counts, seen,
    )  # fmt: skip
