"""A world: the land, what happened on it, and what was recorded. The same seed gives the same world."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.progress import Tick, no_tick
from peelian.simulate.clock import Clock, build_clock
from peelian.simulate.facilities import Facilities, build_facilities
from peelian.simulate.happen import Happened, happen
from peelian.simulate.intensity import Intensity, build_intensity
from peelian.simulate.land import Ints, Land, build_land, build_lsoas
from peelian.simulate.observe import Observed, observe
from peelian.simulate.scenario import Scenario
from peelian.simulate.streets import Streets, build_streets

LSOA_PREFIX = "X010"
"""Fictional area codes start so; real ones start E01 or W01."""


@dataclass(frozen=True, eq=False)
class World:
    """All of one simulated place. `lsoa` gives each land cell's index into `lsoa_codes` and `lsoa_names`;
    `silent` marks land cells that never publish."""

    scenario: Scenario
    seed: int
    land: Land
    facilities: Facilities
    streets: Streets
    lsoa: Ints
    lsoa_codes: tuple[str, ...]
    lsoa_names: tuple[str, ...]
    silent: npt.NDArray[np.bool_]
    clock: Clock
    intensity: Intensity
    events: Happened
    observed: Observed

    @property
    def published(self) -> npt.NDArray[np.bool_]:
        """Which true events have a record that is published, (N,)."""
        return self.observed.reported & ~self.silent[self.events.cell]


def _silent(scenario: Scenario, land: Land) -> npt.NDArray[np.bool_]:
    x, y = GRID.centre(land.cells)
    x0, y0 = scenario.geography.centre
    out = np.zeros(len(land.cells), bool)
    for gap in scenario.gaps:
        west, south, east, north = gap.box
        out |= (x - x0 >= west) & (x - x0 < east) & (y - y0 >= south) & (y - y0 < north)
    return out


def _lsoa_names(scenario: Scenario, land: Land, lsoa: Ints) -> tuple[str, ...]:
    x, y = GRID.centre(land.cells)
    size = np.bincount(lsoa)
    middle = np.column_stack([np.bincount(lsoa, x) / size, np.bincount(lsoa, y) / size])
    gap = np.hypot(middle[:, None, 0] - land.towns[None, :, 0], middle[:, None, 1] - land.towns[None, :, 1])
    town = np.argmin(gap / land.radius, axis=1)
    out = []
    seen = [0] * len(land.towns)
    for k in town:
        group, letter = divmod(seen[k], 5)
        out.append(f"{scenario.geography.towns[k].name} {group + 1:03d}{'ABCDE'[letter]}")
        seen[k] += 1
    return tuple(out)


def build_world(scenario: Scenario, seed: int = 1, tick: Tick = no_tick) -> World:
    """Make a world from a scenario and a seed. Coordinates are EPSG:27700 metres over open sea.

    Every simulated number is a check of the harness; none says how well anything works on a real place.
    """
    land_rng, place_rng, rate_rng, event_rng, mark_rng = (
        np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(5)
    )
    tick("laying out the island", 0.0)
    land = build_land(scenario.geography, land_rng)
    lsoa = build_lsoas(land, min(scenario.geography.lsoas, len(land.cells)))
    facilities = build_facilities(scenario.geography, land, place_rng)
    streets = build_streets(scenario.geography, land, facilities, place_rng)
    clock = build_clock(scenario)
    tick("setting the true rates", 0.2)
    intensity = build_intensity(scenario, land, streets, clock, rate_rng)
    tick("letting events happen", 0.4)
    events = happen(scenario, land, streets, clock, intensity, event_rng)
    tick("recording them", 0.8)
    observed = observe(scenario, clock, intensity, events, mark_rng)
    codes = tuple(f"{LSOA_PREFIX}{k + 1:05d}" for k in range(int(lsoa.max()) + 1))
    names = _lsoa_names(scenario, land, lsoa)
    tick("the world is made", 1.0)
    return World(
        scenario, seed, land, facilities, streets, lsoa, codes, names, _silent(scenario, land), clock,
        intensity, events, observed,
    )  # fmt: skip
