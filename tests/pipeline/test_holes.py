"""A feed that stops for months is missing, never zero: in counts, forecasts, map, coverage and report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import yaml
from starlette.testclient import TestClient

from peelian.api import quantise
from peelian.api.app import create_app
from peelian.cli.show import forecast_lines
from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.errors import Refused
from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.panel import Panel
from peelian.domain.target import target_named
from peelian.domain.time import london_midnight, period_starts, step
from peelian.features.observed import observed_periods
from peelian.pipeline.areas import resolve_area
from peelian.pipeline.backtesting import BacktestRequest, backtest
from peelian.pipeline.context import Context
from peelian.pipeline.forecast_request import ForecastRequest
from peelian.pipeline.forecasting import Run, forecast
from peelian.pipeline.ingesting import IngestRequest, ingest
from peelian.pipeline.panels import END_OF_TIME, Panels, load_panels
from peelian.store.coverage import coverage
from tests.pipeline.agreed import agree, row, take
from tests.workspaces import fresh

FIRST, ORIGIN, END = date(2023, 1, 1), date(2025, 7, 1), date(2025, 10, 1)
GONE = (date(2024, 10, 1), date(2025, 1, 1))
MONTHS = period_starts(FIRST, 30, "month")
HOLE = [GONE[0] <= month < GONE[1] for month in MONTHS]
A_DAY = 1 / 2 + 1 / 3 + 1 / 5
ANY = "violence-any-agency"
Gap = tuple[date, date] | None


def lines(prefix: str, every: int, easting: int, gap: Gap) -> list[str]:
    """Reports every few days at noon in two places a kilometre and a half apart, none in the gap."""
    days = [FIRST + timedelta(days=k) for k in range(0, (END - FIRST).days, every)]
    return [
        f"{prefix}{k},{day} 12:00,{easting + 1500 * (k % 2)},300100,assault"
        for k, day in enumerate(days)
        if gap is None or not gap[0] <= day < gap[1]
    ]


def bring(ctx: Context, folder: Path, rows: list[str], feed: str, group: str, gap: Gap) -> None:
    """Take a feed, in two files where it stops for a time; each says which days it covers."""
    mapping = {
        "source": feed, "feed": feed, "force": "fenshire", "agreement": "fens-health",
        "controller": "Fens Hospitals",
        "columns": {"id": "ref", "occurred": "at", "easting": "e", "northing": "n", "offence": "kind"},
        "codes": {"default": group},
    }  # fmt: skip
    spans = [(FIRST, gap[0]), (gap[1], END)] if gap else [(FIRST, END)]
    for start, end in spans:
        file, rules = folder / f"{feed}-{start}.csv", folder / f"{feed}-{start}.yaml"
        covers = {"from": str(start), "to": str(end - timedelta(days=1))}
        rules.write_text(yaml.safe_dump(mapping | {"covers": covers}))
        part = [one for one in rows if str(start) <= one.split(",")[1] < str(end)]
        file.write_text("\n".join(["ref,at,e,n,kind", *part]) + "\n")
        ingest(ctx, IngestRequest(feed, (file,), mapping=str(rules), accept_drift=True))


def world(folder: Path, hospital_gap: Gap = None, police_gap: Gap = None) -> Context:
    """Give feeds of police, ambulance and hospital of 10, 6 and 15 assaults a month, 30 km apart."""
    folder.mkdir()
    ctx = Context(fresh(folder / "home"))
    agree(ctx, folder, feeds=["police_crime", "ambulance", "emergency_department"])
    for feed, group, days, east, gap in (
        ("police_crime", "violence", 3, 400_100, police_gap),
        ("ambulance", "ambulance-assault", 5, 460_100, police_gap),
        ("emergency_department", "ed-assault", 2, 430_100, hospital_gap),
    ):
        rows = lines(feed[0], days, east, gap)
        bring(ctx, folder, rows, feed, group, gap)
    return ctx


@dataclass(frozen=True)
class Made:
    """A world's forecast, and the panel it was made from."""

    ctx: Context
    run: Run
    panels: Panels
    panel: Panel


def make(ctx: Context) -> Made:
    area = resolve_area(ctx, "fenshire", END_OF_TIME)
    panels = load_panels(ctx, area, target_named(ANY), "month", london_midnight(ORIGIN))
    asked = ForecastRequest(ANY, "month", ORIGIN, area="fenshire", model="year-count")
    return Made(ctx, forecast(ctx, asked), panels, panels.at(ORIGIN))


@pytest.fixture(scope="module")
def holed(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(world(tmp_path_factory.mktemp("holed") / "w", GONE))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(world(tmp_path_factory.mktemp("whole") / "w"))


@pytest.fixture
def served(holed: Made) -> Iterator[TestClient]:
    app = create_app(holed.ctx.ws, actor=LOCAL_ANALYST, purpose="analysis")
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        yield client


def cell_at(easting: int) -> int:
    return int(GRID.cell_of([float(easting)], [300_100.0])[0])


def test_the_months_without_the_hospital_are_missing_in_the_counts(holed: Made, whole: Made) -> None:
    assert holed.panel.target_observed.all(axis=1).tolist() == [not gone for gone in HOLE]
    assert holed.panel.target_observed.any(axis=1).tolist() == [not gone for gone in HOLE]
    assert whole.panel.target_observed.all()
    seen = ~np.array(HOLE)
    assert np.array_equal(holed.panel.target_counts[seen], whole.panel.target_counts[seen])
    counted, truth_seen = holed.panels.truth(step(GONE[0], "month", -1), 5, 1)
    assert truth_seen.all(axis=1).tolist() == [True, False, False, False, True]
    assert counted[0].sum() > 20


def test_the_count_of_the_last_year_is_of_the_months_published(holed: Made, whole: Made) -> None:
    """The long-run part is a count plus an even spread: less the spread, it is as the counts by hand."""
    for made, gap in ((holed, GONE), (whole, None)):
        days = [FIRST + timedelta(days=k) for k in range((END - FIRST).days)]
        year = [d for d in days if date(2024, 7, 1) <= d < ORIGIN and not (gap and gap[0] <= d < gap[1])]
        police, hospital = (sum(1 for d in year if (d - FIRST).days % (2 * every) == 0) for every in (3, 2))
        forecast = made.run.forecast
        part = forecast.contributions["long-run place"][0]
        at = dict(zip(forecast.cells.tolist(), part.tolist(), strict=True))
        even = min(part)
        counted = [at[cell_at(east)] - even for east in (400_100, 430_100)]
        assert counted[1] / counted[0] == pytest.approx(hospital / police, rel=1e-6)
    expected = [float(made.run.forecast.mean[0].sum()) for made in (holed, whole)]
    assert expected == pytest.approx([31 * A_DAY] * 2, rel=0.05)  # as zeros: a fifth fewer


def test_map_and_place_say_missing(holed: Made, served: TestClient) -> None:
    coverage = pl.read_parquet(holed.run.folder / "coverage.parquet")
    assert coverage["observed"].to_list() == [not gone for gone in HOLE]
    for easting in (400_100, 430_100):  # where police went on, the sum of all agencies is missing too
        place = served.get(f"/api/v1/runs/{holed.run.run_id}/places/{cell_at(easting)}").json()
        said = {one["start"]: one["count"] for one in place["history"]}
        assert [said[str(month)] is None for month in MONTHS] == HOLE
        assert place["coverage"] == "27 of 30 periods were published; the others are missing, not zero."
        share = pl.read_parquet(holed.run.folder / "cells.parquet").filter(pl.col("cell") == cell_at(easting))
        assert share["share"].to_list() == [0.75]
    body = layer(served, holed.run, "coverage")
    assert set(quantise.unpack(body)[0].tolist()) == {4}  # most of it, not all of it
    feeds = {one["source"]: one for one in served.get("/api/v1/coverage").json()["feeds"]}
    months = {one["month"]: one["held"] for one in feeds["emergency_department"]["months"]}
    assert [months[f"{month:%Y-%m}"] == 0 for month in MONTHS] == HOLE
    assert (feeds["emergency_department"]["missing_months"], feeds["police_crime"]["missing_months"]) == (
        3,
        0,
    )


def layer(client: TestClient, run: Run, name: str) -> Any:
    """Give the bytes of a layer inside the area."""
    layers = {one["id"]: one for one in client.get(f"/api/v1/runs/{run.run_id}").json()["layers"]}
    body = np.frombuffer(client.get(layers[name]["url"]).content, np.uint8)
    return body[body > 0]


def test_a_forecast_right_after_the_hole_is_refused_or_skips_it(holed: Made) -> None:
    asked = ForecastRequest(ANY, "month", GONE[1], area="fenshire", model="year-count")
    with pytest.raises(Refused, match="missing, not zero") as said:
        forecast(holed.ctx, asked)
    assert "2024-09-01" in str(said.value)
    when = london_midnight(GONE[1])
    made = forecast(holed.ctx, replace(asked, as_of=when)).forecast  # asked for what was known, gaps included
    assert float(made.mean[0].sum()) == pytest.approx(31 * A_DAY, rel=0.1)


def test_police_alone_are_forecast_through_the_hospitals_hole(holed: Made) -> None:
    asked = ForecastRequest("violence", "month", GONE[1], area="fenshire", model="year-count")
    assert float(forecast(holed.ctx, asked).forecast.mean[0].sum()) == pytest.approx(31 / 3, rel=0.1)


def test_months_in_the_hole_are_not_scored(holed: Made) -> None:
    first, last = step(GONE[0], "month", -1), GONE[1]
    asked = BacktestRequest(ANY, "month", first, last, models=("year-count", "last-period"), area="fenshire")
    made = backtest(holed.ctx, asked)
    said = json.loads(json.dumps(made.result.to_json(), default=str))
    scored = [one.origin for one in made.result.model("year-count").by_origin]
    assert scored == [first, last]
    assert all(one.events > 20 for one in made.result.model("year-count").by_origin)
    report = (made.folder / "report.html").read_text()
    for month in (month for month, gone in zip(MONTHS, HOLE, strict=True) if gone):
        assert f"{month}: the outcome was not published" in report
        assert f"{month}: the outcome was not published" in json.dumps(said)


def test_an_area_silent_for_a_year_has_no_number_anywhere(tmp_path: Path) -> None:
    silent = (
        date(2024, 6, 1),
        date(2025, 7, 1),
    )  # the origin: all three feeds stopped thirteen months before
    ctx = world(tmp_path / "w", silent, silent)
    asked = ForecastRequest(ANY, "month", ORIGIN, area="fenshire", model="year-count")
    with pytest.raises(Refused, match="missing, not zero"):
        forecast(ctx, asked)
    run = forecast(ctx, replace(asked, as_of=london_midnight(ORIGIN)))
    table = pl.read_parquet(run.folder / "forecast.parquet")
    assert table["mean"].null_count() == table.height > 0
    assert "no number, for nothing of the last year was published" in "\n".join(forecast_lines(run, None))
    app = create_app(ctx.ws, actor=LOCAL_ANALYST, purpose="analysis")
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        for name in ("expected", "chance", "past", "coverage"):
            assert set(layer(client, run, name).tolist()) <= set(range(1, 8))
        place = client.get(f"/api/v1/runs/{run.run_id}/places/{cell_at(400_100)}").json()
        assert (place["mean"], place["last_year"], place["p_any"]) == (None, None, None)
        feeds = client.get("/api/v1/coverage").json()["feeds"]
        assert all(one["missing_months"] == 13 for one in feeds)


def test_days_handed_over_a_year_late_were_missing_until_then(ctx: Context, tmp_path: Path) -> None:
    """A file of old days says when each row became known: before that its days are missing, not zero."""
    agree(ctx, tmp_path)
    columns = {"columns": {"id": "ref", "occurred": "at", "easting": "e", "northing": "n", "offence": "kind",
               "available_at": "known"}}  # fmt: skip
    old = [f"{row(f'o{k}', FIRST + timedelta(days=k))},2025-01-15 09:00" for k in range(90)]
    take(ctx.ws, tmp_path, old, "old", header="ref,at,e,n,kind,known", **columns)
    held = coverage(ctx.ws)
    assert held["available_at"].unique().to_list() == [datetime(2025, 1, 15, 9, tzinfo=UTC)]
    seen = [observed_periods(held, ["violence"], [FIRST], date(2023, 2, 1), when).tolist()
            for when in (london_midnight(date(2025, 1, 15)), london_midnight(date(2025, 1, 16)))]  # fmt: skip
    assert seen == [[False], [True]]
