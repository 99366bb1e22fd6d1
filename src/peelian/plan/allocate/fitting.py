"""Choose, route, fill the time that rounds have left, and choose again with the visits that rounds do hold.

How many visits a pool gives in a slot can only be reckoned before the rounds are known. Each turn of the
loop takes the visits that the rounds of the turn before held as the room of the next choice.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from peelian.domain.errors import Refused
from peelian.domain.plan import Ints, Rules, Visit
from peelian.plan.allocate.conflict import refuse
from peelian.plan.allocate.eligible import held_out
from peelian.plan.allocate.leaving_out import leave_out
from peelian.plan.allocate.model import Program
from peelian.plan.allocate.pools import speed
from peelian.plan.allocate.problem import Problem
from peelian.plan.allocate.rivals import worth
from peelian.plan.allocate.routing import route
from peelian.plan.allocate.shares import mend, reach_least
from peelian.plan.allocate.solve import Solved, columns
from peelian.plan.allocate.spare_time import SpareTime

_TRIES = 6
_ENOUGH = 0.002
"""A turn that gains less than this share of worth is the last."""


@dataclass(frozen=True, eq=False)
class Fitted:
    """A plan with the room of its own rounds; `unfitted` indexes visits that no round has time for.

    `bound` is proven for its room, `reckoned` for the room that was reckoned before there were rounds.
    """

    asked: Problem
    visits: list[Visit]
    unfitted: list[int]
    bound: float
    reckoned: float

    def rank(self) -> tuple[int, float]:
        """Every visit in a round first, then the worth."""
        asked = self.asked
        travels = [np.isfinite(speed(one, asked.rules)) for one in asked.pools]
        never = sum(v.order is None and travels[v.pool] for v in self.visits)
        return -never, worth(asked, asked.candidates.harm, self.visits)


def fitting(asked: Problem, seconds: float) -> Fitted:
    """The worthiest plan of those made. Raises Refused where no plan keeps all the rules."""
    start = time.monotonic()
    kept: Fitted | None = None
    reckoned = np.inf
    for turn in range(_TRIES):
        began = time.monotonic()
        if (solved := _choice(asked, seconds * (0.4 if turn else 0.6), first=kept is None)) is None:
            break
        reckoned = solved[1].bound if kept is None else reckoned
        until = (began if turn else start) + seconds * 0.6
        made, room = _filled(asked, *route(asked, asked.visits(*solved), until), solved[1].bound, reckoned)
        little = kept is not None and made.rank() < (kept.rank()[0], kept.rank()[1] * (1 + _ENOUGH))
        kept = made if kept is None or made.rank() > kept.rank() else kept
        now = time.monotonic()
        if little or (room == asked.room).all() or now - start + 1.2 * (now - began) > seconds * 0.65:
            break
        asked = replace(asked, room=room)
    assert kept is not None
    return _bounded(kept, seconds * 0.15)


def _choice(asked: Problem, seconds: float, *, first: bool) -> tuple[Program, Solved] | None:
    """The choice, refused where no first one keeps the rules; None where there is no later one."""
    try:
        solved = asked.solve(asked.candidates.harm, seconds)
    except Refused:
        if first:
            raise
        return None
    if solved is None and first:
        raise refuse(asked.rules, partial(_possible, asked, seconds))
    return solved


def _filled(
    asked: Problem, visits: list[Visit], missed: list[int], bound: float, reckoned: float
) -> tuple[Fitted, Ints]:
    """The plan with its rounds full, and the room for the next choice.

    Shares by area may be broken while rounds are filled for the first time, are mended by leaving visits
    out, and then hold while what is left of the time is filled.
    """
    if not missed and all(visit.order is None for visit in visits):  # no travel is reckoned
        return Fitted(asked, visits, [], bound, reckoned), asked.room
    gone = set(missed)
    full = _full(asked, [v for at, v in enumerate(visits) if at not in gone])
    room = full.room()
    wide = replace(asked, room=room)
    if (held := leave_out(wide, full.visits())) is None:
        less = asked.room.copy()
        for (pool, slot), count in Counter((visits[at].pool, visits[at].slot) for at in missed).items():
            less[pool, slot] -= count
        return Fitted(asked, visits, missed, bound, reckoned), np.maximum(less, 0)
    made = SpareTime(wide, held, shares=True).fill().visits()
    return Fitted(replace(asked, room=_room(wide, made)), made, [], np.inf, reckoned), room


def _full(asked: Problem, routed: list[Visit]) -> SpareTime:
    """Rounds without time left, with shares by area as near as they come."""
    full = SpareTime(asked, routed, shares=False).fill()
    if asked.rules.least_by_area or asked.due is not None:
        total, full = full.total, SpareTime(asked, routed, shares=False)
        reach_least(full, total)
        full.fill()
    mend(full)
    return full


def _room(asked: Problem, visits: Sequence[Visit]) -> Ints:
    """(K, S) how many visits the plan has of each pool in each slot."""
    out = np.zeros_like(asked.room)
    for visit in visits:
        out[visit.pool, visit.slot] += 1
    return out


def _bounded(made: Fitted, seconds: float) -> Fitted:
    """With what no plan of as many visits by each pool in each slot can exceed."""
    if np.isfinite(made.bound):
        return made
    program = made.asked.program()
    assert program is not None
    value = program.value(made.asked.candidates.harm)
    _, bound, _ = columns(program, value, seconds)
    return replace(made, bound=bound if np.isfinite(bound) else float(value.sum()))


def _possible(asked: Problem, seconds: float, rules: Rules) -> bool:
    """Whether any plan keeps these rules."""
    same = rules.hold_out and rules.excluded == asked.rules.excluded
    held = asked.held_out if same else held_out(asked.candidates, rules)
    nothing = np.zeros_like(asked.candidates.harm)
    return asked.under(rules, held).solve(nothing, max(10.0, seconds / 2)) is not None
