"""The weighted displacement difference test (Wheeler & Ratcliffe 2018): before and after, four areas."""

from __future__ import annotations

from math import sqrt

import numpy as np

from peelian.domain.errors import Misuse
from peelian.plan.effects.effect import Effect, Floats, ratios

Pair = tuple[float, float]


def wdd(
    treated: Pair, control: Pair, near: Pair = (0.0, 0.0), near_control: Pair = (0.0, 0.0), *,
    times: Pair = (1.0, 1.0), areas: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0),
    dispersion: float = 1.0, level: float = 0.95,
) -> Effect:  # fmt: skip
    """Give the change in the treated area beyond its control's, plus the same for the area nearby.

    Each pair is (before, after). `times` are lengths of the two periods, `areas` relative sizes of treated,
    control, near and near_control: counts are divided by them, so the answer is per unit of both. Counts are
    taken as Poisson; `dispersion` multiplies their variance. `more` has `local`, `near` and their errors.
    Assumes that without the intervention both areas would have changed by the same number, so the two
    controls should have about as many events as the areas they stand for.

    Raises:
        Misuse: a negative count, or a weight that is not above zero.
    """
    pairs = (treated, control, near, near_control)
    if min(min(pair) for pair in pairs) < 0:
        raise Misuse("a count is under zero", expected="counts before and after")
    if min(*times, *areas) <= 0 or dispersion <= 0:
        raise Misuse("a weight is not above zero", expected="weights of times and areas above zero")
    steps = [_step(pair, times, size, dispersion) for pair, size in zip(pairs, areas, strict=True)]
    local, spread = steps[0][0] - steps[1][0], steps[2][0] - steps[3][0]
    variances = steps[0][1] + steps[1][1], steps[2][1] + steps[3][1]
    change, error = local + spread, sqrt(sum(variances))
    half = _quantile(level) * error
    seen = treated[1] / (times[1] * areas[0]) + near[1] / (times[1] * areas[2])
    return Effect(
        "wdd", seen, seen - change, *ratios(seen, change, half), change, change - half, change + half,
        _p(change, error), 1, 1, 1, level,
        {
            "local": local, "local_error": sqrt(variances[0]), "near": spread,
            "near_error": sqrt(variances[1]), "error": error, "z": change / error if error else 0.0,
        },
    )  # fmt: skip


def _step(pair: Pair, times: Pair, size: float, dispersion: float) -> Pair:
    """Give after - before and its variance, per unit of time and area."""
    scales = times[0] * size, times[1] * size
    rise = pair[1] / scales[1] - pair[0] / scales[0]
    return rise, dispersion * (pair[1] / scales[1] ** 2 + pair[0] / scales[0] ** 2)


def _quantile(level: float) -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf(0.5 + level / 2)


def _p(change: float, error: float) -> float:
    from statistics import NormalDist

    return 2 * NormalDist().cdf(-abs(change) / error) if error else 1.0


def dispersion(before: Floats) -> float:
    """Give how much wider than Poisson places (n, periods) vary about their own and the periods' level.

    Pearson's chi-square over its freedom, 1 at least: 1 for Poisson counts.
    """
    total = float(before.sum())
    if total <= 0 or min(before.shape) < 2:
        return 1.0
    rows, columns = before.sum(axis=1), before.sum(axis=0)
    before = before[np.ix_(rows > 0, columns > 0)]
    mean = np.outer(rows[rows > 0], columns[columns > 0]) / total
    freedom: int = max(1, (mean.shape[0] - 1) * (mean.shape[1] - 1))
    chi_square = float(((before - mean) ** 2 / mean).sum())
    return max(1.0, chi_square / freedom)
