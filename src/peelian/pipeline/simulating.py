"""Simulate: a fictional force area with known truth, written in the layouts of real feeds."""

from __future__ import annotations

from pathlib import Path

from peelian.domain.progress import Tick, no_tick
from peelian.simulate.agencies.write import FEEDS
from peelian.simulate.emit import LAYOUTS, Layout, SimulatedFiles, emit
from peelian.simulate.scenario import load_scenario
from peelian.simulate.world import build_world


def simulate(
    scenario: str,
    seed: int,
    out: Path,
    tick: Tick = no_tick,
    layouts: tuple[Layout, ...] = LAYOUTS,
    feeds: tuple[str, ...] = FEEDS,
) -> SimulatedFiles:
    """Build a world and write its files; the same scenario and seed give the same bytes.

    `feeds` names the agencies' files to write.

    Raises:
        Misuse: an unknown scenario.
    """
    tick("drawing the land and the events", 0.0)
    world = build_world(load_scenario(scenario), seed)
    return emit(world, out, layouts=layouts, feeds=feeds, tick=tick)


def listed(files: SimulatedFiles) -> dict[str, str]:
    """Name what was written, for people and machines."""
    out = {"area": files.area, "scene": files.scene, "crime extract": files.extract}
    out |= {"mapping": files.mapping, "truth": files.truth}
    if files.street:
        out["police.uk layout"] = files.street[0].parent.parent
    out |= files.agencies.paths() if files.agencies else {}
    return {name: str(path) for name, path in out.items() if path is not None}
