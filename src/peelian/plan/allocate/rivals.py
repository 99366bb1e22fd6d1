"""Two other plans of as many visits under the same rules: by last year's count, and equal spread.

No visits are given where no such plan was found in the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from peelian.domain.errors import Refused
from peelian.domain.plan import Floats, Visit, ZoneShare
from peelian.plan.allocate.due_shares import harm_in_reach, zone_at, zones
from peelian.plan.allocate.problem import Problem


def last_year(problem: Problem, visits: int, seconds: float) -> list[Visit]:
    """The plan that last year's counts would make; ties (mostly places without any) are drawn, not listed."""
    plain = problem.candidates.plain
    draw = np.random.default_rng([problem.rules.seed, 1]).random(plain.shape)
    tie = 1e-4 * max(float(plain[plain > 0].min(initial=1.0)), 1e-6)
    return _plan(problem, plain + tie * draw, visits, seconds)


def equal_spread(problem: Problem, visits: int, seconds: float) -> list[Visit]:
    """As many visits spread evenly over all places that may be visited, drawn at random among equals."""
    draw = np.random.default_rng([problem.rules.seed, 2]).random(problem.candidates.harm.shape)
    places = int((problem.may & problem.near.any(1)).sum())
    most = -(-visits // max(places, 1))
    if problem.rules.most_visits_a_place is not None:
        most = min(most, problem.rules.most_visits_a_place)
    even = replace(problem, rules=replace(problem.rules, most_visits_a_place=most))
    return _plan(even, 1 + 0.1 * draw, visits, seconds) or _plan(problem, 1 + 0.1 * draw, visits, seconds)


def _plan(problem: Problem, harm: Floats, visits: int, seconds: float) -> list[Visit]:
    try:
        solved = problem.solve(harm, seconds, exactly=visits)
    except Refused:  # no choice in the time
        return []
    return [] if solved is None else problem.visits(*solved)


def without_sharing(problem: Problem, seconds: float) -> float | None:
    """Worth of the best choice with the same room that is not shared out by harm.

    None where visits are not shared anyway, or no such choice was found in the time.
    """
    if problem.due is None:
        return None
    free = replace(problem, rules=replace(problem.rules, share_by_harm=None), due=None)
    try:
        solved = free.solve(problem.candidates.harm, seconds)
    except Refused:
        return None
    return None if solved is None else solved[1].worth


def zone_shares(problem: Problem, visits: Sequence[Visit]) -> tuple[ZoneShare, ...]:
    """Give each zone's share of harm where teams can go, what it is due, and its visits.

    `problem` is the one with the room first reckoned. Nothing is given where visits are not shared.
    """
    if problem.due is None:
        return ()
    held = problem.candidates
    harm = harm_in_reach(held, problem.may, problem.near, problem.room)
    names, at = zones(held)[0], zone_at(held)
    count = np.bincount(at[[one.place for one in visits]], minlength=len(names))
    return tuple(
        ZoneShare(name, float(harm[k] / harm.sum()), float(problem.due[k]), int(count[k]))
        for k, name in enumerate(names)
    )


def covered(harm: Floats, visits: Sequence[Visit]) -> float:
    """Harm in visited places and slots, each once."""
    return float(sum(harm[place, slot] for place, slot in sorted({(v.place, v.slot) for v in visits})))


def worth(problem: Problem, harm: Floats, visits: Sequence[Visit]) -> float:
    """What the program makes largest: the strongest visit of a place and slot first, the next discounted."""
    cells: dict[tuple[int, int], list[float]] = {}
    for visit in visits:
        effect = float(problem.effects[problem.tier[visit.pool]])
        cells.setdefault((visit.place, visit.slot), []).append(effect)
    total = 0.0
    for (place, slot), effects in sorted(cells.items()):
        parts = (e * problem.rules.again**n for n, e in enumerate(sorted(effects, reverse=True)))
        total += float(harm[place, slot]) * sum(parts)
    return total
