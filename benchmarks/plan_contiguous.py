"""Plans whose places must hang together: how far from the proven best, by field and time. Prints.

usage: python -m benchmarks.plan_contiguous [--seconds 60]

Fields of squares touching by their sides, with harm drawn from a gamma of shape 0.4, scattered (the hardest)
or smoothed over neighbours as real harm is. Half of the seconds go to the choice.
"""

from __future__ import annotations

import argparse
import os
import time
from datetime import UTC, datetime, timedelta

import numpy as np

from peelian.domain.plan import Candidates, Rules, Slot
from peelian.plan.allocate import allocate, visits_only

CASES = ((10, 1, 15, False), (10, 3, 30, False), (22, 1, 30, False), (22, 1, 30, True), (22, 3, 60, False),
         (22, 3, 60, True))  # fmt: skip


def field(side: int, slots: int, smooth: bool) -> Candidates:
    """A square field of side x side places."""
    rng = np.random.default_rng(1)
    n = side * side
    base = rng.gamma(0.4, 1, n)
    if smooth:
        from scipy.ndimage import gaussian_filter

        base = gaussian_filter(base.reshape(side, side), 1.0).ravel()
    harm = base[:, None] * rng.gamma(2, 0.5, (n, slots))
    pairs = [(i, i + 1) for i in range(n) if (i + 1) % side] + [(i, i + side) for i in range(n - side)]
    ids, at = tuple(f"c{i}" for i in range(n)), np.arange(n)
    return Candidates(ids, ids, at % side * 250.0, at // side * 250.0, harm, harm, harm, harm, ("A",),
                      np.zeros(n, np.int64), tuple(pairs))  # fmt: skip


def main() -> None:
    """Run and print each field."""
    ask = argparse.ArgumentParser()
    ask.add_argument("--seconds", type=float, default=60.0)
    seconds = ask.parse_args().seconds
    start, shift = datetime(2026, 1, 5, 7, tzinfo=UTC), timedelta(hours=8)
    for side, count, visits, smooth in CASES:
        slots = [Slot(f"s{i}", start + i * shift, start + (i + 1) * shift) for i in range(count)]
        teams, rules = visits_only(visits, slots, Rules(contiguous=True))
        clock, processor = time.monotonic(), time.process_time()
        made = allocate(field(side, count, smooth), slots, teams, rules, seconds=seconds, rivals=False)
        kind = "smoothed" if smooth else "scattered"
        print(f"{side * side} places, {count} shifts, {visits} visits, {kind}: worth {made.worth:.2f}, "
              f"gap {made.gap:.1%}, clock {time.monotonic() - clock:.0f} s, "
              f"processor {time.process_time() - processor:.0f} s, load {os.getloadavg()[0]:.0f}",
              flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
