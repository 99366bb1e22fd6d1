"""The choice of visits: by hand, against every possible plan, and by an independent reading of the rules."""

from __future__ import annotations

import math

import numpy as np
import pytest

from peelian.domain.errors import Misuse, Refused
from peelian.domain.plan import Plan, Rules
from peelian.plan.allocate import allocate, sensitivity, visits_only
from peelian.plan.allocate import solve as solving
from peelian.plan.allocate.pools import DETOUR
from tests.plan import brute, worlds
from tests.plan.verifier import broken, pools_of, round_minutes

FREE = worlds.FREE


def plan(candidates, slots, teams, rules, **more) -> Plan:  # type: ignore[no-untyped-def]
    return allocate(candidates, slots, teams, rules, **{"rivals": False, "seconds": 30.0, **more})


def test_by_hand() -> None:
    shifts = worlds.slots(2)
    harm = np.array([[5.0, 1.0], [4.0, 3.0], [1.0, 2.0]])
    teams = [worlds.team(1, 1, shifts)]  # a visit a slot
    free = plan(worlds.places(harm), shifts, teams, Rules(travel_km_h=FREE))
    assert {(v.place, v.slot) for v in free.visits} == {(0, 0), (1, 1)}
    assert free.covered == free.worth == free.bound == 8.0
    assert free.gap == 0
    assert free.prevented is None
    assert free.uncovered == (2,)
    one = plan(
        worlds.places(harm), shifts, teams, Rules(travel_km_h=FREE, excluded=("c0",), most_visits_a_place=1)
    )
    assert {(v.place, v.slot) for v in one.visits} == {(1, 0), (2, 1)}


def test_second_visits_count_less_and_the_stronger_kind_goes_first() -> None:
    shifts = worlds.slots(1)
    harm = np.array([[10.0], [4.0]])
    teams = [worlds.team(1, 1, shifts), worlds.team(1, 1, shifts, kind="outreach", mode="foot")]
    rules = Rules(travel_km_h=FREE, most_visits_a_slot=2, effect={"visible presence": 0.2, "outreach": 0.4})
    made = plan(worlds.places(harm), shifts, teams, rules)  # 10 x (.4 + .1) = 5 beats 10 x .4 + 4 x .2 = 4.8
    assert [v.place for v in made.visits] == [0, 0]
    assert made.prevented == pytest.approx(5.0)
    assert made.covered == 10.0
    less = Rules(travel_km_h=FREE, most_visits_a_slot=2, again=0.3, effect=rules.effect)
    assert sorted(v.place for v in plan(worlds.places(harm), shifts, teams, less).visits) == [0, 1]


@pytest.mark.parametrize("part", range(4))
def test_a_thousand_random_worlds_keep_every_rule_and_small_ones_match_brute_force(part: int) -> None:
    tried = refused = 0
    for seed in range(part * 250, part * 250 + 250):
        candidates, shifts, teams, rules = worlds.draw(seed)
        try:
            made = plan(candidates, shifts, teams, rules)
        except Refused:
            made = None
        if made is not None:
            assert not broken(
                candidates, shifts, teams, rules, list(made.visits), made.held_out, made.room
            ), seed
            assert made.bound >= made.worth - 1e-9
        size = (1 + len(teams)) ** (len(candidates.ids) * len(shifts))
        if size > 600 or rules.hold_out or (rules.most_visits_a_slot > 1 and size > 100):
            continue
        truth = brute.best(candidates, shifts, teams, rules, ())
        tried, refused = tried + 1, refused + (truth is None)
        assert (made is None) == (truth is None), seed
        if made is not None and truth is not None:
            assert made.worth == pytest.approx(truth, rel=1e-3), seed
    assert tried > 60
    assert refused > 5


def test_leaving_columns_out_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    shifts = worlds.slots(4)
    candidates = worlds.places(rng.gamma(0.4, 1, (300, 4)), areas=5, rng=rng)
    teams = [worlds.team(2, 6, shifts), worlds.team(1, 9, shifts[:2], mode="foot")]
    rules = Rules(
        travel_km_h=FREE, cap_each_area=0.25, least_by_area={"A1": 0.2}, least_gap_slots=1, hold_out=0.1
    )  # fmt: skip
    whole = plan(candidates, shifts, teams, rules)
    monkeypatch.setattr(solving, "SMALL", 10)
    part = plan(candidates, shifts, teams, rules)
    assert part.worth == pytest.approx(whole.worth, rel=5e-4)
    assert part.bound >= whole.worth - 1e-9
    assert part.gap < 0.01
    assert not broken(candidates, shifts, teams, rules, list(part.visits), part.held_out, part.room)


@pytest.mark.parametrize(
    ("rules", "names"),
    [
        (Rules(cap_each_area=0.3, travel_km_h=FREE), ["cap_each_area = 0.3"]),
        (Rules(cap_by_area={"A0": 0.4, "A1": 0.5}, hold_out=0.1, travel_km_h=FREE),
         ["cap_by_area A0", "cap_by_area A1"]),
        (Rules(least_by_area={"A0": 0.5}, excluded=("A0", "c1"), travel_km_h=FREE),
         ["least_by_area A0", "excluded A0"]),
        (Rules(revisit_slots=1, least_gap_slots=1, travel_km_h=FREE),
         ["revisit_slots = 1", "least_gap_slots = 1"]),
        (Rules(revisit_slots=2, most_visits=1, travel_km_h=FREE), ["revisit_slots = 2", "most_visits = 1"]),
    ],
)  # fmt: skip
def test_rules_in_conflict_are_named_and_no_other(rules: Rules, names: list[str]) -> None:
    shifts = worlds.slots(4)
    candidates = worlds.places(np.ones((6, 4)))
    with pytest.raises(Refused, match="No plan keeps all the rules") as told:
        plan(candidates, shifts, [worlds.team(1, 3, shifts)], rules)
    assert all(name in told.value.what for name in names)
    assert told.value.what.count("; ") == len(names) - 1


def test_no_way_to_any_place_is_said() -> None:
    shifts = worlds.slots(1)
    far = worlds.team(1, 2, shifts, mode="foot", base=(1e6, 1e6))
    with pytest.raises(Refused, match="No team can visit any place"):
        plan(worlds.places(np.ones((3, 1))), shifts, [far], Rules())


def test_misuse_is_told() -> None:
    shifts = worlds.slots(1)
    teams = [worlds.team(1, 2, shifts)]
    with pytest.raises(Misuse, match="Contiguity"):
        plan(worlds.places(np.ones((501, 1))), shifts, teams, Rules(contiguous=True))
    for rules in (Rules(excluded=("nowhere",)), Rules(cap_by_area={"nowhere": 0.1}), Rules(hold_out=1.0)):
        with pytest.raises(Misuse):
            plan(worlds.places(np.ones((3, 1))), shifts, teams, rules)
    with pytest.raises(Misuse, match="Harm and slots"):
        plan(worlds.places(np.ones((3, 2))), shifts, teams, Rules())


def test_held_out_reproduces_from_its_seed_and_never_sees_harm() -> None:
    shifts = worlds.slots(2)
    teams = [worlds.team(1, 9, shifts)]
    rng = np.random.default_rng(1)
    harm = rng.gamma(1, 1, (60, 2))
    rules = Rules(hold_out=0.2, travel_km_h=FREE)
    first = plan(worlds.places(harm), shifts, teams, rules, seed=5)
    again = plan(worlds.places(harm[::-1]), shifts, teams, rules, seed=5)
    other = plan(worlds.places(harm), shifts, teams, rules, seed=6)
    assert first.held_out == again.held_out != other.held_out
    assert len(first.held_out) == 12
    assert first.rules.seed == 5
    assert not {v.place for v in first.visits} & set(first.held_out)


def test_rounds_end_in_time_when_walked_by_hand() -> None:
    rng = np.random.default_rng(2)
    shifts = worlds.slots(3)
    candidates = worlds.places(rng.gamma(0.5, 1, (80, 3)), rng=rng, side=6000.0)
    teams = [
        worlds.team(2, 20, shifts, mode="foot", base=(3000.0, 3000.0)),
        worlds.team(1, 20, shifts[:2], mode="car", base=(500.0, 500.0)),
    ]
    rules = Rules()
    made = plan(candidates, shifts, teams, rules)
    pools = pools_of(teams)
    rounds: dict[tuple[int, int, int], list[tuple[int, int]]] = {}
    for at, visit in enumerate(made.visits):
        assert (visit.order is None) == (at in made.unfitted)
        if visit.order is not None and visit.team is not None:
            rounds.setdefault((visit.slot, visit.pool, visit.team), []).append((visit.order, visit.place))
    assert len(made.unfitted) < 0.1 * len(made.visits)
    for (_, pool, _), stops in rounds.items():
        team = pools[pool][0]
        assert [order for order, _ in sorted(stops)] == list(range(len(stops)))
        walked = round_minutes(candidates, team, rules, [place for _, place in sorted(stops)], DETOUR)
        assert walked <= team.hours * 60 + 1e-6


def test_rivals_keep_the_rules_and_the_plan_covers_at_least_as_much() -> None:
    rng = np.random.default_rng(4)
    shifts = worlds.slots(3)
    candidates = worlds.places(rng.gamma(0.4, 1, (100, 3)), areas=4, rng=rng)
    rules = Rules(cap_each_area=0.4, hold_out=0.1, travel_km_h=FREE)
    made = plan(candidates, shifts, [worlds.team(1, 8, shifts)], rules, rivals=True)
    assert set(made.rivals) == {"last-year-count", "equal-spread"}
    assert made.covered >= made.rivals["last-year-count"] > made.rivals["equal-spread"] > 0


def test_where_all_places_are_alike_no_plan_is_better() -> None:
    shifts = worlds.slots(2)
    made = plan(
        worlds.places(np.full((30, 2), 0.3)), shifts, [worlds.team(1, 5, shifts)], Rules(travel_km_h=FREE),
        rivals=True,
    )  # fmt: skip
    assert made.rivals["last-year-count"] == pytest.approx(made.covered)
    assert made.rivals["equal-spread"] == pytest.approx(made.covered)


def test_sensitivity_moves_with_the_budget() -> None:
    rng = np.random.default_rng(5)
    shifts = worlds.slots(2)
    candidates = worlds.places(rng.gamma(0.4, 1, (60, 2)), rng=rng)
    teams, rules = visits_only(20, shifts, Rules())
    made = plan(candidates, shifts, teams, rules)
    assert len(made.visits) == 20
    assert math.isinf(made.rules.travel_km_h["any"])
    cases = {case.name: case for case in sensitivity(candidates, shifts, teams, rules, made, seconds=20)}
    assert [cases[f"budget {sign}20 %"].visits for sign in "-+"] == [16, 24]
    assert cases["budget -20 %"].covered < made.covered < cases["budget +20 %"].covered
    assert cases["forecast low"].covered == pytest.approx(made.covered)  # half of all: the same places
    assert cases["forecast low"].stay == cases["forecast low"].places
