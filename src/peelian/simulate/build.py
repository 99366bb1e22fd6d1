"""Scenario and seed to files, in one call: what `peelian simulate` and the demonstration run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from peelian.domain.progress import Tick, no_tick
from peelian.simulate.emit import Layout, SimulatedFiles, emit
from peelian.simulate.scenario import load_scenario
from peelian.simulate.world import build_world


def simulate(
    scenario: str = "plain",
    seed: int = 1,
    out: Path = Path("simulated"),
    tick: Tick = no_tick,
    layouts: Sequence[Layout] = ("table", "police_uk", "truth"),
) -> SimulatedFiles:
    """Build the world of a scenario and write its files to `out`.

    Raises:
        Misuse: unknown scenario or layout.
    """
    world = build_world(load_scenario(scenario), seed, lambda what, share: tick(what, 0.4 * share))
    return emit(world, out, layouts=layouts, tick=lambda what, share: tick(what, 0.4 + 0.6 * share))
