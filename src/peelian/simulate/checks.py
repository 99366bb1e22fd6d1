"""Measures of a world, to hold it against what its scenario promises. Checks of the harness, no more."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from peelian.domain.grid import Floats
from peelian.domain.negative_binomial import log_pmf
from peelian.simulate.world import World

Bools = npt.NDArray[np.bool_]


def of_component(world: World, *names: str, reported: bool = True) -> Bools:
    """Mark the true events of some components (all of them, or those with a record), (N,)."""
    known = list(world.scenario.components)
    chosen = np.isin(world.events.k, [known.index(name) for name in names])
    return chosen & world.observed.reported if reported else chosen


def knox_ratio(x: Floats, y: Floats, hour: Floats, *, metres: float = 200.0, days: float = 14.0) -> float:
    """Pairs near in both space and time, over those expected if times were dealt anew to places.

    Knox (1964). The expectation over all permutations is exact: near pairs in space times near pairs in
    time over all pairs. 1 means that being near in space says nothing about being near in time.
    """
    n = len(x)
    pairs = cKDTree(np.column_stack([x, y])).query_pairs(metres, output_type="ndarray")
    both = int((np.abs(hour[pairs[:, 0]] - hour[pairs[:, 1]]) <= days * 24).sum())
    ordered = np.sort(hour)
    in_time = int((np.searchsorted(ordered, ordered + days * 24, side="right") - np.arange(n) - 1).sum())
    return both / (len(pairs) * in_time / (n * (n - 1) / 2))


def share_holding_half(amount: Floats) -> float:
    """Smallest share of the places that together hold half of the amount.

    >>> share_holding_half(np.array([5.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]))
    0.1
    """
    held = np.cumsum(np.sort(amount)[::-1])
    return float((np.searchsorted(held, held[-1] / 2) + 1) / len(amount))


def recovered_branching(world: World, parent: str, child: str) -> float:
    """Children of type `child` for each event of type `parent`, counted from parent ids.

    Events within five time constants of the end are left out: their children may lie beyond it.
    """
    names = list(world.scenario.components)
    tau = world.scenario.components[child].tau * 24
    events = world.events
    early = (events.k == names.index(parent)) & (events.hour < world.clock.hours - 5 * tau)
    mine = (events.k == names.index(child)) & (events.parent >= 0)
    return float(early[events.parent[mine]].sum() / early.sum())


def over_dispersion(counts: npt.ArrayLike) -> float:
    """Variance over mean of counts, across places: 1 for one Poisson rate everywhere."""
    values = np.asarray(counts, float)
    return float(values.var(ddof=1) / values.mean())


def log_score(counts: npt.ArrayLike, mean: Floats) -> float:
    """Mean negative log probability of counts under Poisson means: the truth's is least, in expectation."""
    values = np.asarray(counts, float)
    return float(-log_pmf(values, np.maximum(mean, 1e-9), np.zeros_like(values)).mean())
