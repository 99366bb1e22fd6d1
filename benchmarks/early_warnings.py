"""Power of early warnings, their delay and false alarms, beside an oracle and a plain threshold.

    python benchmarks/early_warnings.py [--worlds 60] [--nulls 60] [--simulated 6]
                                        [--out docs/evidence/warnings.json]

Small worlds of weekly counts (evaluate/warnings_world.py) and a few of the full simulator, with bursts
planted: 2 to 5 times the rate, 3 to 8 weeks, 300 to 600 m. Every detector is set to one false warning a force
and month on null worlds; the combination keeps to it by itself. Simulated throughout: it checks the
statistics, and says nothing of a real place.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from peelian.domain.series import Series
from peelian.evaluate.warnings_plant import plant
from peelian.evaluate.warnings_power import (
    Judged,
    Watch,
    false_beside_bursts,
    false_rates,
    limits,
    power_json,
    powers,
    watch,
)
from peelian.evaluate.warnings_simulated import simulated_world
from peelian.evaluate.warnings_words import false_table, power_table, verdicts
from peelian.evaluate.warnings_world import Recipe, weekly_world
from peelian.pipeline.warning.combining import combined
from peelian.pipeline.warning.detecting import look
from peelian.pipeline.warning.expected import quick_count
from peelian.warn import DETECTORS, threshold

FIRST, NULL_WEEKS, BURST_WEEKS, BURSTS = 208, 12, 9, 4
SIMULATED_FIRST = 140


def judge(larger: Series, cells: Series) -> Judged:
    """Look with every detector and the rival; combine without the rival."""
    larger, cells = (replace(one, expected=quick_count(one)) for one in (larger, cells))
    looked = look(larger, cells, detectors=DETECTORS)
    made = combined(looked, area="world", as_of=larger.end)
    return dict(looked.found) | {"threshold": (larger, threshold.detect(larger, seed=1))}, made


def small(count: int, bursts: bool, recipe: Recipe, start: int) -> list[Watch]:
    """Watch small worlds, with bursts or none."""
    out = []
    for seed in range(start, start + count):
        wanted = plant(recipe, seed, FIRST, BURSTS) if bursts else ()
        weeks = BURST_WEEKS if bursts else NULL_WEEKS
        out.append(watch(weekly_world(recipe, seed, wanted), FIRST, FIRST + weeks, judge, oracle=bursts))
    return out


def simulated(count: int) -> tuple[list[Watch], list[Watch]]:
    """Watch worlds of the full simulator: null, and with bursts."""
    nulls = [
        watch(simulated_world(50 + k, 0, SIMULATED_FIRST), SIMULATED_FIRST, SIMULATED_FIRST + 12, judge)
        for k in range(count)
    ]
    watches = [
        watch(simulated_world(k, BURSTS, SIMULATED_FIRST), SIMULATED_FIRST, SIMULATED_FIRST + 10, judge, True)
        for k in range(count)
    ]
    return nulls, watches


def told(name: str, nulls: Sequence[Watch], watches: Sequence[Watch]) -> dict[str, object]:
    """Print one set of worlds and give it for machines."""
    limit = limits(nulls)
    power, false = powers(watches, limit), false_rates(nulls, limit)
    beside = false_beside_bursts(watches, limit)
    said = verdicts(power, false)
    print(
        f"\n## {name}\n",
        *power_table(power),
        "",
        *false_table(false, beside),
        "",
        *said,
        sep="\n",
        flush=True,
    )
    return {"limits": limit, "verdicts": said} | power_json(power, false, beside)


def main() -> None:
    """Run and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, count in (("worlds", 60), ("nulls", 60), ("simulated", 6)):
        ask.add_argument(f"--{name}", type=int, default=count)
    ask.add_argument("--out", type=Path)
    given = ask.parse_args()
    began = time.monotonic()
    recipe = Recipe()
    body: dict[str, object] = {"made": str(date.today()), "recipe": vars(recipe)}
    body["small"] = told(
        "Small worlds", small(given.nulls, False, recipe, 1000), small(given.worlds, True, recipe, 0)
    )
    if given.simulated:
        body["simulated"] = told("The simulator", *simulated(given.simulated))
    print(f"\n{(time.monotonic() - began) / 60:.1f} minutes")
    if given.out:
        given.out.write_text(json.dumps(body, indent=1, default=str) + "\n")


if __name__ == "__main__":
    main()
