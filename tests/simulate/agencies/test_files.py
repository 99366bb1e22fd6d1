"""The agencies' files: the layouts of the shipped samples, truth beside them, holes that are holes."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from peelian.domain.errors import Misuse
from peelian.simulate.agencies.area_counts import quarters
from peelian.simulate.agencies.wording import NARRATIVES
from peelian.simulate.agencies.write import FEEDS, AgencyFiles, write_agencies
from peelian.simulate.published import published_frame
from peelian.simulate.scenario import load_scenario
from peelian.simulate.world import World, build_world

SAMPLES = Path(__file__).parents[2] / "sources" / "data"
EVENTS = ("police_crime", "police_incidents", "council_asb", "ambulance", "emergency_department", "fire")


@pytest.fixture(scope="module")
def files(tiny: World, tmp_path_factory: pytest.TempPathFactory) -> AgencyFiles:
    return write_agencies(tiny, published_frame(tiny), tmp_path_factory.mktemp("agencies"))


def read(files: AgencyFiles, feed: str) -> pl.DataFrame:
    return pl.concat([pl.read_csv(path, infer_schema=False) for path in files.feeds[feed]])


@pytest.mark.parametrize("feed", FEEDS)
def test_each_file_has_the_header_of_the_feeds_sample(files: AgencyFiles, feed: str) -> None:
    sample = pl.read_csv(SAMPLES / feed / f"{feed}.csv", n_rows=1, infer_schema=False)
    assert read(files, feed).columns == sample.columns
    assert read(files, feed).height > 0


def test_the_same_world_gives_the_same_bytes(tiny: World, files: AgencyFiles, tmp_path: Path) -> None:
    again = write_agencies(tiny, published_frame(tiny), tmp_path)
    for name, path in files.paths().items():
        assert sha256(path.read_bytes()).digest() == sha256(again.paths()[name].read_bytes()).digest(), name


def test_leaving_a_feed_out_changes_no_other(tiny: World, files: AgencyFiles, tmp_path: Path) -> None:
    fewer = write_agencies(tiny, published_frame(tiny), tmp_path, feeds=("ambulance", "fire"))
    assert set(fewer.feeds) == {"ambulance", "fire"}
    for feed in fewer.feeds:
        assert fewer.feeds[feed][0].read_bytes() == files.feeds[feed][0].read_bytes()


def test_the_truth_names_every_record_of_every_feed_of_events(tiny: World, files: AgencyFiles) -> None:
    truth = pl.read_parquet(files.truth)
    ids = {
        "police_crime": "Crime Ref", "police_incidents": "Incident No", "council_asb": "Case Ref",
        "ambulance": "Call Ref", "emergency_department": "Row Ref", "fire": "Incident Number",
    }  # fmt: skip
    for feed, column in ids.items():
        records = read(files, feed)[column]
        assert records.n_unique() == len(records)
        assert truth.filter(pl.col("feed") == feed)["record"].to_list() == records.to_list()
    parts = list(tiny.scenario.components.values())
    fires = truth.filter((pl.col("feed") == "fire") & pl.col("event").is_not_null())["event"].to_numpy()
    assert {parts[k].group for k in tiny.events.k[fires]} == {"damage"}


def test_police_narratives_follow_the_truth_and_some_deny_a_knife(tiny: World, files: AgencyFiles) -> None:
    crime = read(files, "police_crime").join(
        pl.read_parquet(files.truth).filter(pl.col("feed") == "police_crime"),
        left_on="Crime Ref", right_on="record", how="left",
    )  # fmt: skip
    told = crime.filter(pl.col("MO Narrative").is_not_null())
    assert set(told["HO Class"]) <= {"8N", "105A", "5D", "3B", "8L", "20A", "34A", "34B"}
    denied = told["MO Narrative"].is_in(list(NARRATIVES["negated"]))
    assert 0.12 < denied.mean() < 0.18  # type: ignore[operator]
    true = told.filter(pl.col("event").is_not_null())
    knife = tiny.observed.knife[true["event"].to_numpy()]
    used = true["MO Narrative"].is_in([*NARRATIVES["high"], *NARRATIVES["medium"]]).to_numpy()
    assert used[knife].mean() > 0.8
    assert used[~knife].mean() < 0.01
    stated = crime["Crime Status"] == "No Crime"
    assert 0.015 < stated.mean() < 0.025  # type: ignore[operator]
    assert crime.filter(stated)["event"].is_null().all()


def test_a_hospital_place_is_a_point_or_words_or_nothing(files: AgencyFiles) -> None:
    rows = read(files, "emergency_department")
    point, words = rows["Easting"].is_not_null(), rows["Assault Location Description"].is_not_null()
    assert not (point & words).any()
    assert 0.45 < point.mean() < 0.65  # type: ignore[operator]
    assert 0.25 < words.mean() < 0.42  # type: ignore[operator]
    names = set(pl.read_csv(files.gazetteer)["name"])
    said = rows.filter(words)["Assault Location Description"].to_list()
    assert all(any(name in text for name in names) for text in said[:50])


def test_a_hole_in_a_feed_splits_its_file_and_nothing_of_it_is_in_either(tiny: World, tmp_path: Path) -> None:
    hole = (date(2022, 5, 1), date(2022, 7, 31))
    files = write_agencies(
        tiny, published_frame(tiny), tmp_path, feeds=("ambulance", "council_asb"), hole={"ambulance": hole}
    )
    assert [path.name for path in files.feeds["ambulance"]] == ["ambulance-before.csv", "ambulance-after.csv"]
    assert len(files.feeds["council_asb"]) == 1
    days = [
        datetime.strptime(text, "%d/%m/%Y %H:%M").date() for text in read(files, "ambulance")["Call Time"]
    ]
    assert not [day for day in days if hole[0] <= day <= hole[1]]
    assert {day.month for day in days if day.year == 2022} == {1, 2, 3, 4, 8, 9, 10, 11, 12}
    truth = pl.read_parquet(files.truth).filter(pl.col("feed") == "ambulance")
    assert truth.height == len(days)


def test_what_cannot_be_asked_is_refused(tiny: World, tmp_path: Path) -> None:
    frame = published_frame(tiny)
    with pytest.raises(Misuse):
        write_agencies(tiny, frame, tmp_path, feeds=("hospital",))
    with pytest.raises(Misuse):
        write_agencies(tiny, frame, tmp_path, hole={"fire": (date(2022, 5, 2), date(2022, 5, 1))})


def test_a_world_without_events_writes_headers_and_no_events(tmp_path: Path) -> None:
    world = build_world(load_scenario("tiny").changed(scale=0.0, planted=()), 1)
    files = write_agencies(world, published_frame(world), tmp_path)
    for feed in EVENTS:
        assert read(files, feed).height == 0, feed
        assert len(read(files, feed).columns) > 5
    assert pl.read_parquet(files.truth).height == 0


def test_small_counts_are_withheld_and_more_is_counted_where_there_is_more(
    tiny: World, files: AgencyFiles
) -> None:
    rows = read(files, "social_care")
    shown = rows.filter(pl.col("Count") != "*")["Count"].cast(pl.Int64)
    assert shown.min() >= 5  # type: ignore[operator]
    assert 0 < (rows["Count"] == "*").sum() < rows.height
    people = float((tiny.land.people * ~tiny.silent).sum())
    expected = tiny.scenario.agencies.others.social_care * people / 1000 * len(quarters(tiny))
    assert 0.6 * expected < shown.sum() < 2.0 * expected


def test_the_night_writes_its_files_too(tmp_path: Path) -> None:
    world = build_world(load_scenario("night"), 2)
    files = write_agencies(world, published_frame(world), tmp_path, feeds=("ambulance", "police_crime"))
    truth = pl.read_parquet(files.truth).drop_nulls()
    by = {feed: set(truth.filter(pl.col("feed") == feed)["event"]) for feed in files.feeds}
    assert len(by["ambulance"] & by["police_crime"]) > 0.55 * len(by["ambulance"])
    assert np.isfinite(world.events.x).all()
