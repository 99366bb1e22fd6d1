"""False alarms of CUSUM and EARS in many null worlds, each at a length of history at which it speaks.

    python benchmarks/soak_short_histories.py [--worlds 1000] [--first 0] [--out FILE]

Each world: 100 places, a shared season and trend, no burst (tests/warn/worlds.py), for each of four means and
overdispersions. Every place's chance counts once; so many at or below 5, 1 and 0.1 % are held against the
exact binomial test, one-sided, not to be rejected at 0.001. The exit code says whether all hold. Simulated.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.warn.false_alarms import too_many  # noqa: E402
from tests.warn.worlds import world  # noqa: E402

from peelian.warn import cusum, ears  # noqa: E402

CASES: Final = ((0.3, 1.0), (0.3, 3.0), (2.0, 1.0), (2.0, 2.0))
"""Mean a week and overdispersion."""
DETECTORS: Final = ((cusum, 80), (ears, 20))
"""With weeks of history."""
LEVELS: Final = (0.05, 0.01, 0.001)
REJECTED: Final = 0.001


def rates(detector: Any, periods: int, case: tuple[float, float], seeds: range) -> dict[str, Any]:
    """Give the share of chances at or below each level, and the exact binomial chance of so many or more."""
    mean, phi = case
    found = [
        detector.detect(world(k, periods=periods, mean=mean, overdispersion=phi, places=100), seed=k).p
        for k in seeds
    ]
    told = {str(level): too_many(found, level) for level in LEVELS}
    return {
        "detector": detector.SPEC.id, "weeks": periods, "mean": mean, "overdispersion": phi,
        "worlds": len(seeds), "rate": {level: rate for level, (rate, _) in told.items()},
        "p": {level: chance for level, (_, chance) in told.items()},
    }  # fmt: skip


def main() -> int:
    """Run, print each case as it is done, and say by the exit code whether all hold."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--worlds", type=int, default=1000)
    ask.add_argument("--first", type=int, default=0)
    ask.add_argument("--out", type=Path)
    given = ask.parse_args()
    seeds, cases = range(given.first, given.first + given.worlds), []
    for detector, periods in DETECTORS:
        for case in CASES:
            cases.append(rates(detector, periods, case, seeds))
            print(json.dumps(cases[-1] | {"cpu_s": round(time.process_time(), 1)}), flush=True)
    least = min(chance for one in cases for chance in one["p"].values())
    if given.out:
        given.out.write_text(json.dumps({"least_p": least, "cases": cases}, indent=1) + "\n")
    return int(least <= REJECTED)


if __name__ == "__main__":
    sys.exit(main())
