"""How unsure each cell is: a negative binomial whose dispersion falls with the evidence a cell has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import optimize, special

from peelian.domain.grid import Floats

_BOUNDS: Final = (np.log([1e-4, 0.005, 1e-4]), np.log([20.0, 50.0, 50.0]))
"""Bounds of the logarithms of floor, prior and weight."""


@dataclass(frozen=True)
class Doubt:
    """Dispersion = floor + 1 / (prior + weight x evidence).

    The second part is the doubt left in a gamma posterior of the cell's rate: its shape is `prior` before
    any event is held and grows with the cell's decayed count. The floor is what even a well-known place
    varies by.
    """

    floor: float
    prior: float
    weight: float

    def of(self, evidence: Floats) -> Floats:
        """Give the dispersion of cells with this evidence (decayed counts), same shape."""
        out: Floats = self.floor + 1.0 / (self.prior + self.weight * evidence)
        return out


_USUAL: Final = Doubt(0.1, 0.5, 0.5)
_PULL: Final = float(np.log(4.0))


def log_score(count: Floats, mean: Floats, dispersion: Floats, weight: Floats) -> float:
    """Sum the weighted negative binomial log probability of counts; zeros take the short way."""
    some = count > 0
    zero = -np.log1p(dispersion * mean) / dispersion
    k, m, r = count[some], mean[some], 1.0 / dispersion[some]
    positive = (
        special.gammaln(k + r) - special.gammaln(r) - special.gammaln(k + 1)
        + k * (np.log(m) - np.log(r + m)) - r * np.log1p(m / r)
    )  # fmt: skip
    return float(zero[~some] @ weight[~some] + positive @ weight[some])


def fit_doubt(
    count: Floats, mean: Floats, evidence: Floats, weight: Floats | None = None, start: Doubt = _USUAL
) -> Doubt:
    """Fit the three numbers on past counts by maximum likelihood, weakly pulled to `start`.

    Arrays are flat and alike; `weight` is how many places a row stands for (one each when left out). The
    pull (a factor of four in each number costs half a nat) decides only where few counts were seen.
    """
    rows = np.ones(len(count)) if weight is None else weight
    mean = np.maximum(mean, 1e-12)

    def loss(x: Floats) -> float:
        doubt = Doubt(*np.exp(np.clip(x, *_BOUNDS)))
        pull = 0.5 * float(np.sum(((x - begin) / _PULL) ** 2))
        return pull - log_score(count, mean, doubt.of(evidence), rows)

    begin = np.log([start.floor, start.prior, start.weight])
    found = optimize.minimize(
        loss, begin, method="Nelder-Mead", options={"maxfev": 160, "xatol": 0.02, "fatol": 0.02}
    )
    x = np.clip(found.x, *_BOUNDS)
    return Doubt(*(float(v) for v in np.exp(x)))
