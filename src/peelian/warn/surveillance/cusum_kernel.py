"""The CUSUM of counts and its law when nothing has changed, by simulation; compiled."""

from __future__ import annotations

import math

import numba
import numpy as np

DRIFT = 0.1
"""Standard deviation of the log of how far a place's level moves by itself between the base and now."""


@numba.njit(cache=True, nogil=True)
def step(score, y, mean, overdispersion, times):  # type: ignore[no-untyped-def]
    """Add one period's log likelihood ratio of `times` the mean against the mean; never below 0.

    Negative binomial whose variance is `overdispersion` times its mean both before and after the change.
    """
    if mean <= 0.0:
        return score
    if overdispersion <= 1.0 + 1e-9:
        ratio = y * math.log(times) - mean * (times - 1.0)
    else:
        size = mean / (overdispersion - 1.0)
        ratio = math.lgamma(y + size * times) - math.lgamma(size * times)
        ratio -= math.lgamma(y + size) - math.lgamma(size)
        ratio -= size * (times - 1.0) * math.log(overdispersion)
    return max(0.0, score + ratio)


@numba.njit(cache=True, nogil=True)
def draw(mean, overdispersion):  # type: ignore[no-untyped-def]
    """Draw one count."""
    if mean <= 0.0:
        return 0.0
    if overdispersion <= 1.0 + 1e-9:
        return float(np.random.poisson(mean))
    return float(np.random.poisson(np.random.gamma(mean / (overdispersion - 1.0), overdispersion - 1.0)))


@numba.njit(cache=True, nogil=True)
def run(y, moved, rate, overdispersion, times):  # type: ignore[no-untyped-def]
    """Give the CUSUM after the last period, from 0, and the period it last left 0."""
    score, began = 0.0, 0
    for i in range(y.size):
        if score == 0.0:
            began = i
        score = step(score, y[i], rate * moved[i], overdispersion, times)
    return score, began


@numba.njit(cache=True, nogil=True)
def chances(y, moved, total, exposure, overdispersion, times, most, enough, seed):  # type: ignore[no-untyped-def]
    """Give (A, 3): the CUSUM, its chance when nothing changed, the row since when. `y`, `moved` (R, A).

    The chance is by simulation with the stopping rule of Besag and Clifford (1991): drawing ends when
    `enough` are as high. Each draw takes a level that the base leaves possible: its doubt is in the chance.
    """
    np.random.seed(seed)
    rows, places = y.shape
    out = np.full((places, 3), np.nan)
    drawn = np.zeros(rows)
    for a in range(places):
        if exposure[a] <= 0.0:
            continue
        phi = overdispersion[a]
        rate = (total[a] + 0.5 * phi) / exposure[a]
        score, began = run(y[:, a], moved[:, a], rate, phi, times)
        out[a, 0], out[a, 1], out[a, 2] = score, 1.0, began
        if score <= 0.0:
            continue
        high, n = 0, 0
        while n < most and high < enough:
            n += 1
            truth = np.random.gamma((total[a] + 0.5 * phi) / phi, phi / exposure[a])
            truth *= math.exp(DRIFT * np.random.normal())
            for i in range(rows):
                drawn[i] = draw(truth * moved[i, a], phi)
            again, _ = run(drawn, moved[:, a], rate, phi, times)
            high += 1 if again >= score else 0
        out[a, 1] = high / n if high >= enough else (high + 1.0) / (n + 1.0)
    return out
