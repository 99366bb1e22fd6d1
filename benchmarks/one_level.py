"""The total as it was carried before: one exponential level, season by ridge. A rival in `totals.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.domain.grid import Floats
from peelian.domain.panel import Panel
from peelian.domain.time import YEAR_PERIODS, Every, period_starts
from peelian.models.past import Flags, gap_of, lengths, phase, seen_periods

_HALF_LIVES: Final[dict[Every, tuple[float, ...]]] = {
    "month": (1.0, 2.0, 4.0, 8.0), "week": (3.0, 6.0, 13.0, 26.0), "day": (14.0, 28.0, 91.0, 182.0),
}  # fmt: skip
_RIDGE: Final = 2.0
"""Pull of the season's coefficients to zero, in periods' worth of data: a year shows a season only once."""
_MARGIN: Final = 0.98
"""A richer or shorter memory must lower the squared error by this much to be chosen."""


@dataclass(frozen=True)
class Level:
    """How the total is carried forward: memory of the level (half-life in periods), waves a year."""

    half_life: float
    harmonics: int


@dataclass(frozen=True, eq=False)
class Totals:
    """The seen totals (P,) of a panel over the mask's cells, ready to be carried forward from any cut.

    `length` and `waves` (sine and cosine columns) run on for some periods past the origin.
    """

    every: Every
    total: Floats
    seen: Flags
    length: Floats
    waves: Floats

    @classmethod
    def of(cls, panel: Panel, ahead: int) -> Totals:
        """Take the totals, with the calendar of `ahead` more periods."""
        total = panel.target_counts.sum(axis=1, dtype=np.float64)
        starts = period_starts(panel.starts[0], len(panel.starts) + ahead, panel.every)
        angle = phase(panel.every, starts)
        waves = np.stack([f(k * angle) for k in (1, 2) for f in (np.sin, np.cos)], axis=1)
        return cls(panel.every, total, seen_periods(panel), lengths(panel.every, starts), waves)

    def ahead(self, level: Level, cut: int, at: int, periods: int) -> tuple[float, Floats]:
        """Carry the total forward to `periods` periods from index `at`, from what was seen before `cut`.

        Gives the base (events in a nominal period without season) and each period's factor: season times
        length. The forecast of a period is their product.
        """
        used = np.flatnonzero(self.seen[:cut])
        season = self._season(level, used)
        weight = 0.5 ** ((cut - 1 - used) / level.half_life)
        base = np.sum(weight * self.total[used]) / np.sum(weight * self.length[used] * season[used])
        part = slice(at, at + periods)
        return float(base), season[part] * self.length[part]

    def _season(self, level: Level, used: npt.NDArray[np.int64]) -> Floats:
        """Fit the season by ridge regression of log rates on waves and a trend; ones when there is none."""
        year = YEAR_PERIODS[self.every]
        if level.harmonics == 0 or len(used) < year * (1 + level.harmonics) / 2:
            return np.ones(len(self.length))
        waves = self.waves[:, : 2 * level.harmonics]
        slope = (used - used.mean()) / year
        trend = [np.ones(len(used)), slope]
        if len(used) > 3 * year:  # a bent trend needs years to be told from a season
            trend += [slope**2, slope**3]
        x = np.column_stack([*trend, waves[used]])
        pull = np.diag([1e-6] * len(trend) + [_RIDGE] * waves.shape[1])
        rate = np.log((self.total[used] + 0.5) / self.length[used])
        fitted = np.linalg.solve(x.T @ x + pull, x.T @ rate)
        out: Floats = np.exp(waves @ fitted[len(trend) :])
        return out

    def actual(self, at: int, window: int) -> float:
        """Give what was counted in the window that starts at index `at`."""
        return float(self.total[at : at + window].sum())


def choose_level(totals: Totals, *, gap: int, window: int) -> Level:
    """Choose the level's memory and season by the errors it would have made in the last two years."""
    year, periods = YEAR_PERIODS[totals.every], len(totals.total)
    last = periods - gap - window
    origins = np.unique(np.linspace(max(year // 2 + gap, last - 2 * year), last, 2 * 26).astype(int))
    usable = [t for t in origins if totals.seen[t : t + window].all() and totals.seen[: t - gap].any()]
    best, least = Level(_HALF_LIVES[totals.every][1], 0), np.inf
    for harmonics in (0, 1, 2):
        for half_life in reversed(_HALF_LIVES[totals.every]):
            level = Level(half_life, harmonics)
            errors = [_error(totals, level, t, gap, window) for t in usable]
            loss = float(np.mean(np.square(errors))) if errors else np.inf
            if loss < least * _MARGIN:
                best, least = level, loss
    return best


def _error(totals: Totals, level: Level, at: int, gap: int, window: int) -> float:
    base, factor = totals.ahead(level, at - gap, at, window)
    return float(np.log((totals.actual(at, window) + 0.5) / (base * factor.sum() + 0.5)))


def one_level(panel: Panel, window: int) -> float:
    """Give the total expected in the window from the panel's origin."""
    totals, at, gap = Totals.of(panel, 1 + window), len(panel.starts), gap_of(panel)
    base, factor = totals.ahead(choose_level(totals, gap=gap, window=window), at - gap, at, window)
    return base * float(factor.sum())
