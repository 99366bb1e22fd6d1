"""Counts on or near streets: each square's sum is its own count, no report's place is told."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest
from starlette.testclient import TestClient

from peelian.api.app import create_app
from peelian.api.routes.place_pages import _streets
from peelian.api.run_folder import Run, read_run
from peelian.domain.actor import LOCAL_ANALYST, Actor
from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.govern.access_table import LINES
from peelian.pipeline.context import Context
from peelian.pipeline.forecast_request import ForecastRequest
from peelian.pipeline.forecasting import forecast
from peelian.pipeline.ingesting import IngestRequest, ingest
from peelian.pipeline.street_points import _placed
from tests.workspaces import fresh

ORIGIN = date(2024, 4, 1)
MAPPING = """\
source: written-for-the-test
force: testshire
controller: Testshire Police
licence: written for the test
crs: EPSG:27700
precision_m: 10
covers: {from: 2022-12-26, to: 2024-05-05}
columns: {start: start, end: end, easting: e, northing: n, offence: what, setting: where, domestic: dv}
time: {format: "%Y-%m-%d %H:%M", zone: Europe/London, granularity: minute}
codes: {robbery: robbery, drugs: drugs}
"""


@pytest.fixture(scope="module")
def ctx(tmp_path_factory: pytest.TempPathFactory) -> Context:
    """Robberies: some in homes, some over several days; and drugs, which are never a target."""
    folder, dice, rows = tmp_path_factory.mktemp("points"), random.Random(11), []
    for k in range(1500):
        day = date(2022, 12, 26) + timedelta(days=dice.randrange(490))
        lasts = dice.choice([0, 0, 0, 5])
        rows.append({
            "start": f"{day} 21:{dice.randrange(60):02d}", "end": f"{day + timedelta(days=lasts)} 22:00",
            "e": 400_000 + dice.randrange(2000), "n": 300_000 + dice.randrange(1500),
            "what": "drugs" if k % 7 == 0 else "robbery",
            "where": dice.choice(["public", "public", "dwelling"]),
            "dv": "yes" if k % 11 == 0 else "no",
        })  # fmt: skip
    (folder / "m.yaml").write_text(MAPPING)
    pl.DataFrame(rows).write_csv(folder / "t.csv")
    made = Context(fresh(folder / "home"))
    ingest(made, IngestRequest("table", (folder / "t.csv",), mapping=str(folder / "m.yaml")))
    forecast(made, ForecastRequest("robbery", "week", ORIGIN, horizon=2, model="year-count"))
    return made


@pytest.fixture(scope="module")
def run(ctx: Context) -> Run:
    return read_run(next(ctx.ws.runs.iterdir()))


@pytest.fixture(scope="module")
def at(ctx: Context) -> Iterator[TestClient]:
    app = create_app(ctx.ws, actor=LOCAL_ANALYST, purpose="prevention")
    with TestClient(app, base_url="http://127.0.0.1:8000") as made:
        yield made


def near(at: TestClient, run: Run, **asked: object) -> dict:
    answer = at.get(f"/api/v1/runs/{run.id}/street-counts.geojson", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def box(run: Run) -> str:
    lon, lat = run.lonlat
    return f"{lon.min() - 0.001},{lat.min() - 0.001},{lon.max() + 0.001},{lat.max() + 0.001}"


def test_each_squares_points_and_what_has_none_are_its_own_count(at: TestClient, run: Run) -> None:
    busy = np.argsort(-run.last_year)[:12]
    for k in busy.tolist():
        told = near(at, run, place=int(run.cells[k]))
        points = sum(one["properties"]["count"] for one in told["features"])
        assert points == pytest.approx(told["total"], abs=0.01)
        assert told["total"] + told["left_out"] == pytest.approx(run.last_year[k], abs=1e-3)
        assert {one["properties"]["cell"] for one in told["features"]} <= {int(run.cells[k])}
    whole = near(at, run, bbox=box(run))
    assert whole["total"] + whole["left_out"] == pytest.approx(np.nansum(run.last_year), abs=0.01)
    assert whole["left_out"] > 100, "homes and domestic reports are counted, and have no point"


def test_the_days_are_those_of_the_map(at: TestClient, run: Run) -> None:
    history = pl.read_parquet(run.folder / "history.parquet")
    late = history.filter(pl.col("period_start") >= ORIGIN - timedelta(days=28))
    told = near(at, run, bbox=box(run), period="recent")
    assert told["total"] + told["left_out"] == pytest.approx(float(late["count"].sum()), abs=0.01)
    for step in (0, 1):
        told = near(at, run, bbox=box(run), period="before", step=step)
        assert told["total"] + told["left_out"] == pytest.approx(np.nansum(run.year_before[step]), abs=0.01)


def test_no_reports_own_place_is_told(run: Run) -> None:
    rows = pl.read_parquet(run.folder / "street_points.parquet")
    placed = rows.drop_nulls("easting")
    assert not placed["published"].any()
    for column in ("easting", "northing"):
        assert set((placed[column] % 250).unique().to_list()) <= {62.5, 187.5}
    assert set(rows.columns) == {
        "cell", "easting", "northing", "period_start", "count", "street", "published",
    }  # fmt: skip


def test_a_published_point_stays_and_a_partners_finer_one_does_not() -> None:
    cells = GRID.cell_of(np.array([500_100.0]), np.array([200_100.0]))
    panel = type("P", (), {"grid": GRID, "cells": cells})
    rows = pl.DataFrame({
        "source": ["police_uk", "police_uk", "ambulance", "police_uk"], "at": [0, 0, 0, 0],
        "easting": [500_011.0, 500_012.0, 500_013.0, 500_014.0], "northing": [200_240.0] * 4,
        "precision_m": [105.0, 20.0, 105.0, 105.0], "setting": ["unknown", "unknown", "public", "dwelling"],
        "domestic": ["unknown"] * 4, "sexual": ["unknown"] * 4,
    })  # fmt: skip
    placed = _placed(rows, panel)  # type: ignore[arg-type]
    assert placed["easting"].to_list() == [500_011.0, 500_062.5, 500_062.5, None]
    assert placed["northing"].to_list() == [200_240.0, 200_187.5, 200_187.5, None]
    assert placed["published"].to_list() == [True, False, False, False]


def test_the_plain_page_of_a_place_says_the_same_to_the_forces_own_alone(at: TestClient, run: Run) -> None:
    k = int(np.argmax(run.last_year))
    page = at.get(f"/places/{run.cells[k]}", params={"run": run.id})
    assert page.status_code == 200
    assert "Recorded on or near its streets" in page.text
    assert "more recorded here have no point" in page.text
    auditor = SimpleNamespace(actor=Actor("x", "audit"))
    assert _streets(auditor, run, int(run.cells[k]), 0) is None  # type: ignore[arg-type]


def test_too_wide_or_unsaid_is_refused(at: TestClient, run: Run) -> None:
    address = f"/api/v1/runs/{run.id}/street-counts.geojson"
    assert at.get(address, params={"bbox": "-3,50,1,54"}).status_code == 422
    assert "go nearer" in at.get(address, params={"bbox": "-3,50,1,54"}).text
    assert at.get(address).status_code == 422
    assert at.get(address, params={"place": 1}).status_code == 404


def test_an_older_run_says_that_it_holds_none(at: TestClient, run: Run, ctx: Context) -> None:
    held = run.folder / "street_points.parquet"
    aside = held.rename(held.with_suffix(".aside"))
    answer = at.get(f"/api/v1/runs/{run.id}/street-counts.geojson", params={"place": int(run.cells[0])})
    aside.rename(held)
    assert answer.status_code == 404
    assert "before street-level counts were kept" in answer.text


def test_the_forces_own_alone_are_told() -> None:
    mine = [line for line in LINES if line.what == "street-level counts"]
    assert [line.roles for line in mine] == [{"analyst", "supervisor", "officer"}]
