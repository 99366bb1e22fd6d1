"""Visits shared out by harm: by hand, zones by hand, what it costs, and that what it yields to is kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from peelian.domain.errors import Misuse, Refused
from peelian.domain.plan import SHARE_BY_HARM, Plan, Rules
from peelian.plan.allocate import allocate
from peelian.plan.sharing import NOT_SHARED, ONE_ZONE, sharing
from peelian.plan.zoning import LEAST_OF_A_ZONE, parted, zoned
from tests.plan import worlds
from tests.plan.test_spare_time import town
from tests.plan.verifier import broken

SHIFT = worlds.slots(1)
SHARED = Rules(travel_km_h=worlds.FREE, share_by_harm=SHARE_BY_HARM)


def plan(harm: list[float], visits: int, rules: Rules = SHARED, areas: int = 2) -> Plan:
    held = worlds.places(np.array(harm)[:, None], areas=areas)
    made = allocate(held, SHIFT, [worlds.team(1, visits, SHIFT)], rules, seconds=20)
    assert not broken(held, SHIFT, [worlds.team(1, visits, SHIFT)], rules, list(made.visits), made.held_out)
    return made


HARM = [9.0, 5, 8, 4, 7, 3, 6, 2]  # places in turn of A0 (9, 8, 7, 6: 30 of 44) and A1 (5, 4, 3, 2: 14 of 44)


def test_by_hand() -> None:
    free = plan(HARM, 4, replace(SHARED, share_by_harm=None))
    assert [v.place for v in free.visits] == [0, 2, 4, 6]
    made = plan(HARM, 4)  # A0 is due 2.73 of 4 visits, A1 1.27; half a visit either way: 3 and 1
    assert [v.place for v in made.visits] == [0, 1, 2, 4]
    assert made.covered == 29.0
    assert made.unshared == 30.0
    assert made.share_cost == pytest.approx(1 / 30)
    assert [(one.zone, one.visits) for one in made.zones] == [("A0", 3), ("A1", 1)]
    assert made.zones[0].due == made.zones[0].harm == pytest.approx(30 / 44)
    told = sharing(made)
    assert told["furthest"] == pytest.approx(3 / 4 - 30 / 44)
    assert "3.4 % more expected harm" in told["sentence"]  # 30 for 29


def test_it_yields_to_what_the_planner_says_of_an_area() -> None:
    capped = plan(HARM, 4, replace(SHARED, cap_by_area={"A0": 0.5}))
    assert [one.visits for one in capped.zones] == [2, 2]
    assert [one.due for one in capped.zones] == pytest.approx([0.5, 0.5])
    least = plan(HARM, 4, replace(SHARED, least_by_area={"A1": 0.75}))
    assert [one.visits for one in least.zones] == [1, 3]
    gone = plan(HARM, 3, replace(SHARED, excluded=("A1",)))
    assert [one.visits for one in gone.zones] == [3, 0]


def test_no_area_is_due_more_than_its_places_can_take() -> None:
    made = plan([90.0, 1, 0.0, 1, 0.0, 1, 0.0, 1], 4, replace(SHARED, excluded=("c2", "c4", "c6")))
    assert [(one.zone, one.visits) for one in made.zones] == [("A0", 1), ("A1", 3)]
    assert made.zones[0].due == pytest.approx(0.25)  # one place in one shift is one visit, however much harm


def test_a_conflict_is_named() -> None:
    held, shifts = worlds.places(np.ones((6, 2)), areas=2), worlds.slots(2)
    rules = replace(SHARED, revisit_slots=1)  # both visits to one place, so both to one area
    with pytest.raises(Refused, match="revisit_slots = 1; share_by_harm") as told:
        allocate(held, shifts, [worlds.team(1, 1, shifts)], rules, seconds=20)
    assert told.value.what.count("; ") == 1
    with pytest.raises(Misuse, match="share_by_harm"):
        plan(HARM, 2, replace(SHARED, share_by_harm=1.5))


def test_where_nothing_can_be_shared_it_is_said() -> None:
    assert sharing(plan(HARM, 2, areas=1))["sentence"] == ONE_ZONE
    off = sharing(plan(HARM, 2, replace(SHARED, share_by_harm=None)))
    assert (off["sentence"], off["within"], off["zones"]) == (NOT_SHARED, None, [])


@pytest.mark.parametrize("seed", range(4))
def test_rounds_keep_it_too(seed: int) -> None:
    candidates, shifts, teams, rules = town(seed)
    rules = replace(rules, share_by_harm=SHARE_BY_HARM, least_by_area={})
    made = allocate(candidates, shifts, teams, rules, rivals=False, seconds=20)
    due = {one.zone: one.due for one in made.zones}
    if rules.revisit_slots is None:  # every place is in reach here: due is the share of harm, up to the cap
        open_to = np.ones(len(candidates.ids), bool)
        open_to[list(made.held_out)] = False
        harm = np.bincount(candidates.area, candidates.harm.sum(1) * open_to, 4)
        assert max(harm / harm.sum()) < rules.cap_each_area
        assert list(due.values()) == pytest.approx(list(harm / harm.sum()))
    assert not broken(
        candidates, shifts, teams, rules, list(made.visits), made.held_out, made.room, due
    )  # fmt: skip


def test_zones_by_hand() -> None:
    east, north = np.array([0.0, 1, 2, 3, 10, 11]), np.zeros(6)
    of = parted(np.array([4.0, 4, 1, 1, 6, 4]), east, north)  # 10 of 20 on each side; then 4 | 4 + 1 + 1, ...
    assert of.tolist() == [0, 1, 2, 2, 3, 4] or len(set(of.tolist())) >= 4
    assert parted(np.array([19.5, 0.5]), np.array([0.0, 1]), np.zeros(2)).tolist() == [0, 0]
    assert parted(np.zeros(3), np.arange(3.0), np.zeros(3)).tolist() == [0, 0, 0]


def test_small_areas_are_joined_with_neighbours_and_none_is_split() -> None:
    rng = np.random.default_rng(3)
    held = worlds.places(rng.gamma(0.4, 1, (600, 2)), areas=120)
    held = replace(held, area=np.arange(600) // 5)  # areas in a row
    made = zoned(held)
    harm = np.bincount(np.array(made.zone_of)[held.area], held.harm.sum(1))
    assert 5 <= len(made.zones) <= 10
    assert harm.min() >= LEAST_OF_A_ZONE * harm.sum() - 1e-9
    assert (np.diff(np.array(made.zone_of)) != 0).sum() == len(made.zones) - 1  # neighbours lie in one piece
    assert zoned(worlds.places(np.ones((4, 1)), areas=1)).zones == ()
