"""Choose, route, and see that what was chosen fits into the hours: capacity was only reckoned."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from peelian.domain.plan import Rules, Visit
from peelian.plan.allocate.conflict import refuse
from peelian.plan.allocate.connected import search
from peelian.plan.allocate.eligible import held_out
from peelian.plan.allocate.problem import Problem
from peelian.plan.allocate.rivals import worth
from peelian.plan.allocate.routing import route

_TRIES = 6

Fitted = tuple[Problem, list[Visit], list[int], float]


def fitting(asked: Problem, seconds: float) -> Fitted:
    """The problem with the room that rounds have, its visits, those that fit no round, and the proven bound.

    Where rounds had no time for some visits, these are left out if the others keep every rule without them,
    else they are reported; and the choice is made again with less room. The worthiest of these plans is
    given, with the bound at its own room. Raises Refused where no plan keeps all the rules.
    """
    start, attempt = time.monotonic(), 0
    kept: Fitted | None = None
    while True:
        attempt += 1
        if (solved := asked.solve(asked.candidates.harm, seconds * 0.5)) is None:
            raise refuse(asked.rules, partial(_possible, asked, seconds))
        visits, missed = route(asked, asked.visits(*solved), start + seconds * 0.6)
        fitted, unfitted = _left_out(asked, visits, missed, seconds * 0.1) if missed else (visits, [])
        made = (asked, fitted, unfitted, solved[1].bound)
        kept = made if kept is None or _rank(made) > _rank(kept) else kept
        if not missed or attempt == _TRIES or time.monotonic() - start > seconds * 0.4:
            return kept
        room = asked.room.copy()
        for (pool, slot), count in Counter((visits[at].pool, visits[at].slot) for at in missed).items():
            room[pool, slot] -= count
        asked = replace(asked, room=np.maximum(room, 0))


def _rank(made: Fitted) -> tuple[int, float]:
    """Every visit in a round first, then the worth."""
    asked, visits, unfitted, _ = made
    return -len(unfitted), worth(asked, asked.candidates.harm, visits)


def _left_out(
    asked: Problem, visits: list[Visit], unfitted: list[int], seconds: float
) -> tuple[list[Visit], list[int]]:
    """The best of the routed visits that keep every rule; as it was where there is none."""
    routed = [visit for at, visit in enumerate(visits) if at not in set(unfitted)]
    have = Counter((v.place, v.slot, int(asked.tier[v.pool])) for v in routed)
    if (made := asked.program()) is None:
        return visits, unfitted
    cells = zip(made.place.tolist(), made.slot.tolist(), made.tier.tolist(), strict=True)
    upper = made.upper.copy()
    upper[: made.visits] = [float(cell in have) for cell in cells]
    found = search(replace(made, upper=upper), made.value(asked.candidates.harm), max(2.0, seconds))
    if found is None:
        return visits, unfitted
    chosen = np.flatnonzero(found.x[: made.visits] > 0.5)
    want = Counter((int(made.place[c]), int(made.slot[c]), int(made.tier[c])) for c in chosen)
    kept = []
    for visit in routed:
        cell = (visit.place, visit.slot, int(asked.tier[visit.pool]))
        if want[cell] > 0:
            want[cell] -= 1
            kept.append(visit)
    return (visits, unfitted) if +want else (_in_turn(kept), [])


def _in_turn(visits: Sequence[Visit]) -> list[Visit]:
    """Orders counted from 0 again where stops were left out; a round only gets shorter by it."""
    step: Counter[tuple[int, int, int | None]] = Counter()
    order: dict[int, int] = {}
    for at in sorted(range(len(visits)), key=lambda at: visits[at].order or 0):
        visit = visits[at]
        order[at] = step[visit.slot, visit.pool, visit.team]
        step[visit.slot, visit.pool, visit.team] += 1
    return [v if v.order is None else replace(v, order=order[at]) for at, v in enumerate(visits)]


def _possible(asked: Problem, seconds: float, rules: Rules) -> bool:
    """Whether any plan keeps these rules."""
    same = rules.hold_out and rules.excluded == asked.rules.excluded
    held = asked.held_out if same else held_out(asked.candidates, rules)
    trial = replace(asked, rules=rules, held_out=held)
    return trial.solve(np.zeros_like(asked.candidates.harm), max(10.0, seconds / 2)) is not None
