"""New false warnings of the combination, own past and all, in many null worlds: `make soak` runs 1,000.

    python benchmarks/soak_null_warnings.py [--worlds 1000] [--first 50000] [--out FILE]

Worlds of 900 squares and 120 reports a week (evaluate/warnings_world.py) in which nothing changes; eight
weeks tell what goes on already, four are counted. Promised is one false warning a force and month, so a week
has a new one with a chance of 12 / 52 at most: exact binomial, one-sided, not to be rejected at 0.001. The
exit code says whether it holds. Simulated throughout.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Final

from scipy import stats

from early_warnings import judge_of
from peelian.evaluate.warnings_alarms import COMBINED, separate
from peelian.evaluate.warnings_power import A_WEEK, watch
from peelian.evaluate.warnings_world import Recipe, weekly_world

LEAD, COUNTED = 8, 4
RECIPE: Final = Recipe(weekly=120.0, side=30)
REJECTED: Final = 0.001


def new_weeks(seed: int) -> tuple[int, int]:
    """Give how many false warnings were new in a world's counted weeks, and how many weeks had one."""
    last = RECIPE.weeks
    seen = watch(weekly_world(RECIPE, seed), last - LEAD - COUNTED, last, judge_of(), lead=LEAD)
    new = separate(seen.alarms.get(COMBINED, []), A_WEEK, seen.weeks[0])
    return len(new), len({one.week for one in new})


def body_of(worlds: int, first: int, found: int, weeks_with: int) -> dict[str, float]:
    """Give the counts with the exact binomial chance of so many weeks with a new false warning, or more."""
    weeks = worlds * COUNTED
    return {
        "worlds": worlds, "first_seed": first, "weeks": weeks, "false": found, "weeks_with_new": weeks_with,
        "a_month": found / weeks * 52 / 12, "p": float(stats.binom.sf(weeks_with - 1, weeks, A_WEEK)),
    }  # fmt: skip


def main() -> int:
    """Run, print every 20 worlds, and say by the exit code whether the test holds."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--worlds", type=int, default=1000)
    ask.add_argument("--first", type=int, default=50_000)
    ask.add_argument("--out", type=Path)
    given = ask.parse_args()
    found = weeks_with = 0
    body: dict[str, float] = {}
    for done in range(1, given.worlds + 1):
        many, weeks = new_weeks(given.first + done - 1)
        found, weeks_with = found + many, weeks_with + weeks
        body = body_of(done, given.first, found, weeks_with)
        if done % 20 == 0 or done == given.worlds:
            print(json.dumps(body | {"cpu_s": round(time.process_time())}), flush=True)
    if given.out:
        given.out.write_text(json.dumps(body, indent=1) + "\n")
    return int(body["p"] <= REJECTED)


if __name__ == "__main__":
    sys.exit(main())
