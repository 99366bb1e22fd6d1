"""Tails of counts whose variance is a multiple of their mean: Poisson at 1, negative binomial above."""

from __future__ import annotations

import numpy as np

from peelian.domain.series import Floats

_POISSON_BELOW = 1 + 1e-9


def whole(y: Floats) -> Floats:
    """Give the whole reports in counts with fractions (an event's time may span periods): rounded down.

    >>> whole(np.array([2.5, 2.9999999999])).tolist()
    [2.0, 3.0]
    """
    floored: Floats = np.floor(y + 1e-6)
    return floored


def at_least(y: Floats, mean: Floats, overdispersion: Floats) -> Floats:
    """Give the chance of `y` or more. `overdispersion` is variance over mean; 1 and below is Poisson.

    >>> at_least(np.array([1.0]), np.array([2.0]), np.array([1.0])).round(6).tolist()
    [0.864665]
    """
    return above(whole(y) - 1, mean, overdispersion)


def above(y: Floats, mean: Floats, overdispersion: Floats) -> Floats:
    """Give the chance of more than `y`."""
    from scipy import special  # late: scipy costs a second

    y, mean, phi = np.broadcast_arrays(y, mean, overdispersion)
    with np.errstate(invalid="ignore", divide="ignore"):
        wide = phi > _POISSON_BELOW
        size = np.where(wide, mean / np.where(wide, phi - 1, 1.0), 1.0)
        tail = np.where(
            wide,
            special.betainc(np.maximum(y + 1, 1.0), np.maximum(size, 1e-300), 1 - 1 / np.maximum(phi, 1.0)),
            special.gammainc(np.maximum(y + 1, 1.0), np.maximum(mean, 0.0)),
        )
    known = np.isfinite(y) & np.isfinite(mean) & np.isfinite(phi)
    p: Floats = np.where(known, np.where(y < 0, 1.0, np.where(mean <= 0, 0.0, tail)), np.nan)
    return p


def mid_p(y: Floats, mean: Floats, overdispersion: Floats) -> Floats:
    """Give the chance of more than `y` and half the chance of `y` itself."""
    p: Floats = (at_least(y, mean, overdispersion) + above(whole(y), mean, overdispersion)) / 2
    return p


def quantile(level: float, mean: Floats, overdispersion: Floats) -> Floats:
    """Give the smallest count whose chance of being passed is at most one less `level`."""
    from scipy import stats  # late: scipy costs a second

    with np.errstate(invalid="ignore", divide="ignore"):
        wide = overdispersion > _POISSON_BELOW
        size = np.where(wide, mean / np.where(wide, overdispersion - 1, 1.0), 1.0)
        upper: Floats = np.where(
            wide,
            stats.nbinom.ppf(level, np.maximum(size, 1e-300), 1 / np.maximum(overdispersion, 1.0)),
            stats.poisson.ppf(level, np.maximum(mean, 0.0)),
        )
    return np.where(np.isfinite(mean), upper, np.nan)
