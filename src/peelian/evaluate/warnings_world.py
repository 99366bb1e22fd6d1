"""Small worlds of weekly counts whose true rates are known, with bursts planted or none: for power and nulls.

Counts of 250 m squares over a town and its country: log-normal rates with centres, a season, a noisy area
total and negative binomial scatter. Numbers are set to be like a force's ASB; they check the harness, and
say nothing of a real place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from peelian.domain.series import Points, Series
from peelian.domain.time import period_starts, step

Floats = npt.NDArray[np.float64]
SIDE: Final = 250.0
LARGER: Final = 3
"""Squares a side of a larger place: 750 m, near the size of a town's LSOA."""
FIRST: Final = date(2019, 1, 7)
POINT_WEEKS: Final = 52
_SPOTS: Final = 25


@dataclass(frozen=True)
class Recipe:
    """How a world is made: `weekly` reports of the whole area, `weeks` in all, `side` squares a side.

    `dispersion` is of a square's week beyond Poisson, `shared` the area's own (a gamma factor each week);
    `season` the amplitude of a yearly cosine; `drift` the sd of a slow change of places (log scale).
    """

    weekly: float = 350.0
    weeks: int = 220
    side: int = 60
    dispersion: float = 0.2
    shared: float = 0.004
    season: float = 0.2
    drift: float = 0.0


@dataclass(frozen=True)
class Burst:
    """A planted burst: rates of squares within `radius_m` of its centre times `factor`, in [start, end)."""

    easting: float
    northing: float
    radius_m: float
    start: int
    end: int
    factor: float
    expected: float = 0.0
    """Reports expected in its footprint and weeks, had there been no burst."""

    def covers(self, easting: Floats, northing: Floats) -> npt.NDArray[np.bool_]:
        """Say which points lie within its radius."""
        away = np.hypot(easting - self.easting, northing - self.northing)
        out: npt.NDArray[np.bool_] = away <= self.radius_m
        return out


@dataclass(frozen=True, eq=False)
class WeeklyWorld:
    """Counts (P, C) drawn from `mean` (P, C, no bursts) times each burst's factor. Centres in metres."""

    recipe: Recipe
    mean: Floats
    counts: Floats
    bursts: tuple[Burst, ...]
    seed: int

    @cached_property
    def centres(self) -> tuple[Floats, Floats]:
        """Give the squares' centres, easting and northing (C,)."""
        return centres(self.recipe.side)

    @cached_property
    def starts(self) -> tuple[date, ...]:
        """Give the weeks' first days."""
        return tuple(period_starts(FIRST, self.recipe.weeks, "week"))

    @cached_property
    def spots(self) -> npt.NDArray[np.int64]:
        """Give the point of each report of every week and square, one of 25 a square: flat, in order."""
        total = int(self.counts.sum())
        return np.random.default_rng([self.seed, 3]).integers(0, _SPOTS, total)

    @cached_property
    def days(self) -> npt.NDArray[np.int64]:
        """Give the weekday of each report, in the order of `spots`."""
        return np.random.default_rng([self.seed, 4]).integers(0, 7, len(self.spots))

    @cached_property
    def rows(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Give the week and square of each report, in the order of `spots`."""
        week, cell = np.nonzero(self.counts)
        many = self.counts[week, cell].astype(np.int64)
        return np.repeat(week, many), np.repeat(cell, many)

    @cached_property
    def distinct(self) -> Floats:
        """Count (P, C) with reports at one point in one week counted once."""
        week, cell = self.rows
        keys = np.unique((week * self.counts.shape[1] + cell) * _SPOTS + self.spots) // _SPOTS
        out = np.bincount(keys, minlength=self.counts.size).astype(np.float64)
        return out.reshape(self.counts.shape)

    def cells(self, end: int) -> Series:
        """Give the series of squares whose last week is `end` - 1."""
        return self._series(end, "cell", np.arange(self.counts.shape[1]))

    def larger(self, end: int) -> Series:
        """Give the series of larger places (three squares a side) whose last week is `end` - 1."""
        side = self.recipe.side
        at = np.arange(self.counts.shape[1])
        place = (at // side // LARGER) * -(-side // LARGER) + at % side // LARGER
        return self._series(end, "lsoa", place)

    def _series(self, end: int, support: str, place: npt.NDArray[np.int64]) -> Series:
        many = int(place.max()) + 1
        easting, northing = self.centres
        size = np.bincount(place, minlength=many)
        points = self._points(end, place)
        return Series(
            "asb", "week", support, self.starts[:end], step(FIRST, "week", end),
            tuple(f"{support[0]}{k}" for k in range(many)), np.bincount(place, easting, many) / size,
            np.bincount(place, northing, many) / size, _summed(self.counts[:end], place, many),
            np.broadcast_to(np.True_, (end, many)), _summed(self.distinct[:end], place, many), None, points,
        )  # fmt: skip

    def _points(self, end: int, place: npt.NDArray[np.int64]) -> Points:
        week, cell = self.rows
        some = (week < end) & (week >= end - POINT_WEEKS)
        week, cell, spot, day = week[some], cell[some], self.spots[some], self.days[some]
        east, north = self.centres
        tenth = SIDE / 5
        x = east[cell] - SIDE / 2 + (spot % 5 + 0.5) * tenth
        y = north[cell] - SIDE / 2 + (spot // 5 + 0.5) * tenth
        ago = (end - 1 - week) * 7 + 6 - day
        order = np.argsort(-ago, kind="stable")
        return Points(x[order], y[order], ago[order], place[cell[order]], np.ones(len(order)))


def centres(side: int) -> tuple[Floats, Floats]:
    """Give centres of side x side squares in rows, metres from the south-west corner."""
    at = (np.arange(side) + 0.5) * SIDE
    return np.tile(at, side), np.repeat(at, side)


def _summed(counts: Floats, place: npt.NDArray[np.int64], many: int) -> Floats:
    if many == counts.shape[1]:
        return counts
    order = np.argsort(place, kind="stable")
    first = np.searchsorted(place[order], np.arange(many))
    return np.asarray(np.add.reduceat(counts[:, order], first, axis=1), np.float64)


def rates(recipe: Recipe, rng: np.random.Generator) -> Floats:
    """Draw mean rates (P, C): places, centres, season, the area's own weeks."""
    side = recipe.side
    x, y = centres(side)
    log = 1.1 * _smooth(rng, side, 2.0) + 0.8 * rng.normal(size=side * side)
    for _ in range(4):
        at = rng.uniform(0.15, 0.85, 2) * side * SIDE
        log += rng.uniform(1.5, 3.0) * np.exp(-(((x - at[0]) ** 2 + (y - at[1]) ** 2) / (2 * 900.0**2)))
    share = np.exp(log) / np.exp(log).sum()
    week = np.arange(recipe.weeks)
    yearly = 1 + recipe.season * np.cos(2 * np.pi * (week - 28) / 52.18)
    noise = rng.gamma(1 / recipe.shared, recipe.shared, recipe.weeks) if recipe.shared else np.ones(len(week))
    mean = recipe.weekly * (yearly * noise)[:, None] * share[None, :]
    out: Floats = mean * _drift(recipe, rng) if recipe.drift else mean
    return out


def _drift(recipe: Recipe, rng: np.random.Generator) -> Floats:
    state = _smooth(rng, recipe.side, 2.0)
    out = np.empty((recipe.weeks, recipe.side**2))
    for week in range(recipe.weeks):
        out[week] = state
        state = 0.98 * state + np.sqrt(1 - 0.98**2) * _smooth(rng, recipe.side, 2.0)
    return np.asarray(np.exp(recipe.drift * out - recipe.drift**2 / 2), np.float64)


def _smooth(rng: np.random.Generator, side: int, width: float) -> Floats:
    field = ndimage.gaussian_filter(rng.normal(size=(side, side)), width, mode="wrap").ravel()
    return np.asarray(field / field.std(), np.float64)


def weekly_world(recipe: Recipe, seed: int, wanted: Sequence[Burst] = ()) -> WeeklyWorld:
    """Draw a world; the same seed gives the same world, and the same rates with any bursts."""
    mean = rates(recipe, np.random.default_rng([seed, 1]))
    east, north = centres(recipe.side)
    raised, planted = mean.copy(), []
    for burst in wanted:
        inside = burst.covers(east, north)
        part = mean[burst.start : burst.end, inside]
        planted.append(replace(burst, expected=float(part.sum())))
        raised[burst.start : burst.end, inside] *= burst.factor
    rng = np.random.default_rng([seed, 2])
    scatter = rng.gamma(1 / recipe.dispersion, recipe.dispersion, raised.shape) if recipe.dispersion else 1.0
    counts = rng.poisson(raised * scatter).astype(np.float64)
    return WeeklyWorld(recipe, mean, counts, tuple(planted), seed)
