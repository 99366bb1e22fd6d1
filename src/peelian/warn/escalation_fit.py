"""Poisson regression with an effect of every place and of every period: shared levels and seasons drop out.

Correia, Guimarães and Zylkin (2020), Fast Poisson estimation with high-dimensional fixed effects: reweighted
least squares on columns from which both effects are projected out. Errors are robust, by place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.domain.series import Floats

_STEPS: Final = 30
_PROJECTIONS: Final = 60
_CLOSE: Final = 1e-8


@dataclass(frozen=True, eq=False)
class Fit:
    """Coefficients (K,), their robust covariance (K, K), and the fitted means (T, A) of the rows used."""

    beta: Floats
    covariance: Floats
    mean: Floats

    def test(self, contrast: Floats) -> tuple[float, float]:
        """Give a contrast (K,) of the coefficients and its standard error."""
        return float(contrast @ self.beta), float(np.sqrt(contrast @ self.covariance @ contrast))


def fit(y: Floats, x: Floats, used: npt.NDArray[np.bool_]) -> Fit | None:
    """Fit counts `y` (T, A) on columns `x` (K, T, A) over the entries `used` (T, A), None where it cannot be.

    Places and periods without any report tell nothing and are left out by their weight of nought.
    """
    some = (
        used
        & (np.where(used, y, 0).sum(axis=0) > 0)[None, :]
        & (np.where(used, y, 0).sum(axis=1) > 0)[:, None]
    )
    if some.sum() < 50 * len(x):
        return None
    y = np.where(some, y, 0.0)
    x = np.where(some[None], x, 0.0)
    eta = np.log(np.where(some, (y + max(float(y[some].mean()), 1e-3)) / 2, 1.0))
    beta = np.zeros(len(x))
    for _ in range(_STEPS):
        mean = np.where(some, np.exp(np.clip(eta, -30, 30)), 0.0)
        working = np.where(some, eta + (y - mean) / np.maximum(mean, 1e-12), 0.0)
        flat = project(np.concatenate([working[None], x]), mean)
        left, columns = flat[0], flat[1:]
        gram = np.einsum("kta,ta,lta->kl", columns, mean, columns, optimize=True)
        new = np.linalg.lstsq(
            gram, np.einsum("kta,ta,ta->k", columns, mean, left, optimize=True), rcond=1e-10
        )[0]
        eta = np.where(some, working - left + np.einsum("k,kta->ta", new, columns), 0.0)
        moved, beta = float(np.abs(new - beta).max()), np.asarray(new, np.float64)
        if moved < _CLOSE:
            break
    mean = np.where(some, np.exp(np.clip(eta, -30, 30)), 0.0)
    scores = np.einsum("kta,ta->ka", columns, np.where(some, y - mean, 0.0))
    places = int(some.any(axis=0).sum())
    bread = np.linalg.pinv(gram)
    meat = scores @ scores.T * places / max(places - 1, 1)
    return Fit(beta, np.asarray(bread @ meat @ bread, np.float64), mean)


def project(columns: Floats, weight: Floats) -> Floats:
    """Take place and period means, weighted by (T, A), out of columns (K, T, A) until they stay out."""
    by_place, by_period = np.maximum(weight.sum(axis=0), 1e-12), np.maximum(weight.sum(axis=1), 1e-12)
    out = columns.copy()
    for _ in range(_PROJECTIONS):
        places = (out * weight).sum(axis=1) / by_place
        out -= places[:, None, :]
        periods = (out * weight).sum(axis=2) / by_period
        out -= periods[:, :, None]
        if max(float(np.abs(periods).max()), float(np.abs(places).max())) < 1e-9:
            break
    return out
