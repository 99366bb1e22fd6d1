"""Prospective space-time scan: nested circles over the last periods, and the most unusual of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.domain.series import Floats, Series
from peelian.domain.warning import DetectorSpec, Found, Signal
from peelian.warn.mixture.circles import circles
from peelian.warn.mixture.usual import WINDOWS, Usual, usual
from peelian.warn.scanning.null import chance

SPEC: Final = DetectorSpec(
    "scan", "Space-time scan", "1",
    "Kulldorff (2001), Prospective time periodic geographical disease surveillance", 26,
    "a circle that has had more reports over the last weeks than its share of the area's",
)  # fmt: skip
RADII_M: Final = (150.0, 260.0, 360.0, 510.0, 710.0, 1000.0, 1500.0)
LONGEST: Final = {"week": 8, "month": 3, "day": 56}
REPLICAS: Final = 199
MOST: Final = 40
_BLOCK_M: Final = 1000.0
_UNKNOWN: Final = 0.5


@dataclass(frozen=True, eq=False)
class Nested:
    """Neighbours nearest first, where each circle ends among them (A, R), and what is usual (A, R, T)."""

    starts: npt.NDArray[np.int64]
    neighbours: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    mean: Floats
    dispersion: Floats


def detect(series: Series, *, seed: int) -> Found:
    """Scan circles of up to 1.5 km over the last 1..T periods, against negative binomial replicas.

    A signal's `p` allows for every circle and window (`adjusted`); secondary circles do not overlap, and are
    judged by the same maxima. `p` (A,) is the rank of circles about one place among 199 replicas of itself.
    """
    nothing = np.full(len(series.places), np.nan)
    if not len(series.places) or not series.observed[-1].any():
        return Found(nothing, unable="the last period is missing everywhere")
    known = usual(series, circles(series.easting, series.northing)[2])
    if known is None:
        return Found(nothing, unable="less than half a year of reports before the last weeks")
    from peelian.warn.scanning.kernel import best  # late: numba costs a second

    wide = min(LONGEST[series.every], WINDOWS[series.every][-1])
    nested = _nested(series, known, wide)
    given = (nested.starts, nested.neighbours, nested.ends, nested.mean, nested.dispersion)
    counts = np.where(series.observed, series.counts, 0.0)[-wide:]
    score, circle, window = best(_windows(counts), *given)
    rng, top, beaten = np.random.default_rng([seed, 59]), np.zeros(REPLICAS), np.zeros(len(score))
    for b in range(REPLICAS):
        drawn, _, _ = best(_windows(_drawn(series, known, wide, rng)), *given)
        top[b] = drawn.max()
        beaten += drawn >= score
    p = np.where(series.observed[-1], (beaten + 1) / (REPLICAS + 1), np.nan)
    return Found(p, _signals(series, counts, nested, score, circle, window, top))


def _windows(counts: Floats) -> Floats:
    """Give counts (T, A) as sums of the last 1..T periods (A, T)."""
    return np.ascontiguousarray(np.cumsum(counts[::-1], axis=0).T, np.float64)


def _nested(series: Series, known: Usual, wide: int) -> Nested:
    from scipy.spatial import cKDTree

    points = np.column_stack([series.easting, series.northing])
    near = cKDTree(points).query_ball_point(points, RADII_M[-1], return_sorted=True)
    level = known.total[-wide:, None] * known.seen[-wide:]
    mean, square = _windows(known.share * level), _windows((known.share * level) ** 2)
    lists, ends = [], np.zeros((len(points), len(RADII_M)), np.int64)
    told, squares = np.zeros((len(points), len(RADII_M), wide)), np.zeros((len(points), len(RADII_M), wide))
    held = np.zeros((len(points), len(RADII_M), 1))
    for k, some in enumerate(near):
        away = np.hypot(*(points[some] - points[k]).T)
        order = np.asarray(some, np.int64)[np.argsort(away, kind="stable")]
        ends[k] = np.searchsorted(np.sort(away), RADII_M, side="right")
        last = ends[k] - 1
        told[k], squares[k] = mean[order].cumsum(axis=0)[last], square[order].cumsum(axis=0)[last]
        held[k, :, 0] = known.held[order].cumsum()[last]
        lists.append(order)
    sizes = np.array([len(one) for one in lists], np.int64)
    # One circle's scatter by place and period, drift that neighbours share, doubt about its own rate.
    spread = known.own * squares / np.maximum(told, 1e-12) ** 2 + known.common + 1 / (held + _UNKNOWN)
    return Nested(np.cumsum(sizes) - sizes, np.concatenate(lists), ends, told, np.maximum(spread, 1e-6))


def _drawn(series: Series, known: Usual, wide: int, rng: np.random.Generator) -> Floats:
    """Draw (T, A): rates their history leaves open, a factor neighbours share, Gamma-Poisson counts."""
    rate = rng.gamma(known.held + _UNKNOWN) / (known.held + _UNKNOWN)
    if known.common > 0:
        blocks = np.floor(np.column_stack([series.easting, series.northing]) / _BLOCK_M).astype(np.int64)
        _, block = np.unique(blocks, axis=0, return_inverse=True)
        block = block.reshape(-1)
        rate *= rng.gamma(1 / known.common, known.common, int(block.max()) + 1)[block]
    mean = rate * known.share * known.total[-wide:, None] * known.seen[-wide:]
    if known.own > 0:
        mean = mean * rng.gamma(1 / known.own, known.own, mean.shape)
    return rng.poisson(mean).astype(np.float64)


def _signals(
    series: Series, counts: Floats, nested: Nested, score: Floats, circle: np.ndarray, window: np.ndarray,
    top: Floats,
) -> tuple[Signal, ...]:  # fmt: skip
    taken = np.zeros(len(score), np.bool_)
    out: list[Signal] = []
    for k in np.argsort(-score, kind="stable").tolist():
        if len(out) == MOST or score[k] <= 0 or (p := chance(float(score[k]), top)) > 0.5:
            break
        inside = nested.neighbours[nested.starts[k] : nested.starts[k] + nested.ends[k, circle[k]]]
        if taken[inside].any():
            continue
        taken[inside] = True
        told = float(nested.mean[k, circle[k], window[k]])
        out.append(_signal(series, counts, k, np.sort(inside), int(circle[k]), int(window[k]) + 1, told, p))
    return tuple(out)


def _signal(
    series: Series, counts: Floats, k: int, inside: np.ndarray, circle: int, wide: int, told: float, p: float
) -> Signal:  # fmt: skip
    found = float(counts[-wide:, inside].sum())
    distinct = None if series.distinct is None else float(series.distinct[-wide:, inside].sum())
    unit = f"{wide} {series.every}{'' if wide == 1 else 's'}"
    why = f"{found:,.0f} reports within {RADII_M[circle]:.0f} m in {unit}, {told:.1f} usual"
    return Signal(
        SPEC.id, series.target, series.support, tuple(series.places[a] for a in inside), series.starts[-wide],
        series.end, found, told, p, float(series.easting[k]), float(series.northing[k]), RADII_M[circle],
        True, distinct, why,
    )  # fmt: skip
