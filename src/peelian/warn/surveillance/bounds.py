"""Upper bounds, scores and chances of a count, from a fitted mean: the three methods of the R package."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from peelian.domain.series import Floats
from peelian.warn.surveillance.control import POWERS, Control
from peelian.warn.surveillance.fit import Fitted
from peelian.warn.surveillance.tails import at_least, quantile


@dataclass(frozen=True, eq=False)
class Judged:
    """For each place (A,): `expected` count, `upper` bound at `alpha`, `p` of so many or more, `score`.

    `score` is the excess over the mean in units of the bound's; above 1 is an alarm.
    """

    expected: Floats
    upper: Floats
    p: Floats
    score: Floats


def judge(y: Floats, fitted: Fitted, control: Control) -> Judged:
    """Judge the last counts `y` (A,) against their fit, as `control.method` says.

    `delta` (Farrington et al. 1996): a normal law of the count to the `power`. `nbPlugin` and `muan`
    (Noufaily et al. 2013; Salmon et al. 2016): a negative binomial with the fitted mean, or its upper bound.
    """
    phi = np.maximum(fitted.overdispersion, 1.0)
    if control.method == "delta":
        return _delta(y, fitted, phi, control)
    from scipy import stats  # late: scipy costs a second

    shift = stats.norm.isf(control.alpha) if control.method == "muan" else 0.0
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        mean = fitted.mean * np.exp(np.where(shift > 0, shift * fitted.log_error, 0.0))
        upper = quantile(1 - control.alpha, mean, phi)
        log_mean = np.log(fitted.mean)
        # The package subtracts the log of the mean here, not the mean: kept, so that scores compare.
        score = (y - log_mean) / (upper - log_mean)
    return Judged(fitted.mean, upper, at_least(y, mean, phi), score)


def _delta(y: Floats, fitted: Fitted, phi: Floats, control: Control) -> Judged:
    from scipy import stats  # late: scipy costs a second

    power, mean = POWERS[control.power], fitted.mean
    with np.errstate(invalid="ignore", divide="ignore"):
        tau = phi + (mean * fitted.log_error) ** 2 / mean
        deviation = power * mean ** (power - 0.5) * np.sqrt(tau)
        upper = (mean**power + stats.norm.isf(control.alpha) * deviation) ** (1 / power)
        p = stats.norm.sf((y**power - mean**power) / deviation)
        score = (y - mean) / (upper - mean)
    return Judged(mean, upper, p, score)
