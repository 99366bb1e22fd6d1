"""What share of the visits each zone is due, and how many visits zones and areas may have of a total.

A zone is one or more areas. It is due its share of the harm expected where teams can go, within the caps and
least shares of its areas and within what its places and the teams that reach it can take. A plan stays near
that: within so many points, or as near as whole visits come (largest remainders leave none of Z zones
further than 1 - 1/Z visits off).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from peelian.domain.plan import Candidates, Floats, Ints, Rules

Bools = npt.NDArray[np.bool_]


def zones(candidates: Candidates) -> tuple[tuple[str, ...], Ints]:
    """Names of the zones and (A,) the zone of each area: the areas themselves where none are given."""
    if candidates.zones:
        return candidates.zones, np.array(candidates.zone_of, np.int64)
    return candidates.areas, np.arange(len(candidates.areas))


def zone_at(candidates: Candidates) -> Ints:
    """(N,) the zone of each place."""
    return np.asarray(zones(candidates)[1][candidates.area], np.int64)


def rounding(due: Floats) -> float:
    """The most by which rounding by largest remainders moves a zone."""
    return 1 - 1 / max(1, int((due > 0).sum()))


@dataclass(frozen=True, eq=False)
class Bounds:
    """Fewest and most visits of each of A areas and then Z zones, by the plan's total.

    `due` is empty where no rule shares visits out.
    """

    cap: Floats
    least: Floats
    due: Floats
    points: float

    def low(self, total: float) -> Floats:
        """(A + Z,) fewest visits."""
        return np.concatenate([self.least * total, self.due * total - self._off(total)])

    def high(self, total: float) -> Floats:
        """(A + Z,) most visits."""
        return np.concatenate([self.cap * total, self.due * total + self._off(total)])

    def _off(self, total: float) -> float:
        return max(self.points * total, rounding(self.due))


def bounds(candidates: Candidates, rules: Rules, due: Floats | None) -> Bounds:
    """Caps, least shares and due shares of the rules."""
    return Bounds(*_caps(candidates, rules), np.zeros(0) if due is None else due, rules.share_by_harm or 0.0)


def due_shares(candidates: Candidates, rules: Rules, may: Bools, near: Bools, room: Ints) -> Floats | None:
    """(Z,) the share of visits each zone is due; None where the rules do not share or there is no harm.

    `may` (N,) places that may be planned, `near` (N, K) pools that reach them, `room` (K, S) visits that
    pools can give.
    """
    names, of = zones(candidates)
    if rules.share_by_harm is None or len(names) < 2:
        return None
    harm = harm_in_reach(candidates, may, near, room)
    places = _by_zone(candidates, _most_of_each(rules, _open(may, near, room)))
    most = min(rules.most_visits or np.inf, float(room.sum()), float(places.sum()))
    if harm.sum() <= 0 or most <= 0:
        return None
    at = zone_at(candidates)
    teams = np.array([room[near[may & (at == z)].any(axis=0)].sum() for z in range(len(names))])
    cap, least = (np.bincount(of, one, len(names)).astype(float) for one in _caps(candidates, rules))
    high = np.maximum(np.minimum(np.minimum(cap, 1.0), np.minimum(places, teams) / most), least)
    return _filled(harm / harm.sum(), least, high)


def harm_in_reach(candidates: Candidates, may: Bools, near: Bools, room: Ints) -> Floats:
    """(Z,) harm expected in places and slots that some pool can visit; arguments as `due_shares`."""
    return _by_zone(candidates, (candidates.harm * _open(may, near, room)).sum(axis=1))


def _open(may: Bools, near: Bools, room: Ints) -> Bools:
    """(N, S) places and slots that some pool can visit."""
    reached = near.astype(np.int64) @ (room > 0).astype(np.int64) > 0
    return np.asarray(may[:, None] & reached, bool)


def _most_of_each(rules: Rules, open_to: Bools) -> Floats:
    """(N,) visits that a place may have at most, by the rules of one place."""
    apart = -(-open_to.shape[1] // (rules.least_gap_slots + 1))
    most = np.minimum(open_to.sum(axis=1), apart) * float(rules.most_visits_a_slot)
    each = np.inf if rules.most_visits_a_place is None else float(rules.most_visits_a_place)
    return np.asarray(np.minimum(most, each), float)


def _by_zone(candidates: Candidates, each: Floats) -> Floats:
    return np.bincount(zone_at(candidates), each, len(zones(candidates)[0])).astype(float)


def _caps(candidates: Candidates, rules: Rules) -> tuple[Floats, Floats]:
    """(A,) most and least share of each area."""
    every = 1.0 if rules.cap_each_area is None else rules.cap_each_area
    cap = np.array([min(rules.cap_by_area.get(area, 1.0), every) for area in candidates.areas])
    return cap, np.array([rules.least_by_area.get(area, 0.0) for area in candidates.areas])


def _filled(share: Floats, low: Floats, high: Floats) -> Floats:
    """Shares in proportion between bounds, adding up to 1 where the bounds allow it (by bisection)."""
    by_low, by_high = 0.0, 1.0
    while np.clip(by_high * share, low, high).sum() < 1 and by_high < 1e9:
        by_high *= 2
    for _ in range(100):
        by = (by_low + by_high) / 2
        by_low, by_high = (by, by_high) if np.clip(by * share, low, high).sum() < 1 else (by_low, by)
    return np.asarray(np.clip(by_high * share, low, high), float)
