"""Identical teams pooled by base, mode and kind; how many visits a pool can give in a slot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from peelian.domain.errors import Misuse
from peelian.domain.plan import Candidates, Floats, Ints, Rules, Slot, Team

DETOUR = 1.3
"""How much longer a way is than the straight line: an assumption, since no street network is held."""


@dataclass(frozen=True, eq=False)
class Pool:
    """Teams alike in kind, agency, base and mode; `teams` may differ in hours and slots."""

    kind: str
    agency: str
    easting: float
    northing: float
    mode: str
    teams: tuple[Team, ...]

    @property
    def name(self) -> str:
        """Names of its teams, said once each."""
        return " + ".join(dict.fromkeys(team.name for team in self.teams))

    def rounds(self, slot: Slot) -> list[float]:
        """Minutes that each team has in the slot; no longer than the slot itself."""
        length = (slot.end - slot.start).total_seconds() / 60
        working = [team for team in self.teams if slot.name in team.slots]
        return [min(team.hours * 60, length) for team in working for _ in range(team.count)]


def pool(teams: Sequence[Team], slots: Sequence[Slot]) -> list[Pool]:
    """Pools in order of first mention. Raises Misuse for no team, an unknown slot or a bad number."""
    if not teams:
        raise Misuse("A plan needs at least one team", do="Name teams with base, mode, hours and slots.")
    known = {slot.name for slot in slots}
    alike: dict[tuple[str, str, float, float, str], list[Team]] = {}
    for team in teams:
        if strange := set(team.slots) - known:
            raise Misuse(
                f"A team works {len(strange)} slot(s) that the plan lacks", expected=", ".join(known)
            )
        if not (team.hours >= 0 and team.count >= 0):
            raise Misuse("A team's hours or count are negative", expected="0 or more")
        alike.setdefault((team.kind, team.agency, team.easting, team.northing, team.mode), []).append(team)
    return [Pool(*key, tuple(members)) for key, members in alike.items()]


def speed(pool: Pool, rules: Rules) -> float:
    """Metres a minute. Raises Misuse where the rules give none for the mode."""
    if not (kilometres := rules.travel_km_h.get(pool.mode, 0.0)) > 0:
        raise Misuse(f"No travel speed for mode {pool.mode}", expected="km/h above 0 in travel_km_h")
    return kilometres * 1000 / 60


def from_base(candidates: Candidates, pool: Pool, rules: Rules) -> Floats:
    """Minutes from the base to each of N places, one way."""
    metres = np.hypot(candidates.easting - pool.easting, candidates.northing - pool.northing) * DETOUR
    return np.asarray(metres / speed(pool, rules), dtype=float)


def reach(
    candidates: Candidates, pools: Sequence[Pool], slots: Sequence[Slot], rules: Rules
) -> npt.NDArray[np.bool_]:
    """(N, K): whether a single visit, there and back, fits into the pool's longest round."""
    longest = [max((m for slot in slots for m in one.rounds(slot)), default=0.0) for one in pools]
    ways = [2 * from_base(candidates, one, rules) + rules.dwell_minutes for one in pools]
    return np.stack([way <= most for way, most in zip(ways, longest, strict=True)], axis=1)


def travel(
    candidates: Candidates, pools: Sequence[Pool], rules: Rules, near: npt.NDArray[np.bool_]
) -> Floats:
    """(K,) minutes of travel reckoned for one visit, from the places likely to be chosen.

    The way to the fourth-nearest likely place (a round is not free to take the nearest), where the likely
    are the 200 within reach with most harm. Routing checks it afterwards.
    """
    from scipy.spatial import cKDTree

    total, minutes = candidates.harm.sum(1), []
    for k, one in enumerate(pools):
        inside = np.flatnonzero(near[:, k])
        likely = inside[np.argsort(-total[inside], kind="stable")[:200]]
        if len(likely) < 2:
            minutes.append(float(2 * from_base(candidates, one, rules)[likely].sum()))
            continue
        points = np.column_stack([candidates.easting[likely], candidates.northing[likely]])
        ways, _ = cKDTree(points).query(points, k=min(5, len(likely)))
        minutes.append(float(np.asarray(ways)[:, -1].mean()) * DETOUR / speed(one, rules))
    return np.array(minutes)


def capacity(
    candidates: Candidates, pools: Sequence[Pool], slots: Sequence[Slot], rules: Rules,
    near: npt.NDArray[np.bool_],
) -> Ints:  # fmt: skip
    """(K, S) visits that each pool can give in each slot, whole visits of whole teams.

    Each round loses the way out to the likely places and back once, then dwell and travel for each visit.
    """
    each = travel(candidates, pools, rules, near)
    held = np.zeros((len(pools), len(slots)), dtype=np.int64)
    total = candidates.harm.sum(1)
    for k, one in enumerate(pools):
        inside = np.flatnonzero(near[:, k])
        if not len(inside):
            continue
        likely = inside[np.argsort(-total[inside], kind="stable")[:200]]
        out = 2 * float(np.median(from_base(candidates, one, rules)[likely]))
        for s, slot in enumerate(slots):
            held[k, s] = sum(_visits(m, out, rules.dwell_minutes, each[k]) for m in one.rounds(slot))
    return held


def _visits(minutes: float, out: float, dwell: int, travel: float) -> int:
    """At least one visit where one fits: a near place may be the only one worth going to."""
    fits = int((minutes - out + travel + 1e-9) // (dwell + travel))
    return max(fits, 1 if minutes >= dwell else 0)
