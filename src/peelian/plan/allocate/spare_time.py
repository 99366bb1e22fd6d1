"""Time that rounds have left is given to more places, and to better ones, while every rule holds.

How many visits a round holds is only reckoned before the rounds are known, and seldom right: where they
have time left, the worthiest place that fits is added, or takes the turn of one that is worth less.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from peelian.domain.plan import Ints, Visit
from peelian.plan.allocate.due_shares import bounds, zone_at
from peelian.plan.allocate.insertion import Round
from peelian.plan.allocate.pools import DETOUR, speed
from peelian.plan.allocate.problem import Problem

_LIKELY = 300
"""Places looked at for each pool and slot: those worth most among the ones that may be added."""
_PASSES = 2


class SpareTime:
    """A routed plan that is being filled; `shares` says whether shares by area must hold after each step."""

    def __init__(self, asked: Problem, visits: Sequence[Visit], *, shares: bool) -> None:
        self.asked, self.shares, self.rules = asked, shares, asked.rules
        self.may = asked.may
        size = len(asked.candidates.ids), len(asked.slots)
        self.there = np.zeros(size, dtype=np.int64)
        for visit in visits:
            self.there[visit.place, visit.slot] += 1
        self.total = len(visits)
        self.harm, area = asked.candidates.harm, asked.candidates.area
        own = [area] if asked.due is None else [area, len(asked.candidates.areas) + zone_at(asked.candidates)]
        self.of = np.stack(own, axis=1)
        self.bounds = bounds(asked.candidates, asked.rules, asked.due)
        self.counts = np.zeros(len(self.bounds.low(0.0)))
        for visit in visits:
            self.counts[self.of[visit.place]] += 1
        self.fixed = [v for v in visits if v.order is None]
        self.rounds = self._rounds([v for v in visits if v.order is not None])

    def _rounds(self, visits: Sequence[Visit]) -> dict[tuple[int, int], list[Round]]:
        """Rounds by pool and slot; a group with a visit that was never routed is left as it is."""
        stops: dict[tuple[int, int, int], list[tuple[int, int]]] = {}
        for v in visits:
            stops.setdefault((v.pool, v.slot, int(v.team or 0)), []).append((int(v.order or 0), v.place))
        left = {(v.pool, v.slot) for v in self.fixed}
        out = {}
        places = self.asked.candidates
        for k, pool in enumerate(self.asked.pools):
            pace = DETOUR / speed(pool, self.rules)
            for s, slot in enumerate(self.asked.slots):
                if (k, s) in left or pace == 0 or not (hours := pool.rounds(slot)):
                    continue
                out[k, s] = [
                    Round(places.easting, places.northing, (pool.easting, pool.northing), pace, minutes,
                          self.rules.dwell_minutes, [p for _, p in sorted(stops.get((k, s, team), []))])
                    for team, minutes in enumerate(hours)
                ]  # fmt: skip
        return out

    def fill(self) -> SpareTime:
        """Add and exchange until no round has time for a better place."""
        for _ in range(_PASSES):
            before = self.there.sum()
            for (k, s), rounds in self.rounds.items():
                for one in rounds:
                    one.shorten()
                self._fill_slot(k, s, rounds)
            if self.there.sum() == before:
                break
        return self

    def _fill_slot(self, k: int, s: int, rounds: list[Round]) -> None:
        likely = self.likely(k, s)
        for _ in range(200):
            if not len(likely):
                return
            now = likely[self._open(likely, s)]
            if not (self._add(s, rounds, now) or self._exchange(s, rounds, now)):
                return

    def likely(self, k: int, s: int, among: npt.NDArray[np.bool_] | None = None) -> Ints:
        """Places that the pool may visit in the slot, most harm first; among these (N,) only if given."""
        inside = self.asked.near[:, k] & (self.harm[:, s] > 0)
        if among is not None:
            inside &= among
        inside &= self._open(np.arange(len(inside)), s)
        places = np.flatnonzero(inside)
        return places[np.argsort(-self.harm[places, s], kind="stable")[:_LIKELY]]

    def _open(self, places: Ints, s: int) -> npt.NDArray[np.bool_]:
        """Which places may get a first visit in the slot by every rule of one place."""
        rules, there = self.rules, self.there[places]
        gap = rules.least_gap_slots
        out = self.may[places] & (there[:, max(0, s - gap) : s + gap + 1].sum(1) == 0)
        if rules.most_visits_a_place is not None:
            out &= there.sum(1) < rules.most_visits_a_place
        if rules.contiguous:
            out &= there.sum(1) > 0
        if (within := rules.revisit_slots) is not None:
            again = there[:, s + 1 : s + within + 1].sum(1) > 0
            if s + within > there.shape[1] - 1:
                again |= there[:, max(0, s - within) : s].sum(1) > 0
            out &= again
        return np.asarray(out, dtype=bool)

    def _kept(self, total: int, into: Ints, out: int | None = None) -> npt.NDArray[np.bool_]:
        """Whether shares of areas and zones hold with a visit more at each place (and one less at `out`)."""
        if not self.shares:
            return np.ones(len(into), dtype=bool)
        now = self.counts.copy()
        if out is not None:
            now[self.of[out]] -= 1
        low, high = self.bounds.low(total) - 1e-9, self.bounds.high(total) + 1e-9
        short = now < low
        if (now[short] + 1 < low[short]).any():
            return np.zeros(len(into), dtype=bool)
        of = self.of[into]
        return np.asarray((now[of] + 1 <= high[of]).all(1) & (short[of].sum(1) == short.sum()), dtype=bool)

    def _add(self, s: int, rounds: list[Round], likely: Ints) -> bool:
        likely = likely[self._kept(self.total + 1, likely)]
        most = self.rules.most_visits
        if not len(likely) or (most is not None and self.total >= most):
            return False
        best: tuple[float, Round, int, int] | None = None
        for one in rounds:
            cost, where = one.more(likely)
            fits = np.flatnonzero(cost + one.dwell + 0.1 <= one.spare())
            if len(fits) and (best is None or self.harm[likely[fits[0]], s] > best[0]):
                first = int(likely[fits[0]])
                best = float(self.harm[first, s]), one, int(where[fits[0]]), first
        if best is not None:
            self.add(*best[1:], s)
        return best is not None

    def _exchange(self, s: int, rounds: list[Round], likely: Ints) -> bool:
        """Give a turn to a place worth more; not where a place's going could break a rule of others."""
        if self.rules.contiguous or self.rules.revisit_slots is not None or not len(likely):
            return False
        best: tuple[float, Round, int, int, int] | None = None
        for one in rounds:
            if not one.stops:
                continue
            stops = np.array(one.stops)
            alone = np.where(self.there[stops, s] == 1, self.harm[stops, s], np.inf)
            cost, where = one.instead(likely)
            gain = self.harm[likely, s][:, None] - alone
            gain[cost > one.spare()] = -np.inf
            i, out = np.unravel_index(int(gain.argmax()), gain.shape)
            enough = gain[i, out] > 1e-6 and (best is None or gain[i, out] > best[0])
            if enough and self._kept(self.total, likely[[i]], int(stops[out]))[0]:
                best = float(gain[i, out]), one, int(out), int(where[i, out]), int(likely[i])
        if best is not None:
            self.exchange(*best[1:], s)
        return best is not None

    def add(self, one: Round, at: int, place: int, s: int) -> None:
        """A stop more, at this position of the round."""
        one.stops.insert(at, place)
        self._count(place, s, 1)

    def exchange(self, one: Round, gone: int, at: int, place: int, s: int) -> None:
        """A stop instead of another; `at` counts the stops that stay."""
        self._count(one.stops.pop(gone), s, -1)
        self.add(one, at, place, s)

    def _count(self, place: int, s: int, by: int) -> None:
        self.there[place, s] += by
        self.counts[self.of[place]] += by
        self.total += by

    def visits(self) -> list[Visit]:
        """Every visit, by slot, place and pool."""
        dwell = self.rules.dwell_minutes
        made = [
            Visit(place, s, k, dwell, order, team)
            for (k, s), rounds in self.rounds.items()
            for team, one in enumerate(rounds)
            for order, place in enumerate(one.stops)
        ]
        return sorted([*self.fixed, *made], key=lambda v: (v.slot, v.place, v.pool))

    def room(self) -> Ints:
        """(K, S) how many visits each pool gives in each slot."""
        out = np.zeros_like(self.asked.room)
        for visit in self.visits():
            out[visit.pool, visit.slot] += 1
        return out
