"""The lowest band alone, on many bursts: what the mixture scan finds of what the oracle finds.

    python benchmarks/early_warnings_lowest.py [--worlds 40] [--first 7000] [--band 0] [--jobs 1]
                                               [--keep FOLDER]

Small worlds (evaluate/warnings_world.py) with four bursts each, all with under five reports expected in
the footprint (`--band 1`: 5 to 15, `--band 2`: over 15). The scan's limit gives one false warning a force
and month in the 16 weeks before the bursts, of the same worlds; the scan draws its null once a world. The
interval is of the ratio of both on the same bursts: worlds drawn anew with replacement, 2,000 times (the
bootstrap). Simulated throughout: it says nothing of a real place.
"""

from __future__ import annotations

import argparse
import pickle
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from peelian.evaluate.warnings_alarms import Alarm, alarms_of, delay, limit_for
from peelian.evaluate.warnings_oracle import oracle_delay
from peelian.evaluate.warnings_plant import BAND_WORDS, plant
from peelian.evaluate.warnings_power import A_WEEK, Watch
from peelian.evaluate.warnings_world import Recipe, weekly_world
from peelian.warn import mixture_scan
from peelian.warn.mixture.null import Tail, tail

FIRST, WEEKS, LEAD, NULL_WEEKS, BURSTS = 208, 10, 8, 24, 4
SCAN = mixture_scan.SPEC.id
DRAWN = 2000


def watched(seed: int, band: int, keep: Path | None) -> Watch:
    """Watch one world from the quiet weeks before its bursts to their end, or read what was kept of it."""
    file = None if keep is None else keep / f"band{band}-{seed}.pickle"
    if file is not None and file.is_file():
        held: Watch = pickle.loads(file.read_bytes())  # noqa: S301  written below, by this script
        return held
    world = weekly_world(Recipe(), seed, plant(Recipe(), seed, FIRST, BURSTS, band))
    drawn: list[Tail] = []

    def once(*given: Any) -> Tail:
        if not drawn:
            drawn.append(tail(*given))
        return drawn[0]

    weeks = tuple(range(FIRST - NULL_WEEKS + 1, FIRST + WEEKS + 1))
    alarms: list[Alarm] = []
    with mock.patch.object(mixture_scan, "tail", once):
        for week in weeks:
            cells = world.cells(week)
            alarms += alarms_of(SCAN, week, cells, mixture_scan.detect(cells, seed=1))
    best = tuple(oracle_delay(world, burst, A_WEEK, world.seed) for burst in world.bursts)
    made = Watch(world.bursts, weeks, {SCAN: alarms}, best)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.with_suffix(".part").write_bytes(pickle.dumps(made))
        file.with_suffix(".part").replace(file)
    return made


def quiet(one: Watch) -> list[Alarm]:
    """Give the alarms of the weeks before the bursts."""
    return [alarm for alarm in one.alarms[SCAN] if alarm.week <= FIRST]


def after(one: Watch) -> list[Alarm]:
    """Give the alarms since the bursts began."""
    return [alarm for alarm in one.alarms[SCAN] if alarm.week > FIRST]


def told(worlds: list[Watch], band: int) -> str:
    """Say what both found, and their ratio with its interval."""
    calm, since = NULL_WEEKS - LEAD, FIRST - NULL_WEEKS + LEAD + 1
    limit = limit_for([quiet(one) for one in worlds], calm, A_WEEK, since)
    scan = [[delay(after(one), burst, limit) is not None for burst in one.bursts] for one in worlds]
    best = [[found is not None for found in one.oracle] for one in worlds]
    found = np.array([[sum(a), sum(b), len(a)] for a, b in zip(scan, best, strict=True)])
    draws = np.random.default_rng(1).integers(0, len(worlds), (DRAWN, len(worlds)))
    sums = found[draws].sum(axis=1)
    ratio = sums[:, 0] / np.maximum(sums[:, 1], 1)
    low, high = np.quantile(ratio, [0.025, 0.975])
    mine, theirs, bursts = found.sum(axis=0).tolist()
    return (
        f"{BAND_WORDS[band]} expected: {bursts} bursts in {len(worlds)} worlds, the scan found {mine}"
        f" ({mine / bursts:.1%}), the oracle {theirs} ({theirs / bursts:.1%}): {mine / theirs:.0%} of its"
        f" power (95 % interval {low:.0%} to {high:.0%}, standard error {ratio.std():.0%})"
    )


def main() -> None:
    """Run and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, count in (("worlds", 40), ("first", 7000), ("band", 0), ("jobs", 1)):
        ask.add_argument(f"--{name}", type=int, default=count)
    ask.add_argument("--keep", type=Path)
    given = ask.parse_args()
    seeds = range(given.first, given.first + given.worlds)
    judge = partial(watched, band=given.band, keep=given.keep)
    with ProcessPoolExecutor(given.jobs) as pool:
        worlds: list[Watch] = []
        for one in pool.map(judge, seeds):
            worlds.append(one)
            if len(worlds) % 10 == 0 or len(worlds) == given.worlds:
                print(told(worlds, given.band), flush=True)


if __name__ == "__main__":
    main()
