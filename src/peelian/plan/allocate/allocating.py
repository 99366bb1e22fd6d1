"""From candidates, slots, teams and rules to a plan."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from peelian.domain.per_cent import per_cent
from peelian.domain.plan import Candidates, Plan, Rules, Slot, Team, Visit
from peelian.plan.allocate.fitting import Fitted, fitting
from peelian.plan.allocate.problem import problem
from peelian.plan.allocate.rivals import covered, equal_spread, last_year, without_sharing, worth, zone_shares


def allocate(
    candidates: Candidates, slots: Sequence[Slot], teams: Sequence[Team], rules: Rules, *,
    seconds: float = 60.0, seed: int | None = None, rivals: bool = True,
) -> Plan:  # fmt: skip
    """The visits that cover (or prevent) most expected harm under the rules, with the proven gap.

    Every rule holds in the result. `seed` replaces the rules' own and draws the places held out. About
    half of `seconds` of clock goes to the choice, the rest to rounds and two rival plans of as many visits.

    Raises Misuse for rules or teams that have no meaning, Refused where no plan keeps all the rules (with
    those in conflict named) or no choice was found in the time.
    """
    if seed is not None:
        rules = replace(rules, seed=seed)
    start = time.monotonic()
    asked = problem(candidates, slots, teams, rules)
    first, made = asked, fitting(asked, seconds)
    asked, visits, unfitted = made.asked, made.visits, made.unfitted
    value = worth(asked, candidates.harm, visits)
    others: dict[str, float] = {}
    unshared = None
    if rivals:
        unshared = without_sharing(first, max(2.0, (start + seconds - time.monotonic()) / 3))
        left = max(4.0, start + seconds - time.monotonic())
        plain = {
            "last-year-count": last_year(asked, len(visits), left / 2),
            "equal-spread": equal_spread(asked, len(visits), left / 2),
        }
        others = {name: covered(candidates.harm, one) for name, one in plain.items() if one}
    known = all(one.kind in rules.effect for one in asked.pools)
    bound = max(made.bound, value)
    gap = (bound - value) / bound if bound > 0 else 0.0
    return Plan(
        visits=tuple(visits), covered=covered(candidates.harm, visits), prevented=value if known else None,
        bound=bound, gap=gap,
        held_out=tuple(int(one) for one in asked.held_out), uncovered=_uncovered(candidates, visits),
        rivals=others, rules=rules, notes=_notes(made, known, value, gap), worth=value,
        pools=tuple(one.name for one in asked.pools), unfitted=tuple(unfitted),
        room=tuple(tuple(int(one) for one in row) for row in asked.room), reckoned=made.reckoned,
        zones=zone_shares(first, visits), unshared=unshared,
    )  # fmt: skip


def _uncovered(candidates: Candidates, visits: Sequence[Visit]) -> tuple[int, ...]:
    """Places with harm that got no visit, most harm first."""
    total = candidates.harm.sum(1)
    seen = {visit.place for visit in visits}
    return tuple(int(one) for one in np.argsort(-total, kind="stable") if total[one] > 0 and one not in seen)


def _notes(made: Fitted, known: bool, value: float, gap: float) -> tuple[str, ...]:
    asked, visits, unfitted, rules = made.asked, made.visits, len(made.unfitted), made.asked.rules
    notes = [
        "The gap is proven for the choice of places and slots, as if the way between them cost nothing; none "
        "is claimed for rounds."
    ]
    if value > made.reckoned * 1.001 and made.reckoned > 0:
        notes.append(
            "Rounds had time for more than was reckoned: the plan is worth "
            f"{per_cent(value / made.reckoned - 1, 1)} more than the proven best at the capacities reckoned."
        )
    if gap > 0.01:
        notes.append(
            f"A better plan of as many visits may exist, by up to {per_cent(gap, 1)}, "
            "if rounds had time for it."
        )
    if not known:
        notes.append(
            "The effect of a visit is not known for every kind of team: the plan is by harm covered."
        )
    if len(asked.held_out):
        notes.append(
            f"{len(asked.held_out)} places, drawn at random (seed {rules.seed}), are left out for evaluation."
        )
    if unfitted:
        notes.append(f"{unfitted} visits fit into no round and need more hours or fewer places.")
    if unrouted := sum(visit.order is None for visit in visits) - unfitted:
        notes.append(f"{unrouted} visits have no order: no travel is reckoned for them, or time ran out.")
    return tuple(notes)
