"""Quasi-Poisson regression of many places at once: levels of season and one trend, exact and compiled.

With one slope and one intercept a level, the likelihood is maximised over the slope alone: given a slope,
every level's intercept is a ratio of sums. So each step costs one pass over the periods, and no matrix is
ever solved.
"""

from __future__ import annotations

import math

import numba
import numpy as np

STEPS = 60
"""Most steps of the search for a slope; R allows 25 of a slower kind."""


@numba.njit(cache=True, nogil=True)
def profile(y, om, level, off, t, slope, pseudo, mu, num, den, mid, spread):  # type: ignore[no-untyped-def]
    """Fill `mu` and the levels' sums for one slope; give the slope's gradient and curvature.

    A pseudo-count lies at its level's middle: it says nothing of the slope.
    """
    n, k = y.size, num.size
    for j in range(k):
        num[j] = pseudo
        den[j] = 0.0
        mid[j] = 0.0
        spread[j] = 0.0
    for i in range(n):
        if om[i] > 0.0:
            e = math.exp(off[i] + slope * t[i])
            mu[i] = e
            num[level[i]] += om[i] * y[i]
            den[level[i]] += om[i] * e
            mid[level[i]] += om[i] * e * t[i]
    for j in range(k):
        if den[j] > 0.0:
            mid[j] /= den[j]
    gradient = 0.0
    for i in range(n):
        if om[i] > 0.0:
            j = level[i]
            mu[i] *= num[j] / den[j]
            away = t[i] - mid[j]
            spread[j] += om[i] * mu[i] * away * away
            gradient += om[i] * (y[i] - mu[i]) * away
    return gradient, spread.sum()


@numba.njit(cache=True, nogil=True)
def solve(y, om, level, off, t, trend, ridge, pseudo, start, mu, num, den, mid, spread):  # type: ignore[no-untyped-def]
    """Find the slope (zero without `trend`); give it, its information and whether it settled."""
    if not trend:
        profile(y, om, level, off, t, 0.0, pseudo, mu, num, den, mid, spread)
        return 0.0, np.inf, True
    low, high = t[0], t[0]
    for i in range(t.size):
        low = min(low, t[i])
        high = max(high, t[i])
    reach = max(high - low, 1e-9)
    slope = start
    for _ in range(STEPS):
        gradient, curve = profile(y, om, level, off, t, slope, pseudo, mu, num, den, mid, spread)
        curve += ridge
        if curve <= 1e-12:
            return slope, 1e-12, False
        step = (gradient - ridge * slope) / curve
        step = min(max(step, -2.0 / reach), 2.0 / reach)
        slope += step
        if abs(slope) * reach > 40.0:
            return slope, curve, False
        if abs(step) * reach < 1e-9:
            gradient, curve = profile(y, om, level, off, t, slope, pseudo, mu, num, den, mid, spread)
            return slope, curve + ridge, True
    return slope, curve + ridge, False


@numba.njit(cache=True, nogil=True)
def pearson(y, om, mu, plain):  # type: ignore[no-untyped-def]
    """Sum squared residuals over means; not `plain`: over squared means, as the package's errors do."""
    total = 0.0
    for i in range(y.size):
        if om[i] > 0.0:
            r = y[i] - mu[i]
            if y[i] == 0.0:
                total += om[i] * (mu[i] if plain else 1.0)
            elif mu[i] > 0.0:
                total += om[i] * r * r / (mu[i] if plain else mu[i] * mu[i])
    return total


@numba.njit(cache=True, nogil=True)
def downweight(y, om, level, t, mu, num, mid, curve, phi, outlier, out):  # type: ignore[no-untyped-def]
    """Fill `out` with weights: a period with a high Anscombe residual counts by its inverse square."""
    total, n = 0.0, 0
    for i in range(y.size):
        if om[i] <= 0.0:
            out[i] = 0.0
            continue
        n += 1
        s = 0.0
        if mu[i] > 0.0:
            away = t[i] - mid[level[i]]
            hat = mu[i] * (1.0 / num[level[i]] + away * away / curve)
            s = 1.5 * ((y[i] ** (2.0 / 3.0)) * mu[i] ** (-1.0 / 6.0) - math.sqrt(mu[i]))
            s /= math.sqrt(phi * max(1.0 - hat, 1e-6))
        out[i] = 1.0 / (s * s) if s > outlier else 1.0
        total += out[i]
    for i in range(y.size):
        out[i] *= n / total


@numba.njit(cache=True, nogil=True, error_model="numpy")
def fit_places(y, seen, level, off, t, off0, level0, levels, trend, ridge, pseudo, reweight, outlier):  # type: ignore[no-untyped-def]
    """Fit every place. `y`, `seen` (A, n); `level`, `off`, `t` (n,); judged at time 0.

    Gives (A, 8): mean of the judged period, squared error of its log, overdispersion, the package's own,
    degrees of freedom, slope, information of the slope, 1 when settled. NaN where there is nothing to fit.
    """
    places, n = y.shape
    out = np.full((places, 8), np.nan)
    for a in range(places):
        om = seen[a].astype(np.float64)
        mu, weights = np.zeros(n), np.zeros(n)
        num, den, mid, spread = np.zeros(levels), np.zeros(levels), np.zeros(levels), np.zeros(levels)
        slope, curve, settled = solve(
            y[a], om, level, off, t, trend, ridge, pseudo, 0.0, mu, num, den, mid, spread
        )
        used = 0
        for j in range(levels):
            used += 1 if den[j] > 0.0 else 0
        df = om.sum() - used - (1.0 if trend else 0.0)
        if df <= 0.0 or den[level0] <= 0.0:
            continue
        phi = max(pearson(y[a], om, mu, True) / df, 1.0)
        if reweight:
            downweight(y[a], om, level, t, mu, num, mid, curve, phi, outlier, weights)
            om[:] = weights
            slope, curve, again = solve(
                y[a], om, level, off, t, trend, ridge, pseudo, slope, mu, num, den, mid, spread
            )
            settled = settled and again
        out[a, 0] = math.exp(off0) * num[level0] / den[level0]
        doubt = mid[level0] * mid[level0] / curve
        out[a, 1] = 1.0 / num[level0] + doubt if num[level0] > 0.0 else np.inf
        out[a, 2] = pearson(y[a], om, mu, True) / df
        out[a, 3] = pearson(y[a], om, mu, False) / df
        out[a, 4] = df
        out[a, 5] = slope
        out[a, 6] = curve
        out[a, 7] = 1.0 if settled else 0.0
    return out
