"""The area's total, shared by every model: several ways of carrying it forward, weighted by past errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from peelian.domain.grid import Floats
from peelian.domain.panel import Panel
from peelian.domain.time import YEAR_PERIODS, Every, period_starts
from peelian.models.past import Flags, gap_of, seen_periods
from peelian.models.totals.carriers import CARRIERS, Filtered
from peelian.models.totals.known_ahead import KnownAhead, known_ahead
from peelian.models.totals.once import filtered_once

_COMPANIONS: Final[dict[Every, int]] = {"month": 3, "week": 1, "day": 0}
"""How many other types, the busiest, help to learn the season: what is short of history needs them."""
_PRIOR: Final = 6.0
"""Windows' worth of past errors that all carriers are given alike before their own count."""
_YEARS: Final = 4
"""How many past years of errors count."""


@dataclass(frozen=True, eq=False)
class Level:
    """How the total is carried forward: the weight of each carrier, (K,), adding up to one."""

    weights: Floats

    def told(self) -> dict[str, Any]:
        """Give the weighted mean settings, for the run card."""
        drift, season, trend = (
            float(self.weights @ [getattr(c, name) for c in CARRIERS])
            for name in ("drift", "season", "trend")
        )
        return {"drift": round(drift, 4), "season": round(season, 4), "trend": round(trend, 4)}


@dataclass(frozen=True, eq=False)
class Totals:
    """The seen totals (P,) of a panel over the mask's cells, ready to be carried forward from any cut.

    `known` runs on for some periods past the origin.
    """

    every: Every
    total: Floats
    seen: Flags
    known: KnownAhead
    filtered: Filtered

    @classmethod
    def of(cls, panel: Panel, ahead: int) -> Totals:
        """Take the totals, with the calendar of `ahead` more periods."""
        counts = panel.counts.sum(axis=2, dtype=np.float64)
        kinds = _companions(panel, counts)
        seen = np.stack([seen_periods(panel, kind) for kind in kinds])
        return cls.of_counts(panel.every, panel.starts[0], counts[kinds], seen, ahead, panel.calendar)

    @classmethod
    def of_counts(
        cls, every: Every, first: date, counts: Floats, seen: Flags, ahead: int,
        calendar: Mapping[str, tuple[date, ...]],
    ) -> Totals:  # fmt: skip
        """Take counts (T, P) of the target and its companions, and where each was seen."""
        periods = counts.shape[1]
        known = known_ahead(every, period_starts(first, periods + ahead, every), calendar)
        return cls(every, counts[0], seen[0], known, filtered_once(every, counts, seen, known))

    def ahead(self, level: Level, cut: int, at: int, periods: int) -> tuple[float, Floats]:
        """Carry the total forward to `periods` periods from index `at`, from what was seen before `cut`.

        Gives the base (events in a nominal period without season) and each period's factor: season,
        calendar and length. The forecast of a period is their product.
        """
        base, logs = self.each(cut, at, periods)
        first = level.weights @ base[:, 0]
        factor = np.exp(level.weights @ (base + logs) - first) * self.known.length[at : at + periods]
        return float(np.exp(first)), factor

    def each(self, cut: int, at: int, periods: int) -> tuple[Floats, Floats]:
        """Give each carrier's log level and log effects of the periods, both (K, periods)."""
        part = slice(at, at + periods)
        columns = np.concatenate([self.known.waves[part], self.known.days[part]], axis=1)
        return self.filtered.ahead(cut, at - cut, periods, columns)

    def actual(self, at: int, window: int) -> float:
        """Give what was counted in the window that starts at index `at`."""
        return float(self.total[at : at + window].sum())


def _companions(panel: Panel, counts: Floats) -> list[int]:
    """List the target and its busiest companions by index in the panel's types."""
    others = np.argsort(-counts[1:].sum(axis=1), kind="stable")[: _COMPANIONS[panel.every]] + 1
    return [0, *(int(k) for k in others if counts[k].any())]


def choose_level(totals: Totals, *, gap: int, window: int) -> Level:
    """Weigh the carriers by the errors each would have made in the last years.

    The weight is a Gaussian likelihood of the past log errors with its scale fitted: mean square to minus
    half the number of windows that do not overlap. A few windows' worth of the median carrier's error is
    mixed into each, so that a short history leaves all about equal and the mean of many is served.
    """
    usable = past_windows(totals, gap=gap, window=window)
    if not usable:
        return Level(_believed(totals) / _believed(totals).sum())
    square = np.square([_errors(totals, t, gap, window) for t in usable]).sum(axis=0)
    apart = windows_apart(usable, gap + window)
    square = square * apart / len(usable)
    mean = (square + _PRIOR * np.median(square) / apart) / (apart + _PRIOR)
    logs = -0.5 * apart * np.log(np.maximum(mean, 1e-12)) + np.log(_believed(totals))
    weights = np.exp(logs - logs.max())
    return Level(weights / weights.sum())


def _believed(totals: Totals) -> Floats:
    """Give each carrier's weight before its errors: a season is believed once about a year was seen, (K,)."""
    years = int(totals.seen.sum()) / YEAR_PERIODS[totals.every]
    belief = min(max((years - 0.5) / 0.6, 0.05), 1.0)
    return np.array([belief if one.season > 0 else 1.0 for one in CARRIERS])


def past_windows(totals: Totals, *, gap: int, window: int) -> list[int]:
    """List the windows of the last years (their first index) that were seen, with something seen before."""
    year, last = YEAR_PERIODS[totals.every], len(totals.total) - window
    first = max(gap + max(year // 3, 3), last - _YEARS * year)
    if last < first:
        return []
    spaced = np.unique(np.linspace(first, last, 3 * 52).astype(int))
    return [int(t) for t in spaced if totals.seen[t : t + window].all() and totals.seen[: t - gap].any()]


def windows_apart(usable: list[int], reach: int) -> float:
    """Give how many of the windows could be told apart: those that do not overlap, holes not counted."""
    if not usable:
        return 0.0
    return max(min((usable[-1] - usable[0]) / reach, float(len(usable))), 1.0)


def _errors(totals: Totals, at: int, gap: int, window: int) -> Floats:
    """Give each carrier's log error of the window at index `at`, (K,)."""
    base, logs = totals.each(at - gap, at, window)
    expected = np.exp(base + logs) @ totals.known.length[at : at + window]
    out: Floats = np.log((totals.actual(at, window) + 0.5) / (expected + 0.5))
    return out


def level_for(panel: Panel, *, horizon: int, window: int) -> tuple[Totals, Level, dict[str, Any]]:
    """Give a panel's totals, the weights of the ways to carry them on, and the words for the run card."""
    totals = Totals.of(panel, horizon + window)
    level = choose_level(totals, gap=gap_of(panel) + (horizon - 1) // 2, window=window)
    return totals, level, level.told()
