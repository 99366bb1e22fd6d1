"""The measures of the Safer Streets project beside ours, so that both can be read off the same file.

Defined as in their public code (safer-streets/safer-streets-core, `measures.py`, read 2026), written anew:
the Gini of the curve over areas, busiest first; the Gini that equal Poisson counts of the same mean would
have; the modified Gini, which takes that as its zero; over-dispersion; and ways to compare two periods.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from peelian.domain.errors import Refused
from peelian.evaluate.lorenz import gini_of, lorenz_points

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class SaferStreets:
    """One period's measures over N areas."""

    areas: int
    events: float
    naive_gini: float
    poisson_gini: float
    modified_gini: float
    overdispersion: float


@dataclass(frozen=True)
class TwoPeriods:
    """How alike two periods' rankings are: Spearman's rank correlation, cosine, and F1 of the busiest areas.

    `f1` compares the areas that hold the first `threshold` of harm in each period.
    """

    spearman: float
    cosine: float
    f1: float
    threshold: float


def poisson_gini(mean: float) -> float:
    """Give the Gini of independent Poisson counts of one mean: what chance alone makes of equal areas.

    The share of areas with more than k events is 1 - F(k), and they hold the share 1 - F(k - 1) of all.

    >>> round(poisson_gini(1.0), 3), round(poisson_gini(100.0), 3)
    (0.524, 0.056)
    """
    most = int(mean + 12.0 * math.sqrt(mean) + 12.0)
    k = np.arange(most + 1)
    more = stats.poisson.sf(k, mean)
    held = stats.poisson.sf(k - 1, mean)
    x = np.concatenate([more[::-1], [1.0]])
    y = np.concatenate([held[::-1], [1.0]])
    return gini_of(np.concatenate([[0.0], x]), np.concatenate([[0.0], y]))


def safer_streets(counts: Floats) -> SaferStreets:
    """Measure one period's counts (N,), a number for each area, those without events included.

    Raises:
        Refused: fewer than two areas, or nothing happened.
    """
    held = np.asarray(counts, float)
    if len(held) < 2 or held.sum() <= 0:
        raise Refused("no harm was observed in two areas or more", do="choose another target or period")
    naive = gini_of(*lorenz_points(held, np.ones(len(held))))
    mean = float(held.mean())
    chance = poisson_gini(mean)
    area, area0 = (naive + 1.0) / 2.0, (chance + 1.0) / 2.0
    spread = float(held.std(ddof=1)) / mean - 1.0 / math.sqrt(mean)
    return SaferStreets(len(held), float(held.sum()), naive, chance, (area - area0) / (1.0 - area0), spread)


def two_periods(first: Floats, then: Floats, threshold: float = 0.5) -> TwoPeriods:
    """Compare two periods' counts (N,) of the same areas."""
    rank = stats.spearmanr(first, then).statistic if len(first) > 1 else float("nan")
    cosine = float(first @ then) / math.sqrt(float(first @ first) * float(then @ then))
    a, b = (_holds(one, threshold) for one in (first, then))
    both = float((a & b).sum())
    return TwoPeriods(float(rank), cosine, 2.0 * both / float(a.sum() + b.sum()), threshold)


def _holds(counts: Floats, threshold: float) -> npt.NDArray[np.bool_]:
    """Mark the busiest areas whose harm, added up from the quietest, lies past 1 - threshold."""
    order = np.argsort(counts, kind="stable")
    out = np.zeros(len(counts), np.bool_)
    out[order] = np.cumsum(counts[order]) / counts.sum() > 1.0 - threshold
    return out
