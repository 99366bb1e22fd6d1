"""The plan as a whole-number program: one column for each place, slot, nth visit and tier of teams.

Pools with the same effect are one tier. Within a tier and slot, places that the same pools can reach form
one class, and only the flow from classes to pools is modelled, not each visit's pool: the flow has whole
values whenever the visits do, so nothing is lost and the program is many times smaller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from peelian.domain.plan import Candidates, Floats, Ints, Rules
from peelian.plan.allocate.contiguity import Connection, hang_together
from peelian.plan.allocate.due_shares import rounding, zone_at
from peelian.plan.allocate.matrix import Rows

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Program:
    """Columns (place, slot, nth, tier) first, then the others; rows low <= matrix @ x <= high."""

    place: Ints
    slot: Ints
    nth: Ints
    tier: Ints
    weight: Floats  # what a unit of harm counts in the column
    matrix: Any  # scipy csc, rows x variables
    low: Floats
    high: Floats
    upper: Floats
    lower: Floats
    whole: Bools
    total: int  # the variable that counts all visits
    connection: Connection | None = None  # where chosen places must hang together

    @property
    def visits(self) -> int:
        """How many columns are visits."""
        return len(self.place)

    def value(self, harm: Floats) -> Floats:
        """Objective over all variables for an (N, S) harm."""
        out = np.zeros(len(self.upper))
        out[: self.visits] = harm[self.place, self.slot] * self.weight
        return out


def tiers(kinds: Sequence[str], rules: Rules) -> tuple[Ints, Floats]:
    """(K,) the tier of each pool and the effect of each tier; one tier of effect 1 if any is unknown."""
    if not all(kind in rules.effect for kind in kinds):
        return np.zeros(len(kinds), dtype=np.int64), np.ones(1)
    effects, which = np.unique([rules.effect[kind] for kind in kinds], return_inverse=True)
    return which.astype(np.int64), effects


def program(
    candidates: Candidates,
    rules: Rules,
    may: Bools,
    reach: Bools,
    capacity: Ints,
    tier: Ints,
    effects: Floats,
    due: Floats | None = None,
) -> Program:
    """The program for places that `may` be planned (N,), `reach` (N, K) and `capacity` (K, S).

    `due` (Z,) is the share of visits that each zone is due, where visits are shared out by harm.
    """
    place, slot, nth, level = _columns(rules, may, reach, capacity, tier, len(effects))
    rows = Rows(len(place))
    weight = effects[level] * rules.again ** nth.astype(float)
    _pools(rows, place, slot, level, reach, capacity, tier)
    most = int(capacity.sum()) if rules.most_visits is None else min(rules.most_visits, int(capacity.sum()))
    total = rows.variable(1, max(most, 1))
    rows.add(np.zeros(len(place), dtype=np.int64), np.arange(len(place)), np.ones(len(place)), 0, 0, 1,
             extra=[(0, total, -1.0)])  # fmt: skip
    _areas(rows, candidates, rules, place, total)
    if due is not None:
        _near_due(rows, zone_at(candidates)[place], due, rules.share_by_harm or 0.0, total, most)
    first = nth == 0
    _places(rows, rules, place, slot, nth, level, len(effects), capacity.shape[1])
    connection = hang_together(rows, candidates, place, first) if rules.contiguous else None
    return Program(place, slot, nth, level, weight, *rows.finish(), total, connection)


def _columns(
    rules: Rules, may: Bools, reach: Bools, capacity: Ints, tier: Ints, tiers: int
) -> tuple[Ints, Ints, Ints, Ints]:
    parts = []
    for t in range(tiers):
        pools = np.flatnonzero(tier == t)
        open_to = (reach[:, pools].astype(np.int64) @ (capacity[pools] > 0).astype(np.int64)) > 0
        place, slot = np.nonzero(open_to & may[:, None])
        parts += [
            (place, slot, np.full(len(place), n), np.full(len(place), t))
            for n in range(rules.most_visits_a_slot)
        ]
    place, slot, nth, level = (np.concatenate(part).astype(np.int64) for part in zip(*parts, strict=True))
    return place, slot, nth, level


def _pools(
    rows: Rows, place: Ints, slot: Ints, level: Ints, reach: Bools, capacity: Ints, tier: Ints
) -> None:
    """Visits of a class = its flow to pools; flow into a pool <= what it can give."""
    slots = capacity.shape[1]
    room = {(k, s): [] for k, s in zip(*np.nonzero(capacity), strict=True)}  # type: ignore[var-annotated]
    for t in np.unique(level):
        pools = np.flatnonzero(tier == t)
        sets, which = np.unique(reach[:, pools], axis=0, return_inverse=True)
        which = np.asarray(which).ravel()
        mine = np.flatnonzero(level == t)
        key = which[place[mine]] * slots + slot[mine]
        keys, row = np.unique(key, return_inverse=True)
        extra = []
        for r, one in enumerate(keys):
            a_class, s = divmod(int(one), slots)
            for k in pools[sets[a_class]]:
                if capacity[k, s]:
                    flow = rows.variable(0, int(capacity[k, s]), whole=False)
                    extra.append((r, flow, -1.0))
                    room[k, s].append(flow)
        rows.add(row, mine, np.ones(len(mine)), 0, 0, len(keys), extra=extra)
    for (k, s), flows in room.items():
        rows.add_one([(flow, 1.0) for flow in flows], -np.inf, int(capacity[k, s]))


def _areas(rows: Rows, candidates: Candidates, rules: Rules, place: Ints, total: int) -> None:
    """Shares are of all visits of the plan: visits in the area against share times the total."""
    every = {area: rules.cap_each_area for area in candidates.areas if rules.cap_each_area is not None}
    bounds = [(area, share, True) for area, share in every.items()]
    bounds += [(area, share, True) for area, share in rules.cap_by_area.items()]
    bounds += [(area, share, False) for area, share in rules.least_by_area.items()]
    area = candidates.area[place]
    for name, share, cap in bounds:
        mine = np.flatnonzero(area == candidates.areas.index(name))
        low, high = (-np.inf, 0.0) if cap else (0.0, np.inf)
        zeros = np.zeros(len(mine), dtype=np.int64)
        rows.add(zeros, mine, np.ones(len(mine)), low, high, 1, extra=[(0, total, -float(share or 0))])


def _near_due(rows: Rows, zone: Ints, due: Floats, points: float, total: int, most: int) -> None:
    """Each zone's visits within max(points x total, rounding) of due x total; `wide` says which of the two.

    wide = 1: within points x total. wide = 0: within rounding. The other pair of rows is then slack.
    """
    whole, at_most = rounding(due), points * most
    wide = rows.variable(0, 1, whole=True) if at_most > whole else None
    for z, share in enumerate(due):
        mine = np.flatnonzero(zone == z)
        if not len(mine):
            continue
        zeros, ones = np.zeros(len(mine), dtype=np.int64), np.ones(len(mine))
        more = [] if wide is None else [(0, wide, at_most)]
        less = [] if wide is None else [(0, wide, -at_most)]
        rows.add(zeros, mine, ones, -whole, np.inf, 1, extra=[(0, total, -share), *more])
        rows.add(zeros, mine, ones, -np.inf, whole, 1, extra=[(0, total, -share), *less])
        if wide is not None:
            rows.add(zeros, mine, ones, -whole, np.inf, 1,
                     extra=[(0, total, points - share), (0, wide, -whole)])  # fmt: skip
            rows.add(zeros, mine, ones, -np.inf, whole, 1,
                     extra=[(0, total, -points - share), (0, wide, whole)])  # fmt: skip


def _places(
    rows: Rows, rules: Rules, place: Ints, slot: Ints, nth: Ints, level: Ints, tiers: int, slots: int
) -> None:
    """Rules of one place: nth visits once each and in turn, most visits, least gap, revisit."""
    width = rules.most_visits_a_slot
    cell = (place * slots + slot) * width + nth
    if tiers > 1:
        _, row = np.unique(cell, return_inverse=True)
        rows.add(row, np.arange(len(cell)), np.ones(len(cell)), -np.inf, 1, int(row.max(initial=-1)) + 1)
    if width > 1:  # an nth visit only after the one before
        later, before = np.flatnonzero(nth > 0), np.flatnonzero(nth < width - 1)
        keys, row = np.unique(cell[later], return_inverse=True)
        earlier = np.searchsorted(keys, cell[before] + 1)
        rows.add(
            np.concatenate([row, earlier]), np.concatenate([later, before]),
            np.concatenate([np.ones(len(later)), -np.ones(len(before))]), -np.inf, 0, len(keys),
        )  # fmt: skip
    if rules.most_visits_a_place is not None:
        _, row = np.unique(place, return_inverse=True)
        rows.add(row, np.arange(len(place)), np.ones(len(place)), -np.inf, rules.most_visits_a_place,
                 int(row.max(initial=-1)) + 1)  # fmt: skip
    first = np.flatnonzero(nth == 0)
    if rules.least_gap_slots:
        _gap(rows, first, place[first], slot[first], rules.least_gap_slots, slots)
    if rules.revisit_slots is not None:
        _revisit(rows, first, place[first], slot[first], rules.revisit_slots, slots)


def _gap(rows: Rows, column: Ints, place: Ints, slot: Ints, gap: int, slots: int) -> None:
    """At most one visited slot in any gap + 1 slots in a row."""
    starts = max(1, slots - gap)
    keys, columns = [], []
    for back in range(gap + 1):
        start = slot - back
        inside = (start >= 0) & (start < starts)
        keys.append(place[inside] * slots + start[inside])
        columns.append(column[inside])
    _, row = np.unique(np.concatenate(keys), return_inverse=True)
    which = np.concatenate(columns)
    rows.add(row, which, np.ones(len(which)), -np.inf, 1, int(row.max(initial=-1)) + 1)


def _revisit(rows: Rows, column: Ints, place: Ints, slot: Ints, within: int, slots: int) -> None:
    """A visited slot needs another visited one within so many; at the end of the plan, before or after."""
    keys, own = np.unique(place * slots + slot, return_inverse=True)
    row, which, value = [own], [column], [np.ones(len(column))]
    for away in [*range(-within, 0), *range(1, within + 1)]:
        other = slot - away  # the slot whose need this one answers
        inside = (other >= 0) & (other < slots)
        if away < 0:
            inside &= other + within > slots - 1
        key = place * slots + other
        at = np.minimum(np.searchsorted(keys, key), len(keys) - 1)
        inside &= keys[at] == key
        row.append(at[inside])
        which.append(column[inside])
        value.append(-np.ones(int(inside.sum())))
    rows.add(np.concatenate(row), np.concatenate(which), np.concatenate(value), -np.inf, 0, len(keys))
