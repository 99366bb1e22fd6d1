"""Every possible plan of a tiny world, tried one by one."""

from __future__ import annotations

from itertools import product

from peelian.domain.plan import Candidates, Rules, Slot, Team, Visit
from tests.plan.verifier import broken, pools_of


def best(
    candidates: Candidates, slots: list[Slot], teams: list[Team], rules: Rules, held_out: tuple[int, ...]
) -> float | None:
    """The greatest worth over all plans that keep the rules, or None where there is none."""
    pools = pools_of(teams)
    known = all(t.kind in rules.effect for t in teams)
    effect = [rules.effect[p[0].kind] if known else 1.0 for p in pools]
    choices = []
    for place in range(len(candidates.ids)):
        for slot in range(len(slots)):
            able = [k for k, p in enumerate(pools) if any(slots[slot].name in t.slots for t in p)]
            some: list[tuple[Visit, ...]] = [()]
            if place not in held_out:
                some += [(Visit(place, slot, k, 15),) for k in able]
            if place not in held_out and rules.most_visits_a_slot > 1:
                some += [
                    (Visit(place, slot, a, 15), Visit(place, slot, b, 15))
                    for a in able
                    for b in able
                    if a <= b
                ]
            choices.append(some)
    found = None
    for plan in product(*choices):
        visits = [visit for part in plan for visit in part]
        worth = sum(_worth(candidates, rules, part, effect) for part in plan if part)
        if (
            (found is None or worth > found)
            and visits
            and not broken(candidates, slots, teams, rules, visits, held_out)
        ):
            found = worth
    return found


def _worth(candidates: Candidates, rules: Rules, part: tuple[Visit, ...], effect: list[float]) -> float:
    shares = sorted((effect[visit.pool] for visit in part), reverse=True)
    harm = float(candidates.harm[part[0].place, part[0].slot])
    return harm * sum(e * rules.again**n for n, e in enumerate(shares))
