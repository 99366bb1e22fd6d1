"""How often so strong a ratio comes when nothing has changed: weeks drawn from what is usual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.warn.mixture.circles import Circles
from peelian.warn.mixture.ratio import Form, mixture
from peelian.warn.mixture.usual import Usual

Floats = npt.NDArray[np.float64]
DRAWS: Final = 60
_AT_ONCE: Final = 10
_KEPT: Final = 4
APART_M: Final = 1000.0
"""Peaks nearer than this are one."""
_BLOCK_M: Final = 1000.0


@dataclass(frozen=True)
class Tail:
    """Peaks a period over a log ratio when nothing has changed: `rate` at `level`, falling by `slope`."""

    level: float
    rate: float
    slope: float

    def a_period(self, score: Floats) -> Floats:
        """Give how many separate places a period pass each score, (N,). Gumbel's tail: an exponential."""
        out: Floats = self.rate * np.exp(-self.slope * (np.asarray(score) - self.level))
        return out


def tail(
    usual: Usual, forms: Sequence[Form], near: Circles, easting: Floats, northing: Floats, seed: int
) -> Tail:  # fmt: skip
    """Fit the tail on drawn periods: one separate peak a draw lies above `level`; above it an exponential.

    Each draw has rates drawn from what their history leaves open, a factor shared by neighbours, and negative
    binomial counts. The exponential's slope is fitted on the peaks above the level (Hill 1975).
    """
    rng = np.random.default_rng([seed, 41])
    points = np.column_stack([easting, northing])
    peaks: list[float] = []
    for _ in range(DRAWS // _AT_ONCE):
        scores = mixture(_drawn(usual, forms, points, rng), forms, near)
        for one in scores:
            peaks += [float(one[at]) for at in separate(one, points, _KEPT)]
    top = np.sort(np.array(peaks))[::-1]
    many = min(DRAWS, len(top) - 1)
    level = float(top[many])
    return Tail(level, many / DRAWS, 1.0 / max(float((top[:many] - level).mean()), 0.05))


def separate(scores: Floats, points: Floats, most: int, above: float = -np.inf) -> list[int]:
    """Give the places of the highest scores, each a kilometre or more from those before it."""
    left, out = np.where(np.isfinite(scores), scores, -np.inf), []
    for _ in range(most):
        at = int(np.argmax(left))
        if left[at] <= above or not np.isfinite(left[at]):
            break
        out.append(at)
        left[np.hypot(*(points - points[at]).T) <= APART_M] = -np.inf
    return out


def _drawn(usual: Usual, forms: Sequence[Form], points: Floats, rng: np.random.Generator) -> Floats:
    """Draw counts (N, W, A) of the longest window."""
    wide = max(form.wide for form in forms)
    mean = usual.share * usual.total[-wide:, None] * usual.seen[-wide:]
    shape = (_AT_ONCE, len(usual.share))
    rate = rng.gamma(usual.held + 0.5, 1.0, shape) / (usual.held + 0.5)
    if usual.common > 0:
        _, block = np.unique(np.floor(points / _BLOCK_M).astype(np.int64), axis=0, return_inverse=True)
        many = int(block.max()) + 1
        rate *= rng.gamma(1 / usual.common, usual.common, (_AT_ONCE, many))[:, block.reshape(-1)]
    each = rate[:, None, :] * mean
    if usual.own > 0:
        each = each * rng.gamma(1 / usual.own, usual.own, each.shape)
    return rng.poisson(each).astype(np.float64)
