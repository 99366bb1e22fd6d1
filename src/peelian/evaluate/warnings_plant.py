"""Bursts as the issue asks for them, planted where a given number of reports is expected without them."""

from __future__ import annotations

from typing import Final

import numpy as np

from peelian.evaluate.warnings_world import Burst, Floats, Recipe, centres, rates

BANDS: Final[tuple[tuple[float, float], ...]] = ((0.0, 5.0), (5.0, 15.0), (15.0, np.inf))
BAND_WORDS: Final = ("under 5", "5 to 15", "over 15")
FACTOR: Final = (2.0, 5.0)
WEEKS: Final = (3, 8)
RADIUS_M: Final = (300.0, 600.0)
LEAST: Final = 0.5
"""Bursts where fewer reports are expected than this could hardly be seen by anyone, and are not planted."""
APART_M: Final = 4000.0
_TRIES: Final = 4000


def plant(recipe: Recipe, seed: int, first: int, many: int, only: int | None = None) -> tuple[Burst, ...]:
    """Draw `many` bursts that begin near week `first`, far from one another; bands take turns, or `only` one.

    Factor uniform in 2 to 5, length 3 to 8 weeks, radius 300 to 600 m, centres anywhere a band allows.
    """
    rng = np.random.default_rng([seed, 11])
    mean = rates(recipe, np.random.default_rng([seed, 1]))
    out: list[Burst] = []
    for k in range(many):
        band = BANDS[(seed + k) % len(BANDS) if only is None else only]
        for _ in range(_TRIES):
            one = _any(recipe, mean, rng, first)
            far = all(np.hypot(one.easting - b.easting, one.northing - b.northing) > APART_M for b in out)
            if far and max(band[0], LEAST) <= one.expected < band[1]:
                out.append(one)
                break
    return tuple(out)


def _any(recipe: Recipe, mean: Floats, rng: np.random.Generator, first: int) -> Burst:
    east, north = centres(recipe.side)
    low, high = east.min() + RADIUS_M[1], east.max() - RADIUS_M[1]
    x, y = rng.uniform(low, high, 2)
    start = first + int(rng.integers(0, 2))
    end = start + int(rng.integers(WEEKS[0], WEEKS[1] + 1))
    burst = Burst(x, y, float(rng.uniform(*RADIUS_M)), start, end, float(rng.uniform(*FACTOR)))
    inside = burst.covers(east, north)
    expected = float(mean[start:end, inside].sum())
    return Burst(x, y, burst.radius_m, start, end, burst.factor, expected)


def band_of(expected: float) -> int:
    """Give the index of the band that holds an expected number."""
    return next(k for k, (low, high) in enumerate(BANDS) if low <= expected < high)
