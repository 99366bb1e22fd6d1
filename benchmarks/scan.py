"""Time, memory and null rate of the space-time scan and near-repeat bursts on force-sized drawn worlds.

Run: python benchmarks/scan.py [null worlds]. Nothing is read; every number printed is drawn from seeds.
"""

from __future__ import annotations

import resource
import sys
import time
from datetime import date

import numpy as np

from peelian.domain.series import Points, Series
from peelian.domain.time import period_starts, step
from peelian.warn import near_repeat, scan


def drawn(side: int, weeks: int, mean: float, own: float, seed: int) -> Series:
    """Draw squares of 250 m with uneven means and negative binomial weeks."""
    rng = np.random.default_rng([8, seed])
    many = side * side
    rate = mean * rng.gamma(0.5, 2.0, many)
    counts = rng.poisson(rate * rng.gamma(1 / own, own, (weeks, many))).astype(float)
    east, north = np.meshgrid(np.arange(side) * 250.0, np.arange(side) * 250.0)
    starts = period_starts(date(2018, 1, 1), weeks, "week")
    return Series(
        "asb", "week", "cell", tuple(starts), step(starts[-1], "week", 1),
        tuple(f"c{a}" for a in range(many)), east.ravel(), north.ravel(), counts, np.ones(counts.shape, bool),
        points=_points(counts, east.ravel(), north.ravel(), rng),
    )  # fmt: skip


def _points(counts: np.ndarray, east: np.ndarray, north: np.ndarray, rng: np.random.Generator) -> Points:
    week, place = np.nonzero(counts[-52:])
    times = counts[-52:][week, place].astype(int)
    week, place = np.repeat(week, times), np.repeat(place, times)
    day = (min(52, len(counts)) - 1 - week) * 7 + rng.integers(7, size=len(week))
    x, y = (v[place] + rng.uniform(-125, 125, len(place)) for v in (east, north))
    return Points(x, y, day, place, np.ones(len(place)))


def main() -> None:
    """Print seconds and peak memory for about 8,000 squares and 260 weeks, then rates in null worlds."""
    scan.detect(drawn(6, 60, 1.0, 0.5, 0), seed=0)  # compiles
    series = drawn(90, 260, 0.06, 0.5, 1)
    print(f"{len(series.places):,} places, 260 weeks, {series.counts.sum():,.0f} reports")
    for module in (scan, near_repeat):
        begun = time.perf_counter()
        found = module.detect(series, seed=1)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        least = min((one.p for one in found.signals), default=1.0)
        print(
            f"{module.SPEC.id}: {time.perf_counter() - begun:.1f} s, peak {peak:,.0f} MB, least p {least:.3f}"
        )
    worlds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    for own in (0.1, 1.0):
        least_p = []
        for seed in range(worlds):
            signals = scan.detect(drawn(8, 80, 1.0, own, seed), seed=seed).signals
            least_p.append(min((one.p for one in signals), default=1.0))
        shares = [float(np.mean(np.array(least_p) <= level)) for level in (0.2, 0.05, 0.01)]
        print(f"{worlds} null worlds, dispersion {own}: at 0.2, 0.05, 0.01 -> {shares}")


if __name__ == "__main__":
    main()
