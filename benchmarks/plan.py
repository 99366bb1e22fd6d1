"""A force-sized plan: 8,000 places, 21 shifts, 40 teams, caps, sharing by harm, a held-out share. Prints.

python -m benchmarks.plan [--places 8000] [--seconds 60] [--not-shared] [--sensitivity]
"""

from __future__ import annotations

import argparse
import os
import time
from datetime import UTC, datetime, timedelta

import numpy as np

from peelian.domain.plan import SHARE_BY_HARM, Candidates, Rules, Slot, Team
from peelian.plan.allocate import allocate, sensitivity

SIDE = 40_000.0


def force(places: int, seed: int) -> tuple[Candidates, list[Slot], list[Team]]:
    """A force area of 40 km: skewed harm that varies by shift, 30 areas, eight bases, half on foot."""
    rng = np.random.default_rng(seed)
    east, north = rng.random(places) * SIDE, rng.random(places) * SIDE
    harm = (0.2 * rng.gamma(0.4, 1, places))[:, None] * rng.gamma(2, 0.5, (places, 21))
    start, step = datetime(2026, 1, 5, 7, tzinfo=UTC), timedelta(hours=8)
    slots = [Slot(f"shift {i}", start + i * step, start + (i + 1) * step) for i in range(21)]
    area = np.minimum((east // (SIDE / 6)) * 5 + north // (SIDE / 5), 29).astype(np.int64)
    ids = tuple(str(i) for i in range(places))
    plain = rng.poisson(harm * 20).astype(float)
    candidates = Candidates(
        ids,
        ids,
        east,
        north,
        harm,
        harm * 0.5,
        harm * 1.7,
        plain,
        tuple(f"area {i}" for i in range(30)),
        area,
    )
    bases = rng.random((8, 2)) * SIDE
    teams = []
    for i in range(40):
        base = bases[i % 8]
        works = tuple(slot.name for slot in slots if rng.random() < 0.3) or (slots[0].name,)
        mode = ("foot", "car")[i % 2]
        teams.append(Team(f"team {i}", "visible presence", "police", *map(float, base), mode, works, 7.0))  # type: ignore[arg-type]
    return candidates, slots, teams


def main() -> None:
    """Run and print clock, processor time and gap."""
    ask = argparse.ArgumentParser()
    ask.add_argument("--places", type=int, default=8000)
    ask.add_argument("--seconds", type=float, default=60.0)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--sensitivity", action="store_true")
    ask.add_argument("--not-shared", action="store_true", help="Do not share visits out by harm.")
    said = ask.parse_args()
    candidates, slots, teams = force(said.places, said.seed)
    rules = Rules(
        cap_each_area=0.1, least_by_area={"area 1": 0.04, "area 7": 0.04}, hold_out=0.1, least_gap_slots=2,
        most_visits_a_place=4, seed=said.seed, share_by_harm=None if said.not_shared else SHARE_BY_HARM,
    )  # fmt: skip
    clock, processor = time.monotonic(), time.process_time()
    plan = allocate(candidates, slots, teams, rules, seconds=said.seconds)
    print(f"{said.places} places, {len(slots)} shifts, {len(teams)} teams in {len(plan.pools)} pools")
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    print(f"clock {time.monotonic() - clock:.1f} s, processor {time.process_time() - processor:.1f} s")
    print(f"{len(plan.visits)} visits, covered {plan.covered:.1f} of {candidates.harm.sum():.1f}")
    print(f"worth {plan.worth:.2f}, proven best at the room first reckoned {plan.reckoned:.2f}, "
          f"gap to it {plan.gap_reckoned:.3%}")  # fmt: skip
    print(f"bound at the room of its own rounds, travel free {plan.bound:.2f}, gap to it {plan.gap:.3%}, "
          f"unfitted {len(plan.unfitted)}")  # fmt: skip
    if plan.zones and plan.share_cost is not None:
        off = [abs(one.visits / len(plan.visits) - one.due) for one in plan.zones]
        print(f"shared out by harm: no zone further than {100 * max(off):.2f} points from what it is due; "
              f"costs {plan.share_cost:.2%} of the worth at the room first reckoned")  # fmt: skip
    print("rivals", {name: round(value, 1) for name, value in plan.rivals.items()})
    for note in plan.notes:
        print("-", note)
    if said.sensitivity:
        clock = time.monotonic()
        for case in sensitivity(candidates, slots, teams, rules, plan, seconds=said.seconds):
            print(case)
        print(f"sensitivity {time.monotonic() - clock:.1f} s")


if __name__ == "__main__":
    main()
