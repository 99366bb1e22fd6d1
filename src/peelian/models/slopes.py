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
    middle = np.average(x, axis=0, weights=expected)
    spread = np.sqrt(np.average((x - middle) ** 2, axis=0, weights=expected))
    scale = np.where(spread > 1e-6, spread, np.inf)
    z = np.concatenate([(x - middle) / scale, np.ones((len(x), 1))], axis=1)
    pull = np.diag([_RIDGE] * x.shape[1] + [1e-6])
    b = np.zeros(z.shape[1])
    for _ in range(_ROUNDS):
        mean = expected * np.exp(np.clip(z @ b, -10, 10))
        steep = z.T @ (weight * count - mean) - pull @ b
        curve = (z * mean[:, None]).T @ z + pull
        step = np.clip(np.linalg.solve(curve, steep), -_LONGEST, _LONGEST)
        b += step
        if np.abs(step).max() < 1e-4:
            break
    return Slopes(float(b[-1]), middle.astype(np.float64), b[:-1] / scale)
