"""Does what is served feed on its own patrols? 100 seeds of 1,000 days on 200 cells, for each policy.

Two worlds of two areas with equal true harm, whose first 100 days recorded them at 60 to 40: one where cells
differ as a gamma of shape 1, the same in both areas; one where all cells are alike, so that any ranking is
chance. Printed: by how much an area's share of visits differs from its share of true harm over the second
half. The control, which counts what officers find, must run away. The planner itself is asked on some days.
"""

from __future__ import annotations

import argparse

import numpy as np

from peelian.evaluate.feedback import POLICIES, Fed, World, planned, run_feedback, shared_places

WITHIN = 0.05


def _said(made: Fed) -> str:
    over = int((made.gap > WITHIN).sum())
    return (
        f"first area's visits {made.visits.mean():.3f} of all (truth 0.500); gap: worst "
        f"{100 * made.gap.max():.1f} points, mean {100 * made.gap.mean():.1f}; over {100 * WITHIN:.0f} "
        f"points in {over} of {len(made.gap)}; over 90 % in {int((made.visits > 0.9).sum())}"
    )


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seeds", type=int, default=100)
    asked.add_argument("--days", type=int, default=1000)
    given = asked.parse_args()
    print(f"{given.seeds} seeds, {given.days:,} days, 200 cells, 20 visits a day, half-life 180 days")
    for words, uneven in (("cells differ", 1.0), ("all cells alike", 0.0)):
        for policy in POLICIES:
            made = run_feedback(World(days=given.days, uneven=uneven), policy, range(given.seeds))
            print(f"{words:<16} {policy:<10} {_said(made)}", flush=True)
    for words, uneven in (("cells differ", 1.0), ("all cells alike", 0.0)):
        for policy, shown in (
            ("listed", "top 5 % of squares, as flagged"),
            ("shipped", "shared out likewise"),
        ):
            world = World(days=given.days, uneven=uneven, visits=10)
            made = run_feedback(world, policy, range(given.seeds))  # type: ignore[arg-type]
            print(f"{words:<16} {shown}: {_said(made)}", flush=True)
    for half_life in (90.0, 360.0, 720.0, float("inf")):
        made = run_feedback(World(days=given.days, half_life=half_life), "shipped", range(given.seeds))
        print(f"cells differ     shipped, half-life {half_life:g} days: {_said(made)}", flush=True)
    rng = np.random.default_rng(1)
    same = 0
    for k in range(50):
        harm = rng.gamma(1.0, 1.0, 200) * np.where(np.arange(200) < 100, 1 + k / 50, 1.0)
        same += bool((planned(harm, 20) == shared_places(harm[None], 20)[0]).all())
    print(f"the planner asked for 20 visits chose the same places in {same} of 50")


if __name__ == "__main__":
    main()
