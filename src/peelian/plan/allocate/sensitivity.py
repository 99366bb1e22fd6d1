"""What changes under another budget or forecast: harm covered, and how many chosen places stay."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from peelian.domain.errors import Refused
from peelian.domain.plan import Candidates, Floats, Plan, Rules, Slot, Team, WhatIf
from peelian.plan.allocate.problem import Problem, problem
from peelian.plan.allocate.rivals import covered


def sensitivity(
    candidates: Candidates, slots: Sequence[Slot], teams: Sequence[Team], rules: Rules, plan: Plan, *,
    seconds: float = 60.0,
) -> tuple[WhatIf, ...]:  # fmt: skip
    """The choice again with a fifth less and more budget, and with the forecast's 5 and 95 % quantiles.

    Harm covered is by the forecast itself, so that the choices can be compared. One that cannot keep the
    rules, or that is not found in the time, is left out. Raises Misuse as `allocate` does.
    """
    asked = problem(candidates, slots, teams, replace(rules, seed=plan.rules.seed))
    asked = replace(asked, room=np.array(plan.room, dtype=np.int64))
    until = time.monotonic() + seconds
    cases = [
        ("budget -20 %", _scaled(asked, 0.8), candidates.harm),
        ("budget +20 %", _scaled(asked, 1.2), candidates.harm),
        ("forecast low", asked, candidates.low),
        ("forecast high", asked, candidates.high),
    ]
    chosen = {visit.place for visit in plan.visits}
    out = []
    for left, (name, case, harm) in zip(range(len(cases), 0, -1), cases, strict=True):
        found = _what_if(name, case, harm, chosen, max(3.0, (until - time.monotonic()) / left))
        out += [found] if found else []
    return tuple(out)


def _scaled(asked: Problem, by: float) -> Problem:
    most = asked.rules.most_visits
    rules = asked.rules if most is None else replace(asked.rules, most_visits=max(1, round(most * by)))
    return replace(asked, room=(asked.room * by + 0.5).astype(asked.room.dtype), rules=rules)


def _what_if(name: str, asked: Problem, harm: Floats, chosen: set[int], seconds: float) -> WhatIf | None:
    try:
        solved = asked.solve(harm, seconds)
    except Refused:  # no choice in the time
        return None
    if solved is None:
        return None
    visits = asked.visits(*solved)
    places = {visit.place for visit in visits}
    return WhatIf(
        name, len(visits), covered(asked.candidates.harm, visits), len(places), len(places & chosen)
    )
