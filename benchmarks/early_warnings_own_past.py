"""What the own past costs and gains: the same worlds judged with it and without.

    python benchmarks/early_warnings_own_past.py KIND SEED [SEED ...]

KIND is `null` (small worlds), `simulated` (the full simulator, nothing planted) or `bursts` (small worlds
with four bursts each). Prints a line a world: new false warnings in 16 weeks, or each burst's band (0 to 2)
with its delay in weeks by the oracle, without and with the own past. Simulated throughout.
"""

from __future__ import annotations

import sys
import time
from typing import Any
from unittest import mock

from peelian.evaluate.warnings_alarms import Alarm, alarms_of_warnings, delay, false_alarms, separate
from peelian.evaluate.warnings_oracle import oracle_delay
from peelian.evaluate.warnings_plant import band_of, plant
from peelian.evaluate.warnings_simulated import simulated_world
from peelian.evaluate.warnings_world import Recipe, WeeklyWorld, weekly_world
from peelian.pipeline.warning.combining import combined
from peelian.pipeline.warning.detecting import Looked, look
from peelian.warn import DETECTORS, mixture_scan
from peelian.warn.combine import A_WEEK
from peelian.warn.mixture.null import Tail, tail
from peelian.warn.own_past import cut, gathered, levels_of, past_ends

LEAST, LEAD = 13, 8
SPANS = {"null": (196, 220), "simulated": (132, 156), "bursts": (208, 218)}
"""Weeks judged; of null worlds the first eight only tell what goes on already."""


def world_of(kind: str, seed: int) -> WeeklyWorld:
    """Make a world."""
    if kind == "simulated":
        return simulated_world(seed, 0, SPANS[kind][0] + LEAD)
    recipe = Recipe()
    return weekly_world(recipe, seed, plant(recipe, seed, SPANS[kind][0], 4) if kind == "bursts" else ())


def looks_of(world: WeeklyWorld, first: int, last: int) -> dict[int, Looked]:
    """Look at every week judged and at the past of each, once; the scan draws its null once a world."""
    drawn: list[Tail] = []

    def once(*given: Any) -> Tail:
        if not drawn:
            drawn.append(tail(*given))
        return drawn[0]

    larger, cells = world.larger(last), world.cells(last)
    ends = set(range(first + 1, last + 1)) | set(past_ends(first + 1, "week", LEAST))
    ends |= {end for week in range(first + 1, last + 1) for end in past_ends(week, "week", LEAST)}
    with mock.patch.object(mixture_scan, "tail", once):
        return {end: look(cut(larger, end), cut(cells, end), detectors=DETECTORS) for end in sorted(ends)}


def alarms(looks: dict[int, Looked], first: int, last: int, own: bool) -> list[Alarm]:
    """Give the warnings of every week, with the own past or without."""
    levels = {end: levels_of(one.found) for end, one in looks.items()}
    out: list[Alarm] = []
    for week in range(first + 1, last + 1):
        past = gathered(levels[end] for end in past_ends(week, "week", LEAST)) if own else None
        end = looks[week].found["farrington"][0].end
        out += alarms_of_warnings(week, combined(looks[week], area="world", as_of=end, past=past))
    return out


def main() -> None:
    """Run and print."""
    kind, *seeds = sys.argv[1:]
    first, last = SPANS[kind]
    for seed in map(int, seeds):
        began = time.monotonic()
        world = world_of(kind, seed)
        looks = looks_of(world, first, last)
        arms = {name: alarms(looks, first, last, name == "own past") for name in ("without", "own past")}
        if kind == "bursts":
            said = [
                (band_of(b.expected), oracle_delay(world, b, A_WEEK, world.seed),
                 *(delay(arm, b, A_WEEK) for arm in arms.values()))
                for b in world.bursts
            ]  # fmt: skip
            print(kind, seed, said, {n: len(false_alarms(a, world.bursts, A_WEEK)) for n, a in arms.items()})
        else:
            print(kind, seed, {n: len(separate(a, A_WEEK, first + 1 + LEAD)) for n, a in arms.items()})
        print(f"  {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
