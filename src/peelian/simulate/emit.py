"""Writing a world's files, in the layouts of real feeds, with the truth beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal

import numpy as np

from peelian.domain.errors import Misuse
from peelian.domain.progress import Tick, no_tick
from peelian.domain.time import Every
from peelian.simulate.agencies.write import FEEDS, AgencyFiles, Hole, write_agencies
from peelian.simulate.emit_audit import write_lookups
from peelian.simulate.emit_police_uk import write_police_uk
from peelian.simulate.emit_scene import write_scene
from peelian.simulate.emit_table import write_extract
from peelian.simulate.published import published_frame
from peelian.simulate.truth import write_truth
from peelian.simulate.world import World

Layout = Literal["table", "police_uk", "agencies", "truth"]
LAYOUTS: Final[tuple[Layout, ...]] = ("table", "police_uk", "agencies", "truth")


@dataclass(frozen=True)
class SimulatedFiles:
    """Where the files are. What was not asked for is None or empty."""

    folder: Path
    area: Path
    scene: Path
    extract: Path | None = None
    mapping: Path | None = None
    street: tuple[Path, ...] = ()
    outcomes: tuple[Path, ...] = ()
    truth: Path | None = None
    truth_events: Path | None = None
    records: int = 0
    agencies: AgencyFiles | None = None

    def paths(self) -> dict[str, Path]:
        """Give each thing that was written, by name; monthly files as the folder that holds them."""
        named = {
            "area": self.area, "scene": self.scene, "extract": self.extract, "mapping": self.mapping,
            "police_uk": self.street[0].parents[1] if self.street else None,
            "truth": self.truth, "truth_events": self.truth_events,
        }  # fmt: skip
        named |= self.agencies.paths() if self.agencies else {}
        return {name: path for name, path in named.items() if path is not None}


def emit(
    world: World,
    out: Path,
    *,
    layouts: Sequence[Layout] = LAYOUTS,
    hole: Sequence[date] = (),
    feeds: Sequence[str] = FEEDS,
    feed_holes: Mapping[str, Hole] | None = None,
    truth_every: Every = "month",
    tick: Tick = no_tick,
) -> SimulatedFiles:
    """Write a world's files to `out`. The same world gives the same bytes.

    `hole` (first, last day) leaves those months out of the police_uk layout: never published, not zero;
    `feed_holes` does so, by feed, for the agencies' files. `feeds` names those to write (all).

    Raises:
        Misuse: an unknown layout, or a hole that is not two days in order.
    """
    unknown = set(layouts) - set(LAYOUTS)
    if unknown:
        raise Misuse(f"unknown layout {', '.join(sorted(unknown))}", expected=", ".join(LAYOUTS))
    if len(hole) not in (0, 2) or (len(hole) == 2 and hole[0] > hole[1]):
        raise Misuse("the hole is not a first and a last day", expected="two days in order")
    out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(np.random.SeedSequence([world.seed, 0x65]))
    tick("drawing the map's scene", 0.0)
    scene, area = write_scene(world, out)
    write_lookups(world, out)
    records = published_frame(world)
    extract = mapping = truth = truth_events = None
    street: tuple[Path, ...] = ()
    outcomes: tuple[Path, ...] = ()
    if "table" in layouts:
        tick("writing the crime extract", 0.2)
        extract, mapping = write_extract(world, records, out)
    if "police_uk" in layouts:
        tick("writing monthly street and outcomes files", 0.5)
        street, outcomes = write_police_uk(world, records, out / "police_uk", hole, rng)
    agencies = None
    if "agencies" in layouts:
        tick("writing the agencies' files", 0.7)
        agencies = write_agencies(world, records, out, feeds=feeds, hole=feed_holes)
    if "truth" in layouts:
        tick("writing the truth", 0.8)
        truth, truth_events = write_truth(world, out, truth_every)
    tick("files written", 1.0)
    return SimulatedFiles(
        out,
        area,
        scene,
        extract,
        mapping,
        street,
        outcomes,
        truth,
        truth_events,
        len(records),
        agencies,
    )
