"""Near-repeat bursts: reports close to one another in the last fortnight, beyond chance in space and time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import numpy as np

from peelian.domain.series import Floats, Points, Series
from peelian.domain.warning import DetectorSpec, Found, Signal

SPEC: Final = DetectorSpec(
    "near-repeat", "Near-repeat burst", "1",
    "Knox (1964); Kulldorff et al. (2005), A space-time permutation scan statistic", 1,
    "reports within 200 m in the last 7 or 14 days, more than the same points have over the year",
)  # fmt: skip
RADIUS_M: Final = 200.0
WINDOWS_DAYS: Final = (7, 14)
HISTORY_DAYS: Final = 365
REPLICAS: Final = 199
MOST: Final = 40
_FEWEST: Final = 50
_AT_ONCE: Final = 20


def detect(series: Series, *, seed: int) -> Found:
    """Judge circles of 200 m about the year's points; days are shuffled among the points 199 times.

    A signal's `p` allows for all circles and both windows (`adjusted`). `p` (A,) is a place's own rank among
    the shuffles, NaN where it has no point in the year. `distinct` counts each exact point once.
    """
    nothing = np.full(len(series.places), np.nan)
    if series.points is None:
        return Found(nothing, unable="reports have no points of their own")
    every = series.points
    used = (every.day >= 0) & (every.day < HISTORY_DAYS) & (every.place >= 0)
    if used.sum() < _FEWEST or every.day[used].max(initial=0) < 8 * max(WINDOWS_DAYS):
        return Found(nothing, unable="too few reports with points over the year")
    points = Points(
        every.easting[used], every.northing[used], every.day[used], every.place[used], every.weight[used]
    )  # fmt: skip
    near = _near(points)
    scores, _ = _scores(points.day[:, None], near)
    score = scores[:, 0]
    order = np.argsort(points.place, kind="stable")
    places, first = np.unique(points.place[order], return_index=True)
    own = np.maximum.reduceat(score[order], first)
    rng, beaten, top = np.random.default_rng([seed, 67]), np.zeros(len(places)), []
    for begin in range(0, REPLICAS, _AT_ONCE):
        many = min(_AT_ONCE, REPLICAS - begin)
        drawn, _ = _scores(np.column_stack([rng.permutation(points.day) for _ in range(many)]), near)
        beaten += (np.maximum.reduceat(drawn[order], first, axis=0) >= own[:, None]).sum(axis=1)
        top.append(drawn.max(axis=0))
    nothing[places] = (beaten + 1) / (REPLICAS + 1)
    nothing[~series.observed[-1]] = np.nan
    return Found(nothing, _signals(series, points, near, np.concatenate(top)))


def _near(points: Points) -> Any:
    from scipy import sparse  # late: scipy costs a second
    from scipy.spatial import cKDTree

    tree = cKDTree(np.column_stack([points.easting, points.northing]))
    pairs = tree.query_pairs(RADIUS_M, output_type="ndarray")
    n = len(points.day)
    rows, cols = np.r_[pairs[:, 0], pairs[:, 1], np.arange(n)], np.r_[pairs[:, 1], pairs[:, 0], np.arange(n)]
    return sparse.csr_array((np.ones(len(rows)), (rows, cols)), shape=(n, n))


def _scores(day: np.ndarray, near: Any) -> tuple[Floats, np.ndarray]:
    """Give the best Poisson log ratio (n, B) over the windows, and which window it is."""
    around = near.sum(axis=1)[:, None]
    each = []
    for window in WINDOWS_DAYS:
        recent = (day < window).astype(np.float64)
        each.append(log_ratio(near @ recent, around * recent.mean(axis=0)))
    stacked = np.stack(each)
    return stacked.max(axis=0), stacked.argmax(axis=0)


def log_ratio(found: Floats, told: Floats) -> Floats:
    """Give found log(found / told) - (found - told) where more were found than told, else 0."""
    safe = np.maximum(found, 1e-12)
    out = found * np.log(safe / np.maximum(told, 1e-12)) - (found - told)
    return np.where(found > told, out, 0.0)


def _signals(series: Series, points: Points, near: Any, top: Floats) -> tuple[Signal, ...]:
    scores, windows = _scores(points.day[:, None], near)
    left = scores[:, 0].copy()
    out: list[Signal] = []
    at = np.column_stack([points.easting, points.northing])
    while len(out) < MOST and left.max() > 0:
        k = int(np.argmax(left))
        p = (1 + int((top >= left[k]).sum())) / (len(top) + 1)
        if p > 0.5:
            break
        out.append(_signal(series, points, near, k, WINDOWS_DAYS[windows[k, 0]], p))
        left[np.hypot(*(at - at[k]).T) <= 2 * RADIUS_M] = 0.0  # circles of two signals never overlap
    return tuple(out)


def _signal(series: Series, points: Points, near: Any, k: int, window: int, p: float) -> Signal:
    around = np.sort(near[[k], :].tocoo().col)
    inside = around[points.day[around] < window]
    found, told = float(len(inside)), len(around) * float((points.day < window).mean())
    distinct = float(len(np.unique(np.column_stack([points.easting, points.northing])[inside], axis=0)))
    places = np.unique(points.place[inside])
    where = f"within {RADIUS_M:.0f} m in {window} days"
    why = f"{found:,.0f} reports {where}, at {distinct:,.0f} points; {told:.1f} usual"
    return Signal(
        SPEC.id, series.target, series.support, tuple(series.places[a] for a in places),
        series.end - timedelta(days=window), series.end, found, told, p, float(points.easting[k]),
        float(points.northing[k]), RADIUS_M, True, distinct, why,
    )  # fmt: skip
