"""The full simulator as a check of the small worlds: ASB of a fictional force, with bursts planted in it.

Streets, towns, near repeats, drift and reporting are the simulator's own (docs/simulator.md). Bursts are its
planted surprises, sized so that the recorded rate of the footprint is multiplied. Nothing of the simulator
is changed, so its truth file records them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from peelian.evaluate.warnings_plant import APART_M, BANDS, FACTOR, LEAST, RADIUS_M, WEEKS
from peelian.evaluate.warnings_world import SIDE, Burst, Floats, Recipe, WeeklyWorld, centres
from peelian.simulate.scenario import Planted, Scenario, load_scenario
from peelian.simulate.truth import build_truth, recorded_counts
from peelian.simulate.world import World, build_world

KIND: Final = "asb"
_WEEKS_A_MONTH: Final = 365.25 / 12 / 7
_TRIES: Final = 4000


@dataclass(frozen=True, eq=False)
class Box:
    """The square of squares that holds the island: its side in squares, its corner and its land."""

    side: int
    easting: float
    northing: float
    where: np.ndarray

    def laid(self, land: Floats) -> Floats:
        """Lay (P, land cells) out over the whole square, nothing at sea."""
        out = np.zeros((len(land), self.side**2))
        out[:, self.where] = land
        return out


def simulated_world(seed: int, many: int, first: int, *, scale: float = 1.0) -> WeeklyWorld:
    """Give a simulated force's weekly ASB with up to `many` bursts that begin near week `first`.

    Rates are expected recorded events of each square and week, given what happened before, without bursts.
    """
    scenario = _only_asb(load_scenario("plain")).changed(scale=scale)
    calm = build_world(scenario, seed)
    box, whole = _box(calm), _whole_weeks(calm)
    laid = box.laid(build_truth(calm, "week").recorded[0])[whole]
    bursts = _planted_at(laid, box, seed, first, many)
    world = build_world(scenario.changed(planted=tuple(_plant(calm, b, box) for b in bursts)), seed)
    counts = box.laid(recorded_counts(world, "week")[0].astype(np.float64))[whole]
    recipe = Recipe(float(counts.sum(axis=1).mean()), len(counts), box.side, 0.0, 0.0, 0.0)
    return WeeklyWorld(recipe, laid, counts, bursts, seed)


def _only_asb(scenario: Scenario) -> Scenario:
    part = scenario.components[KIND].model_copy(update={"excites": {}})
    nights = tuple(n.model_copy(update={"components": (KIND,)}) for n in scenario.calendar.nights)
    calendar = scenario.calendar.model_copy(update={"nights": nights})
    return scenario.changed(components={KIND: part}, planted=(), gaps=(), calendar=calendar)


def _whole_weeks(world: World) -> slice:
    """Give the weeks that lie wholly in the run; the first begins on its first Monday."""
    days = world.clock.days
    cut = int(days[0].weekday() > 0)
    return slice(cut, cut + (len(days) - _monday(world)) // 7)


def _monday(world: World) -> int:
    return -world.clock.days[0].weekday() % 7


def _box(world: World) -> Box:
    column, row, columns, rows = world.land.box
    side = max(columns, rows)
    where = world.land.where // columns * side + world.land.where % columns
    return Box(side, column * SIDE, row * SIDE, where)


def _planted_at(mean: Floats, box: Box, seed: int, first: int, many: int) -> tuple[Burst, ...]:
    """Draw bursts as the small worlds do: bands take turns, far from one another."""
    rng = np.random.default_rng([seed, 12])
    east, north = centres(box.side)
    busy = np.flatnonzero(mean.sum(axis=0) > 0)
    out: list[Burst] = []
    for k in range(many):
        low, high = BANDS[(seed + k) % len(BANDS)]
        for _ in range(_TRIES):
            at = int(rng.choice(busy))
            start = first + int(rng.integers(0, 2))
            end = start + int(rng.integers(WEEKS[0], WEEKS[1] + 1))
            x, y = east[at] + rng.uniform(-125, 125), north[at] + rng.uniform(-125, 125)
            one = Burst(x, y, float(rng.uniform(*RADIUS_M)), start, end, float(rng.uniform(*FACTOR)))
            expected = float(mean[start:end, one.covers(east, north)].sum())
            far = all(np.hypot(x - b.easting, y - b.northing) > APART_M for b in out)
            if far and max(low, LEAST) <= expected < high:
                out.append(Burst(x, y, one.radius_m, start, end, one.factor, expected))
                break
    return tuple(out)


def _plant(world: World, burst: Burst, box: Box) -> Planted:
    """Give the simulator's planted surprise: recorded events a month on top of those expected."""
    weeks = burst.end - burst.start
    extra = (burst.factor - 1) * burst.expected / weeks * _WEEKS_A_MONTH
    town = world.land.towns[0]
    monday = _monday(world)
    return Planted.model_validate({
        "kind": "burst", "name": f"planted, times {burst.factor:.1f}", "town": 0, "radius": burst.radius_m,
        "offset": (burst.easting + box.easting - town[0], burst.northing + box.northing - town[1]),
        "components": (KIND,), "monthly": {KIND: extra},
        "from": monday + 7 * burst.start, "to": monday + 7 * burst.end,
    })  # fmt: skip
