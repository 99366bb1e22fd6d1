"""The plain world against its own scenario: the numbers of methods section 7."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.simulate.checks import (
    knox_ratio,
    of_component,
    over_dispersion,
    recovered_branching,
    share_holding_half,
)
from peelian.simulate.published import lonlat
from peelian.simulate.scenario import load_scenario
from peelian.simulate.world import World, build_world


def test_the_area_has_the_size_it_should(plain: World) -> None:
    assert 1300 <= len(plain.lsoa_codes) <= 1700
    assert plain.land.people.sum() == pytest.approx(1_000_000)
    per_area = np.bincount(plain.lsoa, plain.land.people)
    assert np.percentile(per_area, 90) < 3 * np.percentile(per_area, 10)


def test_codes_and_ground_are_fictional(plain: World) -> None:
    assert all(code.startswith("X") for code in plain.lsoa_codes)
    x, y = GRID.centre(plain.land.cells)
    lon, lat = lonlat(x, y)
    assert np.isfinite(lon).all()
    assert np.isfinite(lat).all()
    # Open North Sea: the next test holds it against the real boundaries.
    assert lon.min() > 0.1
    assert 54.2 < lat.min() < lat.max() < 55


@pytest.mark.realdata
def test_no_real_place_is_near_and_no_real_area_has_our_towns_names(plain: World, shared_data: Path) -> None:
    with gzip.open(shared_data / "boundaries" / "pfa20.geojson.gz", "rt") as file:
        forces = json.load(file)["features"]
    lon, lat = lonlat(plain.land.boundary[:, 0], plain.land.boundary[:, 1])
    island = shapely.Polygon(np.column_stack([lon, lat]))
    for force in forces:
        assert shapely.distance(island, shapely.from_geojson(json.dumps(force["geometry"]))) > 0.25
    for name in ("ltla24", "msoa21"):
        with gzip.open(shared_data / "boundaries" / f"{name}.geojson.gz", "rt") as file:
            text = file.read()
        assert not [town.name for town in plain.scenario.geography.towns if town.name in text]


def test_deprivation_is_smooth(plain: World) -> None:
    _first, _row, columns, rows = plain.land.box
    field = np.full(rows * columns, np.nan)
    field[plain.land.where] = plain.land.deprivation
    field = field.reshape(rows, columns)
    here, east = field[:, :-1].ravel(), field[:, 1:].ravel()
    known = np.isfinite(here) & np.isfinite(east)
    assert np.corrcoef(here[known], east[known])[0, 1] > 0.9


@pytest.mark.parametrize(
    "name", ["violence-public", "robbery", "asb", "burglary", "theft", "weapons-possession"]
)
def test_reported_totals_are_the_scenarios(plain: World, name: str) -> None:
    monthly = of_component(plain, name).sum() / plain.scenario.months
    assert monthly == pytest.approx(plain.scenario.components[name].monthly, rel=0.06)


def test_knife_enabled_offences_are_in_the_stated_range(plain: World) -> None:
    a_year = (plain.observed.knife & plain.observed.reported).sum() / 3
    assert 1000 <= a_year <= 1500


@pytest.mark.parametrize("name", ["burglary", "robbery"])
def test_near_repeats_give_the_stated_knox_ratio(plain: World, name: str) -> None:
    mine, events = of_component(plain, name), plain.events
    assert 1.2 <= knox_ratio(events.x[mine], events.y[mine], events.hour[mine]) <= 1.4


def test_without_triggering_the_knox_ratio_is_near_one() -> None:
    world = build_world(load_scenario("plain").changed(near_repeat=False, months=24), 2)
    mine, events = of_component(world, "burglary"), world.events
    assert (events.parent < 0).all()
    assert 0.97 <= knox_ratio(events.x[mine], events.y[mine], events.hour[mine]) <= 1.06


@pytest.mark.parametrize(
    ("parent", "child"),
    [("violence-public", "violence-public"), ("burglary", "burglary"), ("asb", "violence-public")],
)
def test_branching_ratios_are_recovered_from_parent_ids(plain: World, parent: str, child: str) -> None:
    part = plain.scenario.components[parent]
    wanted = part.branching if parent == child else part.excites[child]
    assert recovered_branching(plain, parent, child) == pytest.approx(wanted, rel=0.05)


def test_triggered_events_follow_their_parents_and_lie_near(plain: World) -> None:
    events = plain.events
    child = np.flatnonzero(events.parent >= 0)
    parent = events.parent[child]
    assert (events.hour[child] >= events.hour[parent]).all()
    gap = np.hypot(events.x[child] - events.x[parent], events.y[child] - events.y[parent])
    assert np.median(gap) < 200


def test_half_of_public_violence_is_in_few_streets(plain: World) -> None:
    streets = plain.events.street[of_component(plain, "violence-public")]
    counts = np.bincount(streets, minlength=len(plain.streets.x))
    assert 0.02 <= share_holding_half(counts.astype(float)) <= 0.05
    assert over_dispersion(counts) > 2


def test_types_share_their_places(plain: World) -> None:
    cell = plain.streets.cell
    rate = [np.bincount(cell, plain.intensity.rate[k]) for k in (0, 4, 5)]
    logs = np.log(np.array(rate) + 1e-12)
    assert np.corrcoef(logs)[0, 1:].min() > 0.5


def test_not_everything_is_reported_and_less_where_deprivation_is_high(plain: World) -> None:
    seen, cell = plain.observed.reported, plain.events.cell
    public = of_component(plain, "violence-public", reported=False)
    poor = plain.land.deprivation[cell] > 1
    rich = plain.land.deprivation[cell] < 0
    assert seen[public & poor].mean() < seen[public & rich].mean() < 1


def test_summer_has_more_public_violence_than_winter(plain: World) -> None:
    mine = of_component(plain, "violence-public", reported=False) & (plain.events.parent < 0)
    month = plain.clock.month[plain.events.hour[mine].astype(int)] % 12
    assert np.isin(month, [5, 6, 7]).sum() > 1.1 * np.isin(month, [11, 0, 1]).sum()


def test_school_places_peak_after_school_on_school_days(plain: World) -> None:
    from peelian.simulate.clock import school_day
    from peelian.simulate.streets import CLASSES

    at_school = plain.streets.kind[plain.events.street] == CLASSES.index("school")
    mine = of_component(plain, "violence-public", "robbery", reported=False) & at_school
    opened = school_day(plain.scenario.calendar, plain.clock.days)
    hour = plain.events.hour[mine]
    on_day = opened[(hour // 24).astype(int)]
    of_day = np.bincount((hour[on_day] % 24).astype(int), minlength=24)
    assert of_day.argmax() == 16
    assert of_day[16:18].sum() > 2 * np.bincount((hour[~on_day] % 24).astype(int), minlength=24)[
        16:18
    ].sum() * (on_day.mean() / (1 - on_day.mean()) / 3)


def test_weekend_nights_fill_town_centres(plain: World) -> None:
    in_centre = plain.streets.kind[plain.events.street] == 0
    hour = plain.events.hour[of_component(plain, "violence-public") & in_centre]
    weekday = (plain.clock.first.weekday() + hour // 24) % 7
    late = (hour % 24 >= 21) & np.isin(weekday, [4, 5])
    assert late.mean() > 2.5 * (2 * 3 / 168)


def test_the_same_seed_gives_the_same_world_and_another_does_not() -> None:
    scenario = load_scenario("tiny")
    a, b, c = build_world(scenario, 7), build_world(scenario, 7), build_world(scenario, 8)
    assert np.array_equal(a.events.hour, b.events.hour)
    assert np.array_equal(a.observed.received, b.observed.received)
    assert len(a.events) != len(c.events)


def test_a_silent_district_publishes_nothing_though_things_happen_there(plain: World) -> None:
    there = plain.silent[plain.events.cell]
    assert plain.silent.sum() > 100
    assert there.sum() > 1000
    assert not (plain.published & there).any()


def test_the_newly_opened_place_has_a_short_history(plain: World) -> None:
    plant = next(p for p in plain.intensity.plants if p.kind == "opening" and p.k == 0)
    mine = of_component(plain, "violence-public") & np.isin(plain.events.street, plant.streets)
    hour = plain.events.hour[mine]
    weeks = (plain.clock.hours - plant.start) / 168
    after = (hour >= plant.start).sum() / weeks
    before = (hour < plant.start).sum() / (plant.start / 168)
    assert after > 2 * before


def test_the_hard_world_reports_less_where_deprived_and_its_practice_jumps() -> None:
    world = build_world(load_scenario("hard").changed(months=30, scale=0.3), 4)
    seen, cell = world.observed.reported, world.events.cell
    mine = of_component(world, "violence-domestic", reported=False)
    poor, rich = world.land.deprivation[cell] > 1, world.land.deprivation[cell] < -1
    assert seen[mine & poor].mean() < 0.4 * seen[mine & rich].mean()
    month = world.clock.month[world.events.hour.astype(int)]
    jump = world.scenario.observation.jump
    assert jump is not None
    before, after = seen[mine & (month < jump.month)].mean(), seen[mine & (month >= jump.month)].mean()
    assert after / before == pytest.approx(jump.factor, rel=0.05)
    untouched = of_component(world, "asb", reported=False)
    assert seen[untouched & (month >= 24)].mean() == pytest.approx(
        seen[untouched & (month < 24)].mean(), rel=0.06
    )
