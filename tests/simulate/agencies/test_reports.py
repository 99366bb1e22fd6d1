"""Reports of three agencies: rates, overlaps and error sizes are those the scenario states."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from peelian.simulate.agencies.reports import REPORTS_SCHEMA, agency_reports
from peelian.simulate.agencies.seen import seen_by
from peelian.simulate.published import local_time
from peelian.simulate.scenario import load_scenario
from peelian.simulate.world import World, build_world


@pytest.fixture(scope="module")
def reports(plain: World) -> pl.DataFrame:
    return agency_reports(plain, seed=1)


def of(rows: pl.DataFrame, feed: str) -> pl.DataFrame:
    return rows.filter(pl.col("feed") == feed)


def events(rows: pl.DataFrame, feed: str) -> set[int]:
    return set(of(rows, feed)["event"].drop_nulls().to_list())


def test_the_columns_are_the_contracts_and_ids_are_unique(reports: pl.DataFrame) -> None:
    assert dict(reports.schema) == REPORTS_SCHEMA
    assert reports["report"].n_unique() == reports.height
    assert (reports["end"] > reports["start"]).all()
    assert (reports["received"] >= reports["end"]).all()


def test_rates_and_overlaps_are_the_scenarios(plain: World, reports: pl.DataFrame) -> None:
    numbers = plain.scenario.agencies
    police = events(reports, "police_crime")
    for feed, health in (
        ("ambulance", numbers.ambulance),
        ("emergency_department", numbers.emergency_department),
    ):
        seen = events(reports, feed)
        assert len(seen) / len(police) == pytest.approx(health.per_police, rel=0.04)
        assert 1 - len(seen & police) / len(seen) == pytest.approx(health.unknown_to_police, abs=0.03)
        rows = of(reports, feed)
        assert rows["event"].is_null().mean() == pytest.approx(health.noise, abs=0.005)
        twice = rows["event"].drop_nulls().len() / len(seen) - 1
        assert twice == pytest.approx(health.duplicates, abs=0.005)
        placed = 1 - rows["easting"].is_null().mean()
        assert placed == pytest.approx(sum(health.placed), abs=0.02)


def test_police_reports_are_the_worlds_own_records(plain: World, reports: pl.DataFrame) -> None:
    names = list(plain.scenario.components)
    harm = [names.index(name) for name in plain.scenario.agencies.harm]
    own = np.flatnonzero(plain.published & np.isin(plain.events.k, harm))
    assert events(reports, "police_crime") == set(own.tolist())


def test_ambulance_and_hospital_are_independent_given_the_police(plain: World) -> None:
    seen = seen_by(plain, np.random.default_rng(3), dependent=False)
    for known in (True, False):
        mine = seen.police == known
        both = (seen.ambulance & seen.emergency_department)[mine].sum()
        expected = seen.ambulance[mine].sum() * seen.emergency_department[mine].mean()
        assert abs(both - expected) < 4.5 * np.sqrt(expected) + 0.1 * expected


def test_health_is_sought_alike_everywhere_and_police_are_not_told_alike(plain: World) -> None:
    seen = seen_by(plain, np.random.default_rng(3), dependent=False)
    deprived = plain.land.deprivation[plain.events.cell[seen.event]]
    high, low = deprived > np.quantile(deprived, 0.75), deprived < np.quantile(deprived, 0.25)
    assert seen.ambulance[high].mean() / seen.ambulance[low].mean() == pytest.approx(1, abs=0.06)
    assert seen.police[high].mean() < 0.85 * seen.police[low].mean()


def test_dependence_raises_the_overlap(plain: World) -> None:
    free, tied = (agency_reports(plain, seed=1, dependent=flag) for flag in (False, True))
    numbers = plain.scenario.agencies
    for feed, least in (("police_crime", numbers.dependence.calls_police / 2), ("emergency_department", 0.4)):
        overlap = [
            len(events(rows, "ambulance") & events(rows, feed)) / len(events(rows, "ambulance"))
            for rows in (free, tied)
        ]
        assert overlap[1] - overlap[0] > least


def test_errors_are_of_the_size_stated(plain: World, reports: pl.DataFrame) -> None:
    known = reports.filter(pl.col("event").is_not_null())
    at = known["event"].to_numpy()
    gap = np.hypot(
        known["easting"].to_numpy() - plain.events.x[at], known["northing"].to_numpy() - plain.events.y[at]
    )
    gap = gap[np.isfinite(gap)]
    assert gap.min() > 49.8
    assert gap.max() < 250.2
    assert gap.mean() == pytest.approx(150, abs=2)
    true = local_time(plain, plain.events.hour[at]).dt.replace_time_zone(
        "Europe/London", ambiguous="earliest"
    )
    off = (known["start"].dt.convert_time_zone("Europe/London") - true).dt.total_minutes() / 60
    assert off.abs().max() <= 2.02  # type: ignore[operator]
    assert off.abs().mean() == pytest.approx(1, abs=0.03)


def test_the_same_seed_gives_the_same_rows_and_another_does_not(tiny: World) -> None:
    assert agency_reports(tiny, seed=1).equals(agency_reports(tiny, seed=1))
    assert not agency_reports(tiny, seed=1).equals(agency_reports(tiny, seed=2))


def test_a_world_without_events_has_no_reports() -> None:
    world = build_world(load_scenario("tiny").changed(scale=0.0, planted=()), 1)
    assert len(world.events) == 0
    assert agency_reports(world, seed=1).height == 0


def test_a_world_whose_health_data_are_noise_names_no_event(tiny: World) -> None:
    agencies = tiny.scenario.agencies.model_copy(update={"noise_only": True})
    world = build_world(tiny.scenario.changed(agencies=agencies), 3)
    rows = agency_reports(world, seed=1)
    health = rows.filter(pl.col("feed") != "police_crime")
    assert health.height > 0.8 * agency_reports(tiny, seed=1).filter(pl.col("feed") != "police_crime").height
    assert health["event"].is_null().all()


def test_the_night_is_dense_and_its_feeds_depend() -> None:
    world = build_world(load_scenario("night"), 1)
    assert world.scenario.agencies.dependent
    public = np.flatnonzero(world.events.k == 0)
    busiest = np.sort(np.bincount(world.events.cell[public]))[::-1]
    assert busiest[:10].sum() > 0.6 * len(public)
    weekday = (world.clock.first.weekday() + (world.events.hour[public] - 6) // 24) % 7
    assert np.isin(weekday, [4, 5]).mean() > 0.6
