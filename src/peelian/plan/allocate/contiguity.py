"""Chosen places hang together: one of them sends a unit of flow to each other chosen, over touching pairs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from peelian.domain.plan import Candidates, Ints
from peelian.plan.allocate.matrix import Rows


def hang_together(
    rows: Rows, candidates: Candidates, place: Ints, first: npt.NDArray[np.bool_], most: int
) -> None:
    """Adds single-commodity flow rows over the places that have columns."""
    places = [int(one) for one in np.unique(place)]
    size = float(min(len(places), most))  # no more places are chosen than visits made
    chosen = {one: rows.variable(0, 1, whole=True) for one in places}
    root = {one: rows.variable(0, 1, whole=True) for one in places}
    source = {one: rows.variable(0, size) for one in places}
    rows.add_one([(var, 1.0) for var in root.values()], 1, 1)
    beside: dict[int, set[int]] = {one: set() for one in places}
    into: dict[int, list[tuple[int, float]]] = {one: [] for one in places}
    for a, b in candidates.neighbours:
        for tail, head in ((a, b), (b, a)):
            if tail in chosen and head in chosen and tail != head:
                beside[head].add(tail)
                flow = rows.variable(0, size)
                rows.add_one([(flow, 1.0), (chosen[tail], -size)], -np.inf, 0)
                rows.add_one([(flow, 1.0), (chosen[head], -size)], -np.inf, 0)
                into[head].append((flow, 1.0))
                into[tail].append((flow, -1.0))
    for one in places:
        rows.add_one([*into[one], (source[one], 1.0), (chosen[one], -1.0)], 0, 0)
        rows.add_one([(source[one], 1.0), (root[one], -size)], -np.inf, 0)
        rows.add_one([(root[one], 1.0), (chosen[one], -1.0)], -np.inf, 0)
        near = [(chosen[other], -1.0) for other in sorted(beside[one])]  # true anyway; it sharpens the bound
        rows.add_one([(chosen[one], 1.0), (root[one], -1.0), *near], -np.inf, 0)
        columns = np.flatnonzero((place == one) & first)
        rows.add_one([*((int(c), -1.0) for c in columns), (chosen[one], 1.0)], -np.inf, 0)
        for column in columns:
            rows.add_one([(int(column), 1.0), (chosen[one], -1.0)], -np.inf, 0)
