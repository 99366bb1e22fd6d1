"""Candidates, slots, teams and rules made ready once, and solved for any harm, budget or forced size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from peelian.domain.errors import Misuse
from peelian.domain.plan import Candidates, Floats, Ints, Rules, Slot, Team, Visit
from peelian.plan.allocate import eligible
from peelian.plan.allocate.assign import assign
from peelian.plan.allocate.connected import search
from peelian.plan.allocate.due_shares import due_shares
from peelian.plan.allocate.model import Program, program, tiers
from peelian.plan.allocate.pools import Pool, capacity, from_base, pool, reach
from peelian.plan.allocate.solve import Solved


@dataclass(frozen=True, eq=False)
class Problem:
    """Everything but the harm; `held_out` was drawn once and stays."""

    candidates: Candidates
    slots: tuple[Slot, ...]
    rules: Rules
    pools: tuple[Pool, ...]
    near: npt.NDArray[np.bool_]  # (N, K) within reach
    room: Ints  # (K, S) visits
    held_out: Ints
    tier: Ints
    effects: Floats
    due: Floats | None = None  # (Z,) share of visits each zone is due, by the room first reckoned

    @property
    def may(self) -> npt.NDArray[np.bool_]:
        """(N,) places that may be planned."""
        out = eligible.allowed(self.candidates, self.rules)
        out[self.held_out] = False
        return out

    def program(self) -> Program | None:
        """The whole-number program; None where no team can visit any place."""
        made = self.may[:, None] & self.near & (self.room.sum(1) > 0)[None, :]
        if not made.any():
            return None
        return program(
            self.candidates, self.rules, self.may, self.near, self.room, self.tier, self.effects, self.due
        )  # fmt: skip

    def under(self, rules: Rules, held_out: Ints) -> Problem:
        """Give the same problem under other rules, with these places held out."""
        other = replace(self, rules=rules, held_out=held_out)
        return replace(other, due=due_shares(self.candidates, rules, other.may, self.near, self.room))

    def solve(
        self, harm: Floats, seconds: float, *, exactly: int | None = None
    ) -> tuple[Program, Solved] | None:
        """The best choice for this harm, of exactly so many visits if asked; None if rules cannot hold."""
        if (made := self.program()) is None:
            return None
        if exactly is not None:
            lower, upper = made.lower.copy(), made.upper.copy()
            lower[made.total] = upper[made.total] = exactly
            made = replace(made, lower=lower, upper=upper)
        found = search(made, made.value(harm), seconds)
        return None if found is None else (made, found)

    def visits(self, made: Program, found: Solved) -> list[Visit]:
        """The chosen visits with their pools, by slot then place."""
        chosen = np.flatnonzero(found.x[: made.visits] > 0.5)
        ways = np.stack([from_base(self.candidates, one, self.rules) for one in self.pools], axis=1)
        out = []
        for s in np.unique(made.slot[chosen]):
            for t in np.unique(made.tier[chosen]):
                mine = chosen[(made.slot[chosen] == s) & (made.tier[chosen] == t)]
                if not len(mine):
                    continue
                place, room = made.place[mine], np.where(self.tier == t, self.room[:, s], 0)
                for one, k in zip(place, assign(ways[place], self.near[place], room), strict=True):
                    out.append(Visit(int(one), int(s), int(k), self.rules.dwell_minutes))
        return sorted(out, key=lambda visit: (visit.slot, visit.place, visit.pool))


def problem(candidates: Candidates, slots: Sequence[Slot], teams: Sequence[Team], rules: Rules) -> Problem:
    """Raises Misuse for rules, slots or teams that have no meaning."""
    eligible.check(candidates, rules)
    if not slots or candidates.harm.shape != (len(candidates.ids), len(slots)):
        raise Misuse("Harm and slots do not match", expected="harm of shape (places, slots)")
    pools = pool(teams, slots)
    near = reach(candidates, pools, slots, rules)
    room = capacity(candidates, pools, slots, rules, near)
    tier, effects = tiers([one.kind for one in pools], rules)
    held = eligible.held_out(candidates, rules)
    made = Problem(candidates, tuple(slots), rules, tuple(pools), near, room, held, tier, effects)
    return made.under(rules, held)
