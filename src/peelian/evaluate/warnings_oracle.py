"""The likelihood-ratio test that knows a burst's shape, size and start, and every rate: nobody can do better.

It does not know where the burst is: it tries every square as the centre, as any monitor must. The threshold
is set by drawing null weeks from the same rates, at the same rate of false warnings as everything else.
Neyman and Pearson (1933); over places the largest ratio counts (a scan: Kulldorff 1997).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.spatial import cKDTree

from peelian.evaluate.warnings_world import Burst, Floats, WeeklyWorld, centres

Ints = npt.NDArray[np.int64]
NULLS: Final = 60
"""Null sequences a burst: some 70 false warnings in all, so the threshold's rate is within an eighth."""


def oracle_delay(world: WeeklyWorld, burst: Burst, a_week: float, seed: int) -> int | None:
    """Give after how many weeks the oracle finds a burst of the world, None where it never does.

    It is found when a footprint that overlaps the true one is over the threshold, at the end of a week of the
    burst; `a_week` false warnings a week are expected of it when nothing has changed.
    """
    near, member = _footprints(world, burst)
    mean = world.mean[burst.start : burst.end]
    counts = world.counts[burst.start : burst.end]
    ratios = _ratios(counts, mean, burst.factor, world.recipe.dispersion, member)
    limit = _threshold(world, burst, member, a_week, seed)
    over = (ratios[:, near] > limit).any(axis=1)
    return int(np.argmax(over)) + 1 if over.any() else None


def _footprints(world: WeeklyWorld, burst: Burst) -> tuple[Ints, sparse.csr_array]:
    """Give which footprints overlap the true one, and squares by footprint: every square's and the true."""
    east, north = centres(world.recipe.side)
    squares = np.column_stack([east, north])
    middles = np.vstack([squares, [[burst.easting, burst.northing]]])
    inside = cKDTree(middles).sparse_distance_matrix(
        cKDTree(squares), burst.radius_m, output_type="coo_matrix"
    )
    rows, columns = np.asarray(inside.row), np.asarray(inside.col)
    # A distance of nought is no entry of a sparse matrix: each square is in its own footprint all the same.
    own = np.arange(len(squares))
    pairs = np.unique(np.column_stack([np.r_[rows, own], np.r_[columns, own]]), axis=0)
    shape = (len(squares), len(middles))
    member = sparse.csr_array((np.ones(len(pairs)), (pairs[:, 1], pairs[:, 0])), shape=shape)
    away = np.hypot(middles[:, 0] - burst.easting, middles[:, 1] - burst.northing)
    return np.flatnonzero(away <= 2 * burst.radius_m).astype(np.int64), member


def _ratios(
    counts: Floats, mean: Floats, factor: float, dispersion: float, member: sparse.csr_array
) -> Floats:
    """Give the log likelihood ratio since the start, by week and footprint (D, F)."""
    if dispersion:
        low, high = 1 + dispersion * mean, 1 + dispersion * factor * mean
        each = counts * np.log(factor * low / high) - np.log(high / low) / dispersion
    else:
        each = counts * np.log(factor) - (factor - 1) * mean
    return np.asarray(np.cumsum(np.asarray(each @ member), axis=0), np.float64)


def _threshold(world: WeeklyWorld, burst: Burst, member: sparse.csr_array, a_week: float, seed: int) -> float:
    """Give the ratio that `a_week` separate places a week pass when nothing has changed."""
    rng = np.random.default_rng([seed, 21])
    mean, a = world.mean[burst.start : burst.end], world.recipe.dispersion
    east, north = centres(world.recipe.side)
    middles = np.column_stack([np.r_[east, burst.easting], np.r_[north, burst.northing]])
    peaks = []
    for _ in range(NULLS):
        scatter = rng.gamma(1 / a, a, mean.shape) if a else 1.0
        counts = rng.poisson(mean * scatter).astype(np.float64)
        best = _ratios(counts, mean, burst.factor, a, member).max(axis=0)
        peaks.append(_separate(best, middles, 2 * burst.radius_m))
    found = np.sort(np.concatenate(peaks))[::-1]
    allowed = round(a_week * len(mean) * NULLS)
    return float(found[min(allowed, len(found) - 1)])


_MOST: Final = 40
"""Separate places kept of a null sequence; far more than the allowed rate asks for."""


def _separate(best: Floats, middles: Floats, apart: float) -> Floats:
    """Give the peaks of a map that are further apart than two footprints that touch, highest first."""
    left, out = best.copy(), []
    for _ in range(_MOST):
        at = int(np.argmax(left))
        if not np.isfinite(left[at]):
            break
        out.append(left[at])
        left[np.hypot(*(middles - middles[at]).T) <= apart] = -np.inf
    return np.array(out)
