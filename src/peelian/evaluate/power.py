"""Power: the smallest gain that so few events could have shown, found by simulating from the forecast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.evaluate.compare import Resampling
from peelian.evaluate.interval import ratio_interval

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
POWER: Final = 0.8
WORLDS: Final = 200
_NORMAL: Final = 2 * (1.959964 + 0.841621) ** 2
"""Events x gain at which a log-likelihood ratio is found four times in five, were it normal: 15.7."""
_DRAWS: Final = 400
_STEPS: Final = (0.5, 0.7, 0.85, 1.0, 1.2, 1.5, 2.0, 3.0, 5.0, 8.0)


@dataclass(frozen=True)
class Power:
    """What so many events could show.

    `gain` is the smallest log-score gain (nats an event) found at 95 % in four worlds of five, and
    `reached` says whether any simulated gain was (else `gain` is the largest tried). `false` is how often a
    gain was "found" where there was none. `hit_error` (S,) is the standard error of the hit rate at each
    share, were the forecast true.
    """

    events: float
    gain: float
    reached: bool
    false: float
    hit_error: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Pairs:
    """M pairs of a window and a place whose outcome was observed, flat.

    `mean`, `rival`, `dispersion` (M,) of the forecast judged and of the plain count; `unit` (M,) is what is
    redrawn together (origin or block of the map), of `units`; `chosen` (S, M) is the chance of being in each
    share of the area.
    """

    mean: Floats
    rival: Floats
    dispersion: Floats
    unit: Ints
    units: int
    chosen: Floats


def power(pairs: Pairs, events: float, how: Resampling, seed: int) -> Power:
    """Simulate worlds of about `events` events between the rival and the forecast, and beyond it.

    The truth is the rival bent towards the forecast (a geometric mean of the two) as far as a gain of a given
    size needs, and the forecast knows it; the same interval as the backtest's decides whether it is found.
    Events cluster as the forecast's dispersion says; the gain is that of the Poisson log score, near the
    backtest's where a place seldom sees two.
    """
    rng = np.random.default_rng([seed, 13])
    q, bend = pairs.rival / pairs.rival.sum(), _bend(pairs)
    spread = float(q @ (bend - q @ bend) ** 2)
    far = float(np.sqrt(2 * _NORMAL / max(events * spread, 1e-12)))  # near q the gain is far^2 x spread / 2
    gains, found = [0.0], [_false(q, _bent(q, bend, far), pairs, events, how, rng)]
    for step in _STEPS:
        p = _bent(q, bend, far * step)
        gains.append(_kl(p, q))
        found.append(_share_found(p, p, q, pairs, events, how, rng))
        if found[-1] > 0.95:
            break
    smallest, reached = _at(gains, found)
    return Power(events, smallest, reached, found[0], _hit_error(pairs, events, rng))


def _bend(pairs: Pairs) -> Floats:
    """Give the direction from the rival to the forecast, in logs; the rival's own contrast if they agree."""
    rival = np.log(np.maximum(pairs.rival, 1e-300))
    away: Floats = np.log(np.maximum(pairs.mean, 1e-300)) - rival
    weight = pairs.rival / pairs.rival.sum()
    if float(weight @ (away - weight @ away) ** 2) < 1e-6:
        away = rival
    return away


def _bent(q: Floats, bend: Floats, far: float) -> Floats:
    logs = np.log(np.maximum(q, 1e-300)) + far * bend
    p = np.exp(logs - logs.max())
    out: Floats = p / p.sum()
    return out


def _kl(p: Floats, q: Floats) -> float:
    some = p > 0
    return float(p[some] @ np.log(p[some] / np.maximum(q[some], 1e-300)))


def _draw(p: Floats, pairs: Pairs, events: float, rng: np.random.Generator) -> tuple[Ints, Floats]:
    """Draw a world: places of clusters and their sizes (a negative binomial is a Poisson of clusters)."""
    mean, a = p * events, np.maximum(pairs.dispersion, 1e-9)
    clusters = np.cumsum(np.log1p(a * mean) / a)
    n = int(rng.poisson(clusters[-1]))
    at = np.minimum(np.searchsorted(clusters, rng.random(n) * clusters[-1]), len(p) - 1)
    chance = np.clip(a[at] * mean[at] / (1 + a[at] * mean[at]), 1e-12, 1 - 1e-9)
    return at.astype(np.int64), rng.logseries(chance).astype(np.float64)


def _ratio(p: Floats, q: Floats) -> Floats:
    out: Floats = np.log(np.maximum(p, 1e-300) / np.maximum(q, 1e-300))
    return out


def _false(
    q: Floats, p: Floats, pairs: Pairs, events: float, how: Resampling, rng: np.random.Generator
) -> float:
    """Give how often a gain is found where the truth lies half-way, so that neither forecast is better."""
    ratio, low, high = _ratio(p, q), 0.0, 1.0
    truth = q
    for _ in range(30):
        middle = (low + high) / 2
        truth = _bent(q, ratio, middle)
        low, high = (middle, high) if float(truth @ ratio) < 0 else (low, middle)
    return _share_found(truth, p, q, pairs, events, how, rng)


def _share_found(
    truth: Floats, p: Floats, q: Floats, pairs: Pairs, events: float, how: Resampling,
    rng: np.random.Generator,
) -> float:  # fmt: skip
    """Give the share of worlds drawn from `truth` in which forecast `p` is found better than `q`."""
    ratio = _ratio(p, q)
    expected = events * np.bincount(pairs.unit, p - q, pairs.units)  # what each unit was promised more
    found = 0
    for _ in range(WORLDS):
        at, size = _draw(truth, pairs, events, rng)
        above = np.bincount(pairs.unit[at], size * ratio[at], pairs.units) - expected
        below: Floats = np.bincount(pairs.unit[at], size, pairs.units).astype(float)
        if below.sum() > 0 and ratio_interval(above, below, how.weights[:_DRAWS], how.units).above_zero:
            found += 1
    return found / WORLDS


def _at(gains: list[float], found: list[float]) -> tuple[float, bool]:
    """Give the gain at which the share found crosses four in five, on the square root of the gain."""
    for k in range(1, len(gains)):
        if found[k] >= POWER:
            low, high = np.sqrt(gains[k - 1]), np.sqrt(gains[k])
            part = (POWER - found[k - 1]) / max(found[k] - found[k - 1], 1e-9)
            return float((low + min(max(part, 0.0), 1.0) * (high - low)) ** 2), True
    return gains[-1], False


def _hit_error(pairs: Pairs, events: float, rng: np.random.Generator) -> tuple[float, ...]:
    p = pairs.mean / pairs.mean.sum()
    rates = []
    for _ in range(WORLDS):
        at, size = _draw(p, pairs, events, rng)
        if len(at):
            rates.append(pairs.chosen[:, at] @ size / size.sum())
    return tuple(float(v) for v in np.std(np.array(rates), axis=0))
