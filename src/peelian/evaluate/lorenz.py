"""Lorenz curves of harm over places, busiest first, and the Gini beyond what chance gives at these counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.domain.errors import Refused

Floats = npt.NDArray[np.float64]
SHARES: Final = (0.01, 0.02, 0.05, 0.10, 0.25, 0.50)
WORLDS: Final = 200


@dataclass(frozen=True, eq=False)
class Lorenz:
    """Share of harm in the busiest share of `by`, at `shares`; the same where all are alike; and the Gini.

    Places are ordered by harm for each unit of size (an area, a resident), busiest first. `chance` is the
    mean over worlds where harm falls in proportion to size alone, `chance_low`, `chance_high` the 95 % range.
    `excess` is the Gini less its mean by chance: 0 where places are alike, whatever the counts.
    """

    by: str
    places: int
    events: float
    shares: tuple[float, ...]
    harm: tuple[float, ...]
    chance: tuple[float, ...]
    chance_low: tuple[float, ...]
    chance_high: tuple[float, ...]
    gini: float
    gini_by_chance: float
    excess: float
    p: float


def lorenz_points(counts: Floats, size: Floats) -> tuple[Floats, Floats]:
    """Give the curve from (0, 0) to (1, 1): cumulative share of size and of counts, busiest first.

    Of places alike in counts for each unit of size the one with more counts comes first.

    >>> x, y = lorenz_points(np.array([10.0, 20, 30, 40]), np.array([1.0, 4, 3, 2]))
    >>> x.round(2).tolist(), y.round(2).tolist()
    ([0.0, 0.2, 0.5, 0.6, 1.0], [0.0, 0.4, 0.7, 0.8, 1.0])
    """
    order = np.lexsort((-counts, -counts / size))
    x = np.concatenate([[0.0], np.cumsum(size[order])]) / size.sum()
    y = np.concatenate([[0.0], np.cumsum(counts[order])]) / counts.sum()
    return x, y


def gini_of(x: Floats, y: Floats) -> float:
    """Give twice the area between a curve, busiest first, and the diagonal.

    >>> gini_of(*lorenz_points(np.array([0.0, 0, 0, 4]), np.ones(4)))
    0.75
    """
    return float(((x[1:] - x[:-1]) * (y[1:] + y[:-1])).sum() - 1.0)


def lorenz(counts: Floats, size: Floats, by: str, *, worlds: int = WORLDS, seed: int = 1) -> Lorenz:
    """Compare counts (N,) with worlds in which they fall in proportion to size (N,) alone.

    Places of no size are left out: nobody lives there, or nothing was observed.

    Raises:
        Refused: nothing happened, or no place has a size.
    """
    kept = size > 0
    counts, size = np.asarray(counts, float)[kept], np.asarray(size, float)[kept]
    if not len(counts) or counts.sum() <= 0:
        raise Refused(f"no harm was observed, so its concentration by {by} cannot be told",
                      do="choose another target")  # fmt: skip
    x, y = lorenz_points(counts, size)
    rng = np.random.default_rng([seed, 23])
    made = rng.multinomial(round(counts.sum()), size / size.sum(), worlds).astype(float)
    curves = [lorenz_points(one, size) for one in made]
    ginis = np.array([gini_of(*one) for one in curves])
    at = np.array([np.interp(SHARES, *one) for one in curves])
    low, high = np.percentile(at, [2.5, 97.5], axis=0)
    gini, chance = gini_of(x, y), float(ginis.mean())
    p = (1.0 + float((ginis >= gini - 1e-12).sum())) / (worlds + 1.0)
    return Lorenz(
        by, len(counts), float(counts.sum()), SHARES, tuple(np.interp(SHARES, x, y).tolist()),
        tuple(at.mean(axis=0).tolist()), tuple(low.tolist()), tuple(high.tolist()), gini, chance,
        gini - chance, p,
    )  # fmt: skip
