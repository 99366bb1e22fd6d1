"""New false warnings of the combination, own past and all, in many null worlds: `make soak` runs 1,000.

    python benchmarks/soak_null_warnings.py [--worlds 1000] [--first 50000] [--kept FILE] [--out FILE]

Worlds of 900 squares and 120 reports a week (evaluate/warnings_world.py) in which nothing changes; eight
weeks tell what goes on already, four are counted. Promised is one false warning a force and month, so a week
has a new one with a chance of 12 / 52 at most: exact binomial, one-sided, not to be rejected at 0.001. The
exit code says whether it holds. Simulated throughout. Each world is a line of `--kept`: a run that was
stopped goes on where it was, as long as the code is of the same commit.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator
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
ROOT: Final = Path(__file__).resolve().parents[1]


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


Kept = dict[int, tuple[int, int]]


def commit() -> str:
    """Give the commit the worlds are judged by."""
    asked = ["git", "rev-parse", "HEAD"]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def kept(path: Path | None, code: str) -> Kept:
    """Read the worlds an earlier run of the same commit judged: seed, new false warnings, weeks with one."""
    if path is None or not path.exists():
        return {}
    lines = [json.loads(line) for line in path.read_text().splitlines() if line.endswith("}")]
    return {one["seed"]: (one["false"], one["weeks"]) for one in lines if one["commit"] == code}


def judged(given: argparse.Namespace, code: str) -> Iterator[tuple[int, int]]:
    """Judge world after world; what was kept is not judged again."""
    held = kept(given.kept, code)
    for seed in range(given.first, given.first + given.worlds):
        if seed not in held:
            held[seed] = many, weeks = new_weeks(seed)
            if given.kept:
                with given.kept.open("a") as lines:
                    told = {"seed": seed, "false": many, "weeks": weeks, "commit": code}
                    lines.write(json.dumps(told) + "\n")
        yield held[seed]


def main() -> int:
    """Run, print every 20 worlds, and say by the exit code whether the test holds."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--worlds", type=int, default=1000)
    ask.add_argument("--first", type=int, default=50_000)
    ask.add_argument("--kept", type=Path)
    ask.add_argument("--out", type=Path)
    given = ask.parse_args()
    found = weeks_with = 0
    code, body = commit(), {}
    for done, (many, weeks) in enumerate(judged(given, code), 1):
        found, weeks_with = found + many, weeks_with + weeks
        body = body_of(done, given.first, found, weeks_with)
        if done % 20 == 0 or done == given.worlds:
            print(json.dumps(body | {"cpu_s": round(time.process_time())}), flush=True)
    if given.out:
        given.out.write_text(json.dumps(body | {"commit": code}, indent=1) + "\n")
    return int(body["p"] <= REJECTED)


if __name__ == "__main__":
    sys.exit(main())
