"""Exceedance: more reports than the forecast's own distribution allows, by place and by small circles."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from peelian.domain.series import Floats, Series
from peelian.domain.warning import DetectorSpec, Found, Signal
from peelian.domain.warning_words import day

SPEC: Final = DetectorSpec(
    "exceedance", "Above the forecast's own range", "1", "the forecast's negative binomial; no paper", 1,
    "more reports in the last period than the forecast made before it thought likely",
)  # fmt: skip
RADII_M: Final = (0.0, 500.0, 1000.0)
"""Each place alone, then with its surroundings, where small counts have no power; p is times these three."""
_SIGNAL_BELOW: Final = 0.05


def detect(series: Series, *, seed: int) -> Found:
    """Give the chance of so many or more (mid-p) under the forecast; `p` (A,) is NaN where missing.

    A place's `p` is its best of three sizes, times three (Bonferroni). Sizes add up means and variances as
    if places were independent. `unable` when no forecast was made before the period.
    """
    if series.expected is None:
        return Found(np.full(len(series.places), np.nan), unable="no forecast was made before the period")
    from scipy.spatial import cKDTree  # late: scipy costs a second

    known = series.observed[-1] & np.isfinite(series.expected.mean) & np.isfinite(series.expected.dispersion)
    mean = np.where(known, series.expected.mean, 0.0)
    square = np.where(known, series.expected.dispersion, 0.0) * mean**2
    count = np.where(known, series.counts[-1], 0.0)
    points = np.column_stack([series.easting, series.northing])
    tree = cKDTree(points)
    near: list[Any] = [tree.query_ball_point(points, radius, return_sorted=True) for radius in RADII_M[1:]]
    members: list[list[list[int]]] = [[[a] for a in range(len(points))], *near]
    each = np.stack([_chances(count, mean, square, inside) for inside in members])
    best = each.argmin(axis=0) if len(points) else np.zeros(0, np.int64)
    p = np.where(known, np.minimum(len(RADII_M) * each.min(axis=0), 1.0), np.nan)
    chosen = np.flatnonzero(p < _SIGNAL_BELOW).tolist()
    return Found(
        p, tuple(_signal(series, a, RADII_M[best[a]], members[best[a]][a], known, p[a]) for a in chosen)
    )


def mid_p(count: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """Give P(N > n) + P(N = n) / 2, (A,), of a negative binomial with variance mean + dispersion mean^2."""
    from scipy import stats

    whole = np.round(count)
    a, m = np.maximum(dispersion, 1e-9), np.maximum(mean, 1e-12)
    law = stats.nbinom(1 / a, 1 / (1 + a * m))
    return np.asarray(law.sf(whole) + law.pmf(whole) / 2, np.float64)


def _chances(count: Floats, mean: Floats, square: Floats, inside: list[list[int]]) -> Floats:
    found, told, spread = (np.array([v[one].sum() for one in inside]) for v in (count, mean, square))
    return mid_p(found, told, spread / np.maximum(told, 1e-12) ** 2)


def _signal(
    series: Series, a: int, radius: float, inside: list[int], known: np.ndarray, p: float
) -> Signal:  # fmt: skip
    assert series.expected is not None
    some = [k for k in inside if known[k]]
    found, told = float(series.counts[-1, some].sum()), float(series.expected.mean[some].sum())
    distinct = None if series.distinct is None else float(series.distinct[-1, some].sum())
    where = "here" if radius == 0 else f"within {radius:.0f} m"
    why = f"{found:,.0f} reports {where} since {day(series.starts[-1])}; {told:.1f} were forecast"
    why += f" ({series.expected.run})"
    return Signal(
        SPEC.id, series.target, series.support, tuple(series.places[k] for k in some), series.starts[-1],
        series.end, found, told, float(p), float(series.easting[a]), float(series.northing[a]), radius,
        False, distinct, why,
    )  # fmt: skip
