"""Slopes: a ridge Poisson regression that bends a base map by what its features say, before any tree grows.

What is smooth and everywhere alike is better told by a slope than by many small steps of trees.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from peelian.domain.grid import Floats
from peelian.models.lattice import Singles

_RIDGE: Final = 30.0
"""Pull of standardised slopes to zero, in events' worth."""
_ROUNDS: Final = 8
_LONGEST: Final = 0.5
"""Longest step of a slope in a round, so that a rare feature cannot run away."""


@dataclass(frozen=True, eq=False)
class Slopes:
    """The log correction of a row x (K,) is `constant` + (x - `middle`) . `slope`; `middle`, `slope` (K,)."""

    constant: float
    middle: Floats
    slope: Floats

    def terms(self, x: Singles) -> Floats:
        """Give each feature's part of the log correction and last the constant, (rows, K + 1)."""
        parts = (x - self.middle) * self.slope
        return np.concatenate([parts, np.full((len(x), 1), self.constant)], axis=1)

    def correction(self, x: Singles) -> Floats:
        """Give the log correction of each row, (rows,)."""
        out: Floats = (x - self.middle) @ self.slope + self.constant
        return out


def fit_slopes(x: Singles, count: Floats, offset: Floats, weight: Floats) -> Slopes:
    """Fit the slopes by penalised likelihood (Newton's method; Hoerl and Kennard 1970 for the ridge).

    `x` (rows, K) features, `count` what happened, `offset` what the base expected, `weight` rows stood for.
    Features are centred and scaled where events are expected, so that thousands of quiet rows do not decide.
    """
    expected = weight * offset
    z = np.ones((len(x), x.shape[1] + 1))
    own = z[:, :-1]  # changed in place: copies of so many rows cost more than what is done to them
    own[:] = x
    middle = expected @ own / expected.sum()
    own -= middle
    spread = np.sqrt(np.einsum("i,ij,ij->j", expected, own, own) / expected.sum())
    scale = np.where(spread > 1e-6, spread, np.inf)
    own /= scale
    root = np.empty_like(z)
    pull = np.diag([_RIDGE] * x.shape[1] + [1e-6])
    b = np.zeros(z.shape[1])
    for _ in range(_ROUNDS):
        mean = expected * np.exp(np.clip(z @ b, -10, 10))
        steep = z.T @ (weight * count - mean) - pull @ b
        np.multiply(z, np.sqrt(mean)[:, None], out=root)
        curve = root.T @ root + pull
        step = np.clip(np.linalg.solve(curve, steep), -_LONGEST, _LONGEST)
        b += step
        if np.abs(step).max() < 1e-4:
            break
    return Slopes(float(b[-1]), middle, b[:-1] / scale)
