"""Power of early warnings, their delay and false alarms, beside an oracle and a plain threshold.

    python benchmarks/early_warnings.py [--worlds 60] [--nulls 60] [--aside 12] [--simulated 6] [--calm 6]
                                        [--first 0] [--jobs 1] [--keep FOLDER] [--out FILE]

Small worlds of weekly counts (evaluate/warnings_world.py) and a few of the full simulator, with bursts
planted: 2 to 5 times the rate, 3 to 8 weeks, 300 to 600 m. Every detector is set to one false warning a force
and month on null worlds; the combination keeps to it by itself. In the first `aside` small worlds of each
kind the detectors that raise nothing are judged too, with what the combination would be if they raised.
`first` is the first seed, null worlds begin 1,000 after it: judge on seeds that nothing was chosen on.
With `--keep` each world is kept once judged, and a run that was stopped goes on; use a new folder where code
has changed. Simulated throughout: it checks the statistics, and says nothing of a real place.
"""

from __future__ import annotations

import argparse
import json
import pickle
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

from peelian.domain.series import Series
from peelian.evaluate.warnings_alarms import COMBINED
from peelian.evaluate.warnings_plant import plant
from peelian.evaluate.warnings_power import (
    Judge,
    Judged,
    Watch,
    false_beside_bursts,
    false_rates,
    limits,
    only,
    power_json,
    powers,
    watch,
)
from peelian.evaluate.warnings_simulated import simulated_world
from peelian.evaluate.warnings_words import false_table, power_table, verdicts
from peelian.evaluate.warnings_world import Recipe, weekly_world
from peelian.pipeline.warning.combining import combined
from peelian.pipeline.warning.detecting import Looked, look
from peelian.pipeline.warning.expected import quick_count
from peelian.pipeline.warning.series import LEAST_PERIODS
from peelian.warn import CORROBORATING, DETECTORS, mixture_scan, threshold
from peelian.warn.mixture.null import Tail, tail
from peelian.warn.own_past import Past, cut, gathered, levels_of, past_ends

FIRST, WEEKS, BURSTS = 208, 10, 4
LEAD, NULL_WEEKS = 8, 24
SIMULATED_FIRST = 140
NO_PAST = f"{COMBINED}, no own past"
ALL_RAISE = f"{NO_PAST}, all raise"


@dataclass
class Memory:
    """What a judge of one world need not do twice: the scan's null, and what past weeks held.

    The mixture scan draws its null once a world, for what is usual hardly moves in some weeks; the command
    draws anew each time.
    """

    drawn: list[Tail] = field(default_factory=list)
    levels: dict[int, dict[str, list[float]]] = field(default_factory=dict)

    def tail(self, *given: Any) -> Tail:
        """Draw the scan's null, the first time."""
        if not self.drawn:
            self.drawn.append(tail(*given))
        return self.drawn[0]

    def past(self, larger: Series, cells: Series) -> dict[str, Past]:
        """Look at past weeks once each, as `peelian warn` keeps them."""
        ends = past_ends(len(larger.starts), larger.every, LEAST_PERIODS[larger.every])
        for end in ends:
            if end not in self.levels:
                self.levels[end] = levels_of(look(cut(larger, end), cut(cells, end)).found)
        return gathered(self.levels[end] for end in ends)


def judge_of(every: bool = False) -> Judge:
    """Give a judge of one world: what raises, the rival, and the combination, which does without the rival.

    With `every` the detectors that raise nothing are judged too, and what the combination would be if they
    raised: both it and the one of today without the own past, which they do not have.
    """
    memory = Memory()

    def judge(larger: Series, cells: Series) -> Judged:
        if every:  # nothing that raises looks at what was expected
            larger, cells = (replace(one, expected=quick_count(one)) for one in (larger, cells))
        with mock.patch.object(mixture_scan, "tail", memory.tail):
            looked = look(larger, cells)
            past = memory.past(larger, cells)
        found = dict(looked.found)
        raised = partial(combined, area="world", as_of=larger.end)
        made = {COMBINED: raised(looked, past=past)}
        if every:
            found |= look(larger, cells, detectors=CORROBORATING).found
            made |= {NO_PAST: raised(looked), ALL_RAISE: raised(Looked(found))}
        return found | {"threshold": (larger, threshold.detect(larger, seed=1))}, made

    return judge


def null_world(seed: int, every: bool = False) -> Watch:
    """Watch a small world in which nothing changes."""
    recipe = Recipe()
    first = recipe.weeks - NULL_WEEKS
    return watch(weekly_world(recipe, seed), first, recipe.weeks, judge_of(every), lead=LEAD)


def burst_world(seed: int, every: bool = False) -> Watch:
    """Watch a small world with bursts."""
    world = weekly_world(Recipe(), seed, plant(Recipe(), seed, FIRST, BURSTS))
    return watch(world, FIRST, FIRST + WEEKS, judge_of(every), oracle=True)


def null_simulated(seed: int) -> Watch:
    """Watch a simulated force in which nothing is planted."""
    first = SIMULATED_FIRST
    return watch(simulated_world(seed, 0, first), first - LEAD, first + 16, judge_of(), lead=LEAD)


def burst_simulated(seed: int) -> Watch:
    """Watch a simulated force with bursts."""
    first = SIMULATED_FIRST
    return watch(simulated_world(seed, BURSTS, first), first, first + WEEKS, judge_of(), oracle=True)


def kept(folder: Path | None, judge: Callable[..., Watch], seed: int, *every: bool) -> Watch:
    """Watch a world, or read what an earlier run kept of it; one with every detector does for both."""
    if folder is None:
        return judge(seed, *every)
    files = [folder / f"{judge.__name__}-{seed}{'-every' if whole else ''}.pickle" for whole in (False, True)]
    for file in files[any(every) :]:
        if file.is_file():
            held: Watch = pickle.loads(file.read_bytes())  # noqa: S301  written below, by this script
            return held
    made = judge(seed, *every)
    folder.mkdir(parents=True, exist_ok=True)
    part = files[any(every)].with_suffix(".part")
    part.write_bytes(pickle.dumps(made))
    part.replace(files[any(every)])
    return made


def told(name: str, nulls: Sequence[Watch], watches: Sequence[Watch]) -> dict[str, object]:
    """Print one set of worlds and give it for machines."""
    limit = limits(nulls)
    power, false = powers(watches, limit), false_rates(nulls, limit)
    beside = false_beside_bursts(watches, limit)
    said = verdicts(power, false)
    worlds = f"{len(nulls)} null worlds, {len(watches)} with {sum(len(w.bursts) for w in watches)} bursts"
    lines = [f"\n## {name}: {worlds}\n", *power_table(power), "", *false_table(false, beside), "", *said]
    print(*lines, sep="\n", flush=True)
    return {"worlds": worlds, "limits": limit, "verdicts": said} | power_json(power, false, beside)


def after(first: int, many: int) -> range:
    """Give so many seeds from the first."""
    return range(first, first + many)


def small(given: argparse.Namespace, pool: ProcessPoolExecutor, body: dict[str, object]) -> None:
    """Judge the small worlds: of the first `aside` of each kind, every detector; of all, those that raise."""
    whole = [k < given.aside for k in range(max(given.worlds, given.nulls))]
    calm, planted = after(given.first + 1000, given.nulls), after(given.first, given.worlds)
    nulls = list(pool.map(partial(kept, given.keep, null_world), calm, whole))
    watches = list(pool.map(partial(kept, given.keep, burst_world), planted, whole))
    raising = {*DETECTORS, "threshold", COMBINED}
    body["small"] = told("Small worlds", *([only(w, raising) for w in some] for some in (nulls, watches)))
    if given.aside:
        body["aside"] = told("Every detector", nulls[: given.aside], watches[: given.aside])


def main() -> None:
    """Run and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    counts = {"worlds": 60, "nulls": 60, "aside": 12, "simulated": 6, "calm": 6, "first": 0, "jobs": 1}
    for name, count in counts.items():
        ask.add_argument(f"--{name}", type=int, default=count)
    ask.add_argument("--keep", type=Path)
    ask.add_argument("--out", type=Path)
    given = ask.parse_args()
    began = time.monotonic()
    body: dict[str, object] = {"made": str(date.today()), "first_seed": given.first, "recipe": vars(Recipe())}
    with ProcessPoolExecutor(given.jobs) as pool:
        if given.worlds and given.nulls:
            small(given, pool, body)
        if given.simulated and given.calm:
            calm, planted = after(given.first + 50, given.calm), after(given.first, given.simulated)
            nulls = list(pool.map(partial(kept, given.keep, null_simulated), calm))
            watches = list(pool.map(partial(kept, given.keep, burst_simulated), planted))
            body["simulated"] = told("The simulator", nulls, watches)
    print(f"\n{(time.monotonic() - began) / 60:.1f} minutes")
    if given.out:
        given.out.write_text(json.dumps(body, indent=1, default=str) + "\n")


if __name__ == "__main__":
    main()
