"""Rounds for every pool and slot of a plan, and which visits no round has time for."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from peelian.domain.plan import Floats, Visit
from peelian.plan.allocate.pools import DETOUR, Pool, speed
from peelian.plan.allocate.problem import Problem
from peelian.plan.allocate.rounds import order


def route(problem: Problem, visits: Sequence[Visit], until: float) -> tuple[list[Visit], list[int]]:
    """The visits with team and order, and the indexes of those that fit into no round.

    Where no travel is reckoned (infinite speed) or the clock runs out (`until`, monotonic seconds), the rest
    stay without order and count as fitted: their capacity was reckoned, not routed.
    """
    groups: dict[tuple[int, int], list[int]] = {}
    for at, visit in enumerate(visits):
        groups.setdefault((visit.slot, visit.pool), []).append(at)
    out, unfitted = list(visits), []
    for (s, k), members in groups.items():
        one = problem.pools[k]
        if not np.isfinite(speed(one, problem.rules)) or time.monotonic() > until:
            continue
        places = [visits[at].place for at in members]
        worth = problem.candidates.harm[places, s].tolist()
        minutes = _minutes(problem, one, places)
        found = order(minutes, one.rounds(problem.slots[s]), problem.rules.dwell_minutes, worth)
        for at, place in zip(members, found, strict=True):
            if place is None:
                unfitted.append(at)
            else:
                out[at] = replace(out[at], team=place[0], order=place[1])
    return out, sorted(unfitted)


def _minutes(problem: Problem, pool: Pool, places: list[int]) -> Floats:
    """(V + 1, V + 1) minutes of travel, the base first."""
    east = np.concatenate([[pool.easting], problem.candidates.easting[places]])
    north = np.concatenate([[pool.northing], problem.candidates.northing[places]])
    metres = np.hypot(east[:, None] - east, north[:, None] - north) * DETOUR
    return np.asarray(metres / speed(pool, problem.rules), dtype=float)
