"""The check of fusing: what the true events are, that noise gains nothing, that only simulated areas do."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from peelian.domain.errors import Misuse, NotFound
from peelian.domain.time import london_midnight, step
from peelian.pipeline.areas import resolve_area
from peelian.pipeline.context import Context
from peelian.pipeline.forecast_request import ForecastRequest
from peelian.pipeline.forecasting import forecast
from peelian.pipeline.fusing import FusingRequest, fused_said, fusing, origins_of, true_counts
from peelian.pipeline.ingesting import IngestRequest, ingest
from peelian.pipeline.panels import END_OF_TIME
from peelian.simulate.emit import SimulatedFiles, emit
from peelian.simulate.scenario import load_scenario
from peelian.simulate.world import World, build_world
from tests.workspaces import fresh

FEEDS = ("police_crime", "ambulance", "emergency_department")


def noisy_world() -> World:
    """Make a world whose health feeds are nothing but noise, and as many rows of it as police have."""
    scenario = load_scenario("tiny")
    agencies = scenario.agencies
    loud = agencies.ambulance.model_copy(update={"per_police": 0.6})
    numbers = agencies.model_copy(update={"noise_only": True, "ambulance": loud})
    return build_world(scenario.changed(months=17, agencies=numbers), 5)


@pytest.fixture(scope="module")
def noise(tmp_path_factory: pytest.TempPathFactory) -> tuple[Context, SimulatedFiles, FusingRequest]:
    home = tmp_path_factory.mktemp("fusing")
    files = emit(noisy_world(), home / "sim", layouts=("agencies",), feeds=FEEDS)
    assert files.agencies is not None
    ctx = Context(fresh(home / "home"))
    for feed in FEEDS:
        force = "simulated-little-eldermarch"
        ingest(ctx, IngestRequest(feed, files.agencies.feeds[feed], force=force))
    area = resolve_area(ctx, str(files.area), END_OF_TIME)
    end, first = date(2023, 5, 29), date(2022, 1, 3)
    origins = origins_of(end, "week", 4, 4, step(first, "week", 56))
    request = FusingRequest(str(files.agencies.harm), area.code, "week", 4, origins, model="shrunk-decay")
    forecast(ctx, ForecastRequest("violence", "week", end, window=4, area=area.code, model="shrunk-decay"))
    return ctx, files, request


@pytest.fixture(scope="module")
def view(noise: tuple[Context, SimulatedFiles, FusingRequest]) -> dict[str, Any]:
    ctx, _, request = noise
    return fusing(ctx, request)


def test_health_data_that_are_pure_noise_show_no_gain(view: dict[str, Any]) -> None:
    assert view["log_gain"]["low"] <= 0
    assert all(hit["gain"]["low"] <= 0 for hit in view["hits"])
    assert set(view["all"]) > set(view["alone"]) == {"police_crime"}


def test_the_figures_lie_beside_the_run_with_their_label(
    noise: tuple[Context, SimulatedFiles, FusingRequest], view: dict[str, Any]
) -> None:
    ctx, _, request = noise
    (path,) = ctx.ws.runs.glob("*/fusing.json")
    assert json.loads(path.read_text())["log_gain"] == view["log_gain"]
    assert "not an accuracy claim" in fused_said(ctx, request.area)[0]


def test_true_events_are_those_of_the_window_reported_or_not(
    noise: tuple[Context, SimulatedFiles, FusingRequest],
) -> None:
    ctx, _, request = noise
    area = resolve_area(ctx, request.area, END_OF_TIME)
    counted = true_counts(Path(request.truth), area, request)
    events = pl.read_parquet(request.truth)
    for k, origin in enumerate(request.origins):
        inside = events["start"].is_between(
            london_midnight(origin), london_midnight(step(origin, "week", 4)), closed="left"
        )
        assert counted[k].sum() == pytest.approx(inside.sum(), rel=0.01)
    assert (counted.sum(axis=1) > 300).all()


def test_origins_follow_one_another_without_overlap() -> None:
    found = origins_of(date(2023, 5, 29), "week", 4, 9, date(2023, 2, 1))
    assert found == (date(2023, 2, 6), date(2023, 3, 6), date(2023, 4, 3), date(2023, 5, 1))


def test_only_what_a_simulator_knows_is_checked(noise: tuple[Context, SimulatedFiles, FusingRequest]) -> None:
    ctx, _, request = noise
    with pytest.raises(NotFound):
        fusing(ctx, replace(request, truth="nowhere.parquet"))
    with pytest.raises(Misuse):
        fusing(ctx, replace(request, origins=(date(2023, 5, 2),)))
