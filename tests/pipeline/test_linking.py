"""Linking on a small real ledger: which reports are one incident, for whom, and from when."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from peelian.domain.errors import Misuse, NotFound, Refused
from peelian.domain.target import target_named
from peelian.domain.time import london_midnight
from peelian.pipeline.areas import resolve_area
from peelian.pipeline.context import Context
from peelian.pipeline.forecast_request import ForecastRequest
from peelian.pipeline.forecasting import forecast
from peelian.pipeline.linking import link, linked_now, queue, review
from peelian.pipeline.panels import END_OF_TIME, Panels, load_panels
from peelian.store.workspace import open_workspace
from tests.pipeline.reports import EVENTS, FORCE, START, ambulance, deliver, event, hospital, place, police
from tests.workspaces import fresh

ORIGIN = date(2024, 2, 5)


@pytest.fixture
def small(small_home: Path, tmp_path: Path) -> Context:
    """A ledger of 140 events; police saw all, ambulance every second, hospital every seventh."""
    shutil.copytree(small_home, tmp_path / "home")
    return Context(open_workspace(tmp_path / "home"))


def patterns(ctx: Context) -> dict[str, int]:
    return {words: n for words, n in link(ctx).card["by_pattern"].items() if n}


def panels(ctx: Context, known: datetime = END_OF_TIME) -> Panels:
    area = resolve_area(ctx, None, known)
    return load_panels(ctx, area, target_named("violence-any-agency"), "week", known)


def counted(ctx: Context, origin: date = ORIGIN, as_of: datetime | None = None) -> int:
    panel = panels(ctx).at(origin, as_of=as_of)
    return int(panel.target_counts.sum() + panel.elsewhere[0].sum())


def keys(ctx: Context, feed: str, k: int) -> str:
    """Give the key of the report of the k-th event, found by when and where it was."""
    e, _ = place(k)
    rows, _, _ = linked_now(ctx, FORCE)
    day = (START + timedelta(days=3 * k)).date()
    one = rows.filter(
        (pl.col("feed") == feed) & (pl.col("start").dt.date() == day)
        & (pl.col("easting").is_between(e - 500, e + 500))
    )  # fmt: skip
    assert one.height == 1
    return str(one["report"][0]).split(".")[0]


def test_incidents_by_hand(small: Context) -> None:
    # of 140 events: 70 with ambulance, 20 with hospital, 10 of them with both
    by_hand = {"police only": 60, "police and ambulance": 60, "police and hospital": 10, "all three": 10}
    assert patterns(small) == by_hand


def test_reports_of_one_place_and_time_by_two_feeds_join_and_far_ones_do_not(
    small: Context, tmp_path: Path
) -> None:
    near = event(1, "near", 20, 100)  # event 1 was seen by police alone
    far = event(3, "far", 20, 2_000)
    late = replace(event(5, "late"), at=event(5, "x").at + timedelta(hours=9))
    deliver(small.ws, tmp_path, "ambulance", [near, far, late], "more")
    found = patterns(small)
    assert (found["police and ambulance"], found["ambulance only"], found["police only"]) == (61, 2, 59)


def test_a_retracted_report_leaves_its_incident(small: Context, tmp_path: Path) -> None:
    assert counted(small) == _before(ORIGIN)
    gone = [replace(r, status="gone", known=datetime(2024, 6, 1)) for r in ambulance()[:3]]
    deliver(small.ws, tmp_path, "ambulance", gone, "gone")
    # events 0, 2 and 4: the first was seen by all three
    assert patterns(small) == {
        "police only": 62, "police and ambulance": 58, "police and hospital": 11, "all three": 9,
    }  # fmt: skip
    assert counted(small) == _before(ORIGIN)


def _before(origin: date) -> int:
    return sum((START + timedelta(days=3 * k)).date() < origin for k in range(EVENTS))


def test_a_revised_place_changes_the_linking_from_when_it_was_known(small: Context, tmp_path: Path) -> None:
    moved = [replace(ambulance()[1], e=place(2)[0] + 1_400, known=datetime(2024, 3, 1))]
    deliver(small.ws, tmp_path, "ambulance", moved, "moved")
    found = patterns(small)
    assert (found["police and ambulance"], found["ambulance only"]) == (59, 1)
    assert counted(small, as_of=datetime(2024, 2, 28, tzinfo=UTC)) == _before(ORIGIN)
    assert counted(small, as_of=datetime(2024, 3, 2, tzinfo=UTC)) == _before(ORIGIN) + 1


def test_decisions_split_and_join_from_when_they_were_taken(small: Context, tmp_path: Path) -> None:
    deliver(small.ws, tmp_path, "ambulance", [event(3, "far", 20, 1_400)], "more")
    link(small)
    before = datetime.now(UTC)
    review(small, keys(small, "police_crime", 2), keys(small, "ambulance", 2), "different")
    found = patterns(small)
    assert (found["police and ambulance"], found["ambulance only"]) == (59, 2)
    after = datetime.now(UTC)
    rows, _, _ = linked_now(small, FORCE)
    far = rows.filter((pl.col("feed") == "ambulance") & (pl.col("easting") == place(3)[0] + 1_400))
    review(small, str(far["report"][0]).split(".")[0], keys(small, "police_crime", 3), "same")
    found = patterns(small)
    assert (found["police and ambulance"], found["ambulance only"]) == (60, 1)
    base = _before(ORIGIN)
    assert counted(small, as_of=before) == base + 1  # the far report is on its own
    assert counted(small, as_of=after) == base + 2
    assert counted(small, as_of=datetime.now(UTC)) == base + 1


def test_a_decision_of_no_two_reports_is_refused(small: Context) -> None:
    link(small)
    one, two = keys(small, "police_crime", 2), keys(small, "ambulance", 2)
    for left, right, decision in ((one, one, "same"), (one, two, "perhaps")):
        with pytest.raises(Misuse):
            review(small, left, right, decision)
    with pytest.raises(NotFound):
        review(small, one, "f" * 32, "same")
    assert queue(small) == []


def test_the_panel_counts_incidents_and_not_reports(small: Context) -> None:
    reports = sum(r.at.date() < ORIGIN for r in (*police(), *ambulance(), *hospital()))
    assert counted(small) == _before(ORIGIN) < reports


def test_what_became_available_later_changes_no_earlier_panel(small: Context, tmp_path: Path) -> None:
    known = london_midnight(ORIGIN)
    first = panels(small, known).at(ORIGIN)
    later = datetime(2024, 4, 1)
    ghosts = [event(k, f"ghost{k}", 30, 90, known=later) for k in range(1, EVENTS, 2)]
    deliver(small.ws, tmp_path, "ambulance", ghosts, "ghosts")
    deliver(small.ws, tmp_path, "emergency_department", [event(9, "g", 5, 9, known=later)], "ghosts")
    deliver(small.ws, tmp_path, "ambulance", [event(11, "own", 5, 1_400, known=later)], "own")
    again = panels(small, known).at(ORIGIN)
    assert counted(small, as_of=datetime(2024, 5, 1, tzinfo=UTC)) == _before(ORIGIN) + 1
    assert np.array_equal(first.target_counts, again.target_counts)
    assert np.array_equal(first.target_observed, again.target_observed)
    assert first.cells.tolist() == again.cells.tolist()


@pytest.mark.parametrize(("change", "mark"), [({"dv": "Y"}, "domestic"), ({"place": "home"}, "dwelling")])
def test_an_incident_that_any_report_calls_private_is_in_no_public_target(
    small: Context, tmp_path: Path, change: dict[str, Any], mark: str
) -> None:
    private = event(1, "private", 20, 60, known=datetime(2023, 2, 1), **change)
    deliver(small.ws, tmp_path, "emergency_department", [private], "more")
    assert patterns(small)["police and hospital"] == 11
    assert counted(small) == _before(ORIGIN) - 1, mark


def test_a_forecast_names_the_linking_it_counted_by(small: Context) -> None:
    request = ForecastRequest("violence-any-agency", "week", ORIGIN, model="year-count")
    run = forecast(small, request)
    said = run.forecast.card["links"]
    card = link(small).card
    assert said == {
        "version": card["parameters"]["version"], "parameters": card["parameters_digest"],
        "threshold": said["threshold"],
    }  # fmt: skip
    assert 0.1 <= said["threshold"] <= 0.5
    alone = forecast(small, replace(request, target="violence"))
    assert "links" not in alone.forecast.card


def test_one_feed_and_none_are_refused_in_words(tmp_path: Path) -> None:
    ctx = Context(fresh(tmp_path / "home"))
    with pytest.raises(NotFound, match="no reports to link are held"):
        link(ctx)
    deliver(ctx.ws, tmp_path, "police_crime", police()[:5])
    with pytest.raises(NotFound, match="nowhere"):
        link(ctx, "nowhere")
    with pytest.raises(Refused, match="only one feed"):
        link(ctx)
    with pytest.raises(NotFound, match="never linked"):
        queue(ctx)


def test_the_same_ledger_links_to_the_same_bytes(small: Context) -> None:
    one = link(small)
    first = one.path.read_bytes()
    two = link(small)
    assert (two.id, two.path.read_bytes()) == (one.id, first)
