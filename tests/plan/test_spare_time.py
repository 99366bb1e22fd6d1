"""Time that rounds have left: costs by trial, rounds walked again, every rule kept, more covered."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from peelian.domain.errors import Refused
from peelian.domain.plan import Plan, Rules
from peelian.plan.allocate import allocate
from peelian.plan.allocate.insertion import Round
from peelian.plan.allocate.pools import DETOUR
from peelian.plan.allocate.problem import problem
from peelian.plan.allocate.routing import route
from peelian.plan.allocate.shares import mend
from peelian.plan.allocate.spare_time import SpareTime
from tests.plan import worlds
from tests.plan.verifier import broken, broken_shares, pools_of, round_minutes


def a_round(seed: int, stops: int = 5) -> Round:
    rng = np.random.default_rng(seed)
    return Round(rng.random(20) * 1000, rng.random(20) * 1000, (500.0, 500.0), 0.02, 120.0, 15.0,
                 list(range(stops)))  # fmt: skip


def travel(one: Round, stops: list[int]) -> float:
    points = [one.base, *((float(one.east[p]), float(one.north[p])) for p in stops), one.base]
    return one.pace * sum(math.dist(a, b) for a, b in itertools.pairwise(points))


@pytest.mark.parametrize("seed", range(5))
def test_what_a_stop_more_or_another_costs_is_what_trying_every_position_finds(seed: int) -> None:
    one = a_round(seed)
    now, places = travel(one, one.stops), np.arange(5, 20)
    more, at = one.more(places)
    instead, where = one.instead(places)
    for i, place in enumerate(places.tolist()):
        tried = [travel(one, [*one.stops[:k], place, *one.stops[k:]]) for k in range(6)]
        assert more[i] == pytest.approx(min(tried) - now)
        assert tried[at[i]] == pytest.approx(min(tried))
        for out in range(5):
            left = [stop for stop in one.stops if stop != one.stops[out]]
            tried = [travel(one, [*left[:k], place, *left[k:]]) for k in range(5)]
            assert instead[i, out] == pytest.approx(min(tried) - now)
            assert tried[where[i, out]] == pytest.approx(min(tried))
    assert one.spare() == pytest.approx(120 - now - 5 * 15.1 - 0.1)


def test_a_round_only_gets_shorter_with_the_same_stops() -> None:
    one = a_round(9, 9)
    before = travel(one, one.stops)
    one.shorten()
    assert sorted(one.stops) == list(range(9))
    assert travel(one, one.stops) < before


def town(seed: int) -> tuple:  # type: ignore[type-arg]
    """150 places in four areas over 8 km, three shifts, two bases, and rules drawn from the seed."""
    rng = np.random.default_rng(seed)
    shifts = worlds.slots(3)
    candidates = worlds.places(rng.gamma(0.4, 1, (150, 3)), areas=4, rng=rng, side=8000.0)
    kind = "outreach" if seed % 2 else "visible presence"
    teams = [
        worlds.team(2, 16, shifts, mode="foot", base=(4000.0, 4000.0), kind=kind),
        worlds.team(1, 20, shifts[:2], mode="car", base=(500.0, 500.0)),
    ]
    rules = Rules(
        cap_each_area=0.4, least_by_area={"A3": 0.2} if seed % 3 else {}, hold_out=0.1, seed=seed,
        least_gap_slots=seed % 2, most_visits_a_place=2, most_visits=30 if seed % 5 == 4 else None,
        revisit_slots=2 if seed % 4 == 3 else None, most_visits_a_slot=1 + (seed % 6 == 5),
        effect={"visible presence": 0.2, "outreach": 0.3} if seed % 2 else {},
    )  # fmt: skip
    return candidates, shifts, teams, rules


@pytest.mark.parametrize("seed", range(12))
def test_filled_plans_keep_every_rule_and_their_rounds_end_in_time(seed: int) -> None:
    candidates, shifts, teams, rules = town(seed)
    try:
        made: Plan = allocate(candidates, shifts, teams, rules, rivals=False, seconds=20)
    except Refused:
        pytest.skip("no plan keeps these rules")
    assert not broken(candidates, shifts, teams, rules, list(made.visits), made.held_out, made.room)
    assert made.bound >= made.worth - 1e-9
    pools = pools_of(teams)
    rounds: dict[tuple[int, int, int], list[tuple[int, int]]] = {}
    assert not made.unfitted
    for visit in made.visits:
        assert visit.order is not None
        assert visit.team is not None
        rounds.setdefault((visit.slot, visit.pool, visit.team), []).append((visit.order, visit.place))
    for (_, pool, team), stops in rounds.items():
        assert team < pools[pool][0].count
        assert [order for order, _ in sorted(stops)] == list(range(len(stops)))
        walked = round_minutes(candidates, pools[pool][0], rules, [p for _, p in sorted(stops)], DETOUR)
        assert walked <= pools[pool][0].hours * 60 + 1e-6


def test_filling_adds_what_the_reckoned_room_had_no_place_for() -> None:
    candidates, shifts, teams, rules = town(0)
    asked = problem(candidates, shifts, teams, rules)
    solved = asked.solve(candidates.harm, 10)
    assert solved is not None
    visits, missed = route(asked, asked.visits(*solved), math.inf)
    routed = [visit for at, visit in enumerate(visits) if at not in missed]
    full = SpareTime(asked, routed, shares=True).fill()
    assert full.total > len(routed)
    assert not broken(candidates, shifts, teams, rules, full.visits(), tuple(asked.held_out))
    assert SpareTime(asked, full.visits(), shares=True).fill().total == full.total  # nothing is left to add


def test_broken_shares_are_mended_by_exchange() -> None:
    candidates, shifts, teams, _ = town(0)
    rules = Rules()
    asked = problem(candidates, shifts, teams, rules)
    solved = asked.solve(candidates.harm, 10)
    assert solved is not None
    visits, missed = route(asked, asked.visits(*solved), math.inf)
    routed = [visit for at, visit in enumerate(visits) if at not in missed]
    counts = np.bincount([int(candidates.area[v.place]) for v in routed], minlength=4)
    strict = Rules(least_by_area={f"A{int(counts.argmin())}": counts.min() / len(routed) + 0.05})
    assert broken_shares(candidates, strict, routed)
    state = SpareTime(problem(candidates, shifts, teams, strict), routed, shares=False)
    mend(state)
    assert state.total == len(routed)
    assert not broken_shares(candidates, strict, state.visits())
