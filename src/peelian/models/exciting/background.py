"""The background: one gamma-distributed rate per cell, its prior's mean and shape learned from all cells.

A background that is one smooth surface, or that is too free, makes the rest of the process lie: places that
are simply busy look like repeats, or repeats look like busy places. So each cell has a rate of its own with a
posterior of its own, and the rates are integrated out at a few points each.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from peelian.domain.grid import Cells, Floats
from peelian.models.exciting.events import Flags, Ground

_WIDTHS = (1.0, 3.0)
"""Widths of the surroundings tried for the prior's mean, in cells."""
_EVEN = (0.02, 0.2, 1.0)
"""Shares of the prior's mean spread evenly that are tried; 1 says that surroundings teach nothing."""
_SHAPES = np.geomspace(0.02, 50.0, 28)
NODES, _CHANCE = np.polynomial.hermite_e.hermegauss(7)
_LOG_CHANCE = np.log(_CHANCE / _CHANCE.sum()) + NODES**2 / 2


@dataclass(frozen=True, eq=False)
class Prior:
    """Gamma prior of rates: `shape`, `mean` (A,) events a day of active cells, `quiet` (Q,) of the others.

    An active cell holds an event; `days` are looked at in each cell.
    """

    shape: float
    mean: Floats
    quiet: Floats
    days: float

    def log_silence(self) -> float:
        """Give the log probability that all quiet cells hold nothing."""
        return float(-self.shape * np.log1p(self.quiet * self.days / self.shape).sum())

    def quiet_rate(self) -> Floats:
        """Give the posterior mean rate of the quiet cells, (Q,)."""
        return self.shape / (self.shape / self.quiet + self.days)


@dataclass(frozen=True, eq=False)
class Rates:
    """What is known of the active cells' rates: chances (A, 1 + G), adding up to one, of `points` (A, 1 + G).

    In cells of `few` events the points are Gauss-Laguerre's for the prior, and every integral is exact, since
    the likelihood is a polynomial. In others they lie where the posterior does. The first point is rate 0,
    which has no chance of its own.
    """

    points: Floats
    log_step: Floats
    chance: Floats
    few: Flags
    count: Floats

    @property
    def mean(self) -> Floats:
        """Posterior means, (A,)."""
        out: Floats = (self.points * self.chance).sum(axis=1)
        return out


_LOWEST: Final = 0.42
"""Least middle of the points, as a part of the cube root of the rate were all events background."""
_FEW: Final = len(NODES) - 1
"""G points integrate polynomials of degree 2G - 1 exactly, and a logarithm with those of degree G - 1."""


def placed(count: Floats, rate: Floats, shape: Floats, prior: Prior) -> Rates:
    """Place the points for cells (A,) of `count` events, given a first posterior mean and shape."""
    middle = np.cbrt(rate)
    near = _hermite(middle, middle / (3 * np.sqrt(shape)), count)
    return _with_few(near, count <= _FEW, prior)


def placed_anew(rates: Rates, prior: Prior, *, move: bool) -> Rates:
    """Move the points of few to where a new prior wants them; with `move`, the others to the posterior."""
    if not move:
        return _with_few(rates, rates.few, prior, keep=True)
    root = np.cbrt(rates.points)
    middle = (root * rates.chance).sum(axis=1)
    spread = np.sqrt(np.maximum((root**2 * rates.chance).sum(axis=1) - middle**2, 1e-18))
    # where nearly all events may be repeats the posterior has a peak at 0 and a hill: points must see both
    least = _LOWEST * np.cbrt(rates.count / (prior.shape / prior.mean + prior.days))
    spread = np.where(middle < least, middle.max() + least, spread)
    moved = _hermite(np.maximum(middle, least), spread, rates.count)
    chance = np.where(rates.few[:, None], rates.chance, moved.chance)
    return _with_few(replace(moved, chance=chance), rates.few, prior, keep=True)


def _hermite(middle: Floats, spread: Floats, count: Floats) -> Rates:
    """Place Gauss-Hermite points on the cube root of the rate, whose posterior is nearly normal.

    Wilson and Hilferty 1931 showed this of the gamma distribution.
    """
    spread = np.minimum(spread, 0.92 / NODES[-1] * middle)
    root = np.concatenate([np.zeros((len(middle), 1)), middle[:, None] + spread[:, None] * NODES], axis=1)
    log_step = np.full(root.shape, -np.inf)
    log_step[:, 1:] = _LOG_CHANCE + np.log(3 * root[:, 1:] ** 2 * spread[:, None] * np.sqrt(2 * np.pi))
    chance = np.tile(np.concatenate([[0.0], _CHANCE / _CHANCE.sum()]), (len(middle), 1))
    return Rates(root**3, log_step, chance, np.zeros(len(middle), bool), count)


def _with_few(rates: Rates, few: Flags, prior: Prior, *, keep: bool = False) -> Rates:
    from scipy.special import roots_genlaguerre  # late: scipy costs every command a second

    nodes, weights = roots_genlaguerre(len(NODES), prior.shape - 1)
    weights = weights / weights.sum()
    points, log_step, chance = rates.points.copy(), rates.log_step.copy(), rates.chance.copy()
    speed = prior.shape / prior.mean[few] + prior.days
    points[few, 1:] = nodes / speed[:, None]
    log_step[few, 1:] = np.log(weights)
    if not keep:
        chance[few, 1:] = weights
    return Rates(points, log_step, chance, few, rates.count)


def weighed(rates: Rates, log_likelihood: Floats, prior: Prior) -> tuple[Rates, float]:
    """Give the points their chances, and the log marginal likelihood of all cells.

    `log_likelihood` (A, 1 + G) is the sum of the log intensities of each active cell's events at its points.
    """
    logs = log_likelihood + rates.log_step
    many = ~rates.few
    logs[many, 1:] += _log_density(rates.points[many, 1:], prior.shape, prior.mean[many], prior.days)
    top = logs.max(axis=1, keepdims=True)
    chance = np.exp(logs - top)
    whole = chance.sum(axis=1, keepdims=True)
    evidence = float((np.log(whole) + top).sum()) + prior.log_silence()
    evidence += float(_log_left(prior.shape, prior.mean[rates.few], prior.days).sum())
    return replace(rates, chance=chance / whole), evidence


def _log_density(rate: Floats, a: float, mean: Floats, days: float) -> Floats:
    """Log prior density of rates (A, G), times the chance of nothing else in `days`."""
    from scipy.special import gammaln  # late: scipy costs every command a second

    speed = (a / mean)[:, None]
    out: Floats = a * np.log(speed) - gammaln(a) + (a - 1) * np.log(rate) - (speed + days) * rate
    return out


def _log_left(a: float, mean: Floats, days: float) -> Floats:
    """Log of the prior's expectation of exp(-days x rate)."""
    out: Floats = -a * np.log1p(mean * days / a)
    return out


def rescaled(prior: Prior, rates: Rates) -> Prior:
    """Move the prior's scale one step up the marginal likelihood, the mean map and shape being kept."""
    cells = len(prior.mean) + len(prior.quiet)
    # the likeliest factor: only so do rates and repeats add up to the events that were counted
    met = float((rates.mean / prior.mean).sum()) + float((prior.quiet_rate() / prior.quiet).sum())
    factor = max(met / cells, 1e-6)
    return Prior(prior.shape, prior.mean * factor, prior.quiet * factor, prior.days)


def centred(prior: Prior, count: Floats) -> Prior:
    """Put each cell's prior where its own count, shrunk by the first prior, lies.

    How much cells differ then tells nothing of repeats: a long memory would else pass for a spread between
    cells that the gamma distribution does not fit. Only when and beside what events happen is left to tell.
    """
    mean = (prior.shape + count) / (prior.shape / prior.mean + prior.days)
    return Prior(prior.shape, mean, prior.quiet_rate(), prior.days)


def first_prior(count: Floats, active: Cells, ground: Ground, days: float) -> Prior:
    """Choose mean and shape under which plain counts of the cells (box, flat) are likeliest.

    The mean is the surroundings' rate without the cell itself, mixed with the even spread.
    """
    from scipy.special import gammaln  # late: scipy costs every command a second

    inside = ground.inside.ravel()
    calm = inside.copy()
    calm[active] = False
    even = count[inside].sum() / inside.sum() / days
    best: tuple[float, Prior] | None = None
    for width in _WIDTHS:
        near = _around(count.reshape(ground.inside.shape), ground, width).ravel() / days
        near *= even / max(float(near[inside].mean()), 1e-300)
        for part in _EVEN:
            mean = np.maximum((1 - part) * near + part * even, 1e-12)
            for a in _SHAPES:
                due = mean[active] * days
                n = count[active]
                score = gammaln(a + n) - gammaln(a) + a * np.log(a / (a + due)) + n * np.log(due / (a + due))
                prior = Prior(float(a), mean[active], mean[calm], days)
                whole = float(score.sum()) + prior.log_silence()
                if best is None or whole > best[0]:
                    best = whole, prior
    assert best is not None
    return best[1]


def _around(values: Floats, ground: Ground, width: float) -> Floats:
    """Give a Gaussian mean of the mask's cells around each cell, the cell itself left out."""
    from scipy.ndimage import gaussian_filter  # late: scipy costs every command a second

    def smooth(v: Floats) -> Floats:
        out: Floats = gaussian_filter(v, width, mode="constant", truncate=3.0)
        return out

    unit = np.zeros((2 * int(3 * width) + 3,) * 2)
    unit[len(unit) // 2, len(unit) // 2] = 1.0
    own = float(smooth(unit).max())
    mask = ground.inside.astype(float)
    held = np.where(ground.inside, values, 0.0)
    out: Floats = np.maximum(smooth(held) - own * held, 0.0) / np.maximum(smooth(mask) - own * mask, 1e-9)
    return out
