"""The negative binomial in mean and dispersion: variance = mean + dispersion x mean^2 (0 = Poisson).

Hilbe (2011), Negative Binomial Regression, NB2. All functions broadcast.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_POISSON_BELOW = 1e-6


def log_pmf(count: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """Log probability of each count; the gamma form allows fractional counts (aoristic spreads)."""
    from scipy import special  # late: scipy costs every command a second, and few need it

    k, m, a = np.broadcast_arrays(
        np.asarray(count, float), np.maximum(np.asarray(mean, float), 1e-12), np.asarray(dispersion, float)
    )
    r = 1.0 / np.maximum(a, _POISSON_BELOW)
    nb = (
        special.gammaln(k + r) - special.gammaln(r) - special.gammaln(k + 1)
        + k * (np.log(m) - np.log(r + m)) - r * np.log1p(m / r)
    )  # fmt: skip
    poisson = k * np.log(m) - m - special.gammaln(k + 1)
    out: Floats = np.where(a < _POISSON_BELOW, poisson, nb)
    return out


def p_any(mean: Floats, dispersion: Floats) -> Floats:
    """Probability of one event or more.

    >>> float(p_any(np.array(0.0), np.array(0.5)))
    0.0
    """
    m, a = np.asarray(mean, float), np.maximum(np.asarray(dispersion, float), 0)
    safe = np.maximum(a, _POISSON_BELOW)
    out: Floats = -np.expm1(np.where(a < _POISSON_BELOW, -m, -np.log1p(safe * m) / safe))
    return out


def quantile(q: float, mean: Floats, dispersion: Floats) -> npt.NDArray[np.int64]:
    """Smallest count whose cumulative probability reaches `q`."""
    from scipy import stats  # late, as above

    m, a = np.broadcast_arrays(np.maximum(np.asarray(mean, float), 1e-12), np.asarray(dispersion, float))
    r = 1.0 / np.maximum(a, _POISSON_BELOW)
    out: npt.NDArray[np.int64] = stats.nbinom.ppf(q, r, r / (r + m)).astype(np.int64)
    return out
