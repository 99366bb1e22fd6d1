"""The worthiest of a plan's visits that keep every rule together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from peelian.domain.errors import Refused
from peelian.domain.plan import Visit
from peelian.plan.allocate.connected import search
from peelian.plan.allocate.model import Program
from peelian.plan.allocate.problem import Problem
from peelian.plan.allocate.solve import Solved, whole

_SECONDS = 5.0


def leave_out(asked: Problem, visits: Sequence[Visit]) -> list[Visit] | None:
    """As many of these visits as keep all rules, in their rounds; None where no choice of them does.

    A round only gets shorter by a stop that is left out, so the rounds still hold.
    """
    have = Counter((v.place, v.slot, int(asked.tier[v.pool])) for v in visits)
    if not have or (made := asked.program()) is None:
        return None
    cells = zip(made.place.tolist(), made.slot.tolist(), made.tier.tolist(), strict=True)
    upper = made.upper.copy()
    upper[: made.visits] = [float(cell in have) for cell in cells]
    made = _no_more_than(replace(made, upper=upper), have)
    value = made.value(asked.candidates.harm)
    try:
        found: Solved | None
        if made.connection is not None:
            found = search(made, value, _SECONDS)
        else:
            found = whole(made, value, np.flatnonzero(upper > 0), np.inf, _SECONDS)
    except Refused:
        return None
    if found is None:
        return None
    chosen = np.flatnonzero(found.x[: made.visits] > 0.5)
    want = Counter((int(made.place[c]), int(made.slot[c]), int(made.tier[c])) for c in chosen)
    kept = []
    for visit in visits:
        cell = (visit.place, visit.slot, int(asked.tier[visit.pool]))
        if want[cell] > 0:
            want[cell] -= 1
            kept.append(visit)
    return None if +want else _in_turn(kept)


def _no_more_than(made: Program, have: Counter[tuple[int, int, int]]) -> Program:
    """With a row for each place, slot and tier that has columns for more visits than there are."""
    from scipy.sparse import csr_matrix, vstack

    if not (made.nth > 0).any():
        return made
    where: dict[tuple[int, int, int], list[int]] = {}
    for at in np.flatnonzero(made.upper[: made.visits] > 0).tolist():
        where.setdefault((int(made.place[at]), int(made.slot[at]), int(made.tier[at])), []).append(at)
    tight = [(columns, have[cell]) for cell, columns in where.items() if len(columns) > have[cell]]
    row = np.repeat(np.arange(len(tight)), [len(columns) for columns, _ in tight])
    column = np.array([one for columns, _ in tight for one in columns], dtype=np.int64)
    more = csr_matrix((np.ones(len(row)), (row, column)), shape=(len(tight), len(made.upper)))
    return replace(
        made, matrix=vstack([made.matrix, more]).tocsc(),
        low=np.concatenate([made.low, np.full(len(tight), -np.inf)]),
        high=np.concatenate([made.high, [float(most) for _, most in tight]]),
    )  # fmt: skip


def _in_turn(visits: Sequence[Visit]) -> list[Visit]:
    """Orders counted from 0 again where stops were left out."""
    step: Counter[tuple[int, int, int | None]] = Counter()
    order: dict[int, int] = {}
    for at in sorted(range(len(visits)), key=lambda at: visits[at].order or 0):
        visit = visits[at]
        order[at] = step[visit.slot, visit.pool, visit.team]
        step[visit.slot, visit.pool, visit.team] += 1
    return [v if v.order is None else replace(v, order=order[at]) for at, v in enumerate(visits)]
