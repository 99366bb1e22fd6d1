"""Ways to carry a total forward: dynamic linear models of its log rate, many settings in one pass.

West and Harrison (1997), Bayesian Forecasting and Dynamic Models; the counts enter through the working
response of a Poisson rate with extra noise, so that small counts and zeros do no harm. The target is
filtered together with the panel's busiest other types, with which it shares part of its season.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any, Final

import numpy as np

from peelian.domain.grid import Floats
from peelian.domain.time import Every
from peelian.models.past import Flags
from peelian.models.totals.known_ahead import KnownAhead

_MONTHS: Final[dict[Every, float]] = {"month": 1.0, "week": 7 / 30.4375, "day": 1 / 30.4375}
_NOISE: Final[dict[Every, float]] = {"month": 0.03, "week": 0.04, "day": 0.08}
"""How much a period's log rate varies of itself, beyond chance counts."""
_DRIFTS: Final = (0.005, 0.015, 0.03, 0.06, 0.12)
_SEASONS: Final = (0.0, 0.05, 0.15)
_TRENDS: Final = (0.0, 0.006)
_DAMPED: Final = 0.9
"""What is left of a trend after a month."""
_SHARED: Final = 0.5
"""Share of the season's variance that all types have in common."""
STARTING: Final = 3
"""How many periods, the first seen, say where a level starts."""
_REACH: Final = 3.0
"""A surprise beyond this many standard deviations counts as this many."""


@dataclass(frozen=True)
class Carrier:
    """One setting: the level's drift a month, the season's scale, the trend's change a month (log rate)."""

    drift: float
    season: float
    trend: float


CARRIERS: Final = tuple(Carrier(*one) for one in product(_DRIFTS, _SEASONS, _TRENDS))


@dataclass(frozen=True, eq=False)
class Filtered:
    """What each carrier holds after each period: `level`, `slope` (P + 1, K), `effect` (P + 1, K, W + D).

    Row t is known from the first t periods alone, so any past cut can be read from it.
    """

    level: Floats
    slope: Floats
    effect: Floats
    damped: float

    def first(self, periods: int) -> Filtered:
        """Give what was held after each of the first periods, which nothing later changes."""
        rows = periods + 1
        return Filtered(self.level[:rows], self.slope[:rows], self.effect[:rows], self.damped)

    def ahead(self, cut: int, lead: int, periods: int, columns: Floats) -> tuple[Floats, Floats]:
        """Carry each carrier's log level and effects to some periods from `lead` after the cut, (K, periods).

        `columns` (periods, W + D) are those of the periods.
        """
        steps = np.arange(lead + 1, lead + periods + 1)
        grown = self.damped * (1 - self.damped**steps) / (1 - self.damped)
        level = self.level[cut][:, None] + self.slope[cut][:, None] * grown
        return level, self.effect[cut] @ columns.T


def run(every: Every, counts: Floats, seen: Flags, known: KnownAhead) -> Filtered:
    """Filter counts (T, P) of the target, first, and its companions; `seen` (T, P) is what was published."""
    state = _State(every, counts, seen, known)
    kinds, periods = counts.shape
    k, wide = len(CARRIERS), known.waves.shape[1] + known.days.shape[1]
    level, slope = np.zeros((periods + 1, k)), np.zeros((periods + 1, k))
    effect = np.zeros((periods + 1, k, wide))
    level[0], slope[0], effect[0] = state.told()
    for t in range(periods):
        state.pass_time()
        for kind in range(kinds):
            if seen[kind, t]:
                state.learn(kind, t, float(counts[kind, t]))
        level[t + 1], slope[t + 1], effect[t + 1] = state.told()
    return Filtered(level, slope, effect, state.damped)


class _State:
    """Means (K, n) and covariances (K, n, n) of all carriers at once.

    Order of the state: T levels, T slopes, W shared waves, then for each type its own W waves and D days.
    """

    def __init__(self, every: Every, counts: Floats, seen: Flags, known: KnownAhead) -> None:
        self.known, self.kinds = known, len(counts)
        self.waves, self.wide = known.waves.shape[1], known.waves.shape[1] + known.days.shape[1]
        t, months, k = self.kinds, _MONTHS[every], len(CARRIERS)
        self.damped = _DAMPED**months
        self.noise = _NOISE[every] ** 2
        n = 2 * t + self.waves + t * self.wide
        drift = np.array([c.drift for c in CARRIERS]) ** 2 * months
        trend = np.array([c.trend for c in CARRIERS]) ** 2
        season = np.array([c.season for c in CARRIERS]) ** 2
        fall = np.repeat([1.0, 0.25], 2)[: self.waves]  # second harmonics are half as large
        start = np.zeros((k, n))
        start[:, :t] = 0.25
        start[:, t : 2 * t] = (4 * trend * months**2)[:, None]
        start[:, 2 * t : 2 * t + self.waves] = _SHARED * season[:, None] * fall
        for kind in range(t):
            own = self.own(kind)
            start[:, own.start : own.start + self.waves] = (1 - _SHARED) * season[:, None] * fall
            start[:, own.start + self.waves : own.stop] = known.scale**2
        self.mean = np.zeros((k, n))
        self.mean[:, :t] = [_first_level(counts[i], seen[i], known.length) for i in range(t)]
        self.cov = start[:, :, None] * np.eye(n)
        grown = np.zeros((k, n))
        grown[:, :t] = drift[:, None]
        grown[:, t : 2 * t] = (trend * months**3)[:, None]
        self.grown = grown
        self.move = np.eye(n)
        self.move[range(t), range(t, 2 * t)] = self.damped
        self.move[range(t, 2 * t), range(t, 2 * t)] = self.damped

    def own(self, kind: int) -> slice:
        """Give where a type's own effects lie."""
        first = 2 * self.kinds + self.waves + kind * self.wide
        return slice(first, first + self.wide)

    def told(self) -> tuple[Floats, Floats, Floats]:
        """Give the target's level, slope and effects, (K,), (K,) and (K, W + D)."""
        effect = self.mean[:, self.own(0)].copy()
        effect[:, : self.waves] += self.mean[:, 2 * self.kinds : 2 * self.kinds + self.waves]
        return self.mean[:, 0].copy(), self.mean[:, self.kinds].copy(), effect

    def pass_time(self) -> None:
        """Let a period go by: levels follow their slopes, and both become less sure."""
        self.mean = self.mean @ self.move.T
        t = 2 * self.kinds
        top = self.move[:t, :t]
        self.cov[:, :t, :] = top @ self.cov[:, :t, :]
        self.cov[:, :, :t] = self.cov[:, :, :t] @ top.T
        at = np.arange(t)
        self.cov[:, at, at] += self.grown[:, :t]

    def learn(self, kind: int, t: int, count: float) -> None:
        """Take in one count."""
        own, k = self.own(kind), self.kinds
        shared = slice(2 * k, 2 * k + self.waves)
        waves, days = self.known.waves[t], self.known.days[t]
        row = np.zeros(self.mean.shape[1])
        row[kind], row[shared] = 1.0, waves
        row[own] = np.concatenate([waves, days])
        expected = np.exp(np.clip(self.mean @ row, -20, 20)) * self.known.length[t]
        gain = self.cov @ row
        doubt = gain @ row + 1 / np.maximum(expected, 0.1) + self.noise
        reach = _REACH * np.sqrt(doubt)
        surprise = np.clip(count / expected - 1, -reach, reach)
        self.mean += gain * (surprise / doubt)[:, None]
        self.cov -= gain[:, :, None] * (gain / doubt[:, None])[:, None, :]


def _first_level(counts: Floats, seen: Flags, length: Floats) -> float:
    """Give the log rate of the first few periods seen: where the level starts, very unsure."""
    first: Any = np.flatnonzero(seen)[:STARTING]
    return float(np.log((counts[first].sum() + 0.5) / (length[first].sum() + 0.5))) if len(first) else 0.0
