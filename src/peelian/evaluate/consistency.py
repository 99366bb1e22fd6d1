"""Consistency tests of earthquake-forecast testing: could the forecast's own world have made these counts?

Number, spatial and conditional-likelihood tests (Schorlemmer et al., 2007; Zechar, Gerstenberger and
Rhoades, 2010; Werner et al., 2011), with the forecast's own negative binomial in place of the Poisson: events
come in clusters, so a Poisson test would turn down forecasts that say how uncertain they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.domain import negative_binomial as nb
from peelian.evaluate.calibration import cdf

Floats = npt.NDArray[np.float64]
WORLDS: Final = 99
LEVEL: Final = 0.05
_POISSON_BELOW = 1e-6
_KEYS = 4_000_000


@dataclass(frozen=True)
class Outcome:
    """One origin: chance of as many or more, and of as many or fewer; shares of worlds no likelier."""

    at_least: float
    at_most: float
    spatial: float
    conditional: float

    @property
    def number_kept(self) -> bool:
        """Whether the number is not rejected, at 5 % over both sides."""
        return min(self.at_least, self.at_most) >= LEVEL / 2

    @property
    def spatial_kept(self) -> bool:
        """Whether the places are not rejected, at 5 %."""
        return self.spatial > LEVEL

    @property
    def conditional_kept(self) -> bool:
        """Whether places and windows are not rejected, at 5 %."""
        return self.conditional > LEVEL


def number_test(count: float, mean: float, dispersion: float) -> tuple[float, float]:
    """Give the chances of `count` or more, and of `count` or fewer (delta 1 and 2 of the N-test).

    >>> [round(v, 4) for v in number_test(0.0, 1.0, 0.0)]
    [1.0, 0.3679]
    """
    k, m, a = np.array([np.rint(count)]), np.array([mean]), np.array([dispersion])
    return float(1.0 - cdf(k - 1.0, m, a)[0]), float(cdf(k, m, a)[0])


def likelihood_test(counts: Floats, mean: Floats, dispersion: Floats, rng: np.random.Generator) -> float:
    """Give the share of simulated worlds of as many events that are no likelier than what happened.

    `counts`, `mean`, `dispersion` are flat over bins (cells, or cells and windows). What happened counts as
    one of the worlds, so that the share is never 0 and a true forecast is rejected at 5 % in no more than
    5 of 100 tests. 1 where nothing happened: no event, no test.
    """
    whole = np.rint(counts)
    events = int(whole.sum())
    m, a = np.maximum(mean, 1e-12), np.maximum(dispersion, 0.0)
    if events == 0:
        return 1.0
    hit = np.flatnonzero(whole)
    seen = float(_beyond_none(whole[hit], m[hit], a[hit]).sum())
    drawn = simulated_likelihoods(events, m, a, WORLDS, rng)
    lower = float((drawn < seen - 1e-9).sum() + 0.5 * (np.abs(drawn - seen) <= 1e-9).sum())
    return (1.0 + lower) / (WORLDS + 1.0)


def simulated_likelihoods(
    events: int, mean: Floats, dispersion: Floats, worlds: int, rng: np.random.Generator
) -> Floats:
    """Give the log likelihood, less that of empty bins, of `worlds` worlds with `events` events each.

    A negative binomial count is a Poisson number of clusters of logarithmic size (Quenouille, 1949). Clusters
    are drawn one by one until the number is reached, the last one cut short. Without dispersion each cluster
    is one event and this is the multinomial draw of the Poisson tests.
    """
    spread = dispersion > _POISSON_BELOW
    a = np.where(spread, dispersion, 1.0)
    clusters = np.where(spread, np.log1p(a * mean) / a, mean)
    size_p = np.where(spread, a * mean / (1.0 + a * mean), 0.0)
    edges = np.cumsum(clusters)
    out = np.empty(worlds)
    step = max(min(worlds, _KEYS // max(len(mean), events)), 1)
    for start in range(0, worlds, step):
        many = min(step, worlds - start)
        spot = np.searchsorted(edges, rng.random((many, events)) * edges[-1], side="right")
        spot = np.minimum(spot, len(mean) - 1)
        size = np.ones((many, events), np.int64)
        p = size_p[spot]
        grows = p > 0
        size[grows] = rng.logseries(p[grows])
        reached = np.minimum(np.cumsum(size, axis=1), events)
        size = np.diff(reached, axis=1, prepend=0)
        key = spot + len(mean) * np.arange(many)[:, None]
        held = np.bincount(key.ravel(), size.ravel(), many * len(mean))
        at = np.flatnonzero(held)
        world, place = np.divmod(at, len(mean))
        score = _beyond_none(held[at].astype(float), mean[place], dispersion[place])
        out[start : start + many] = np.bincount(world, score, many)
    return out


def _beyond_none(count: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """Log probability of each count less that of none: bins without events then add nothing."""
    none = np.zeros(len(count))
    out: Floats = nb.log_pmf(count, mean, dispersion) - nb.log_pmf(none, mean, dispersion)
    return out
