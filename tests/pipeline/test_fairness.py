"""Fairness of what is served, on a small fen: not audited, audited, carried on, stopped when old."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from pyproj import Transformer
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError
from starlette.testclient import TestClient

from peelian.api.app import create_app
from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.errors import Misuse, Refused
from peelian.pipeline.backtesting import BacktestRequest, backtest
from peelian.pipeline.context import Context
from peelian.pipeline.fairness.lookup import import_lookup
from peelian.pipeline.fairness.other_lists import COUNT, COUNT_SHARED, SHARED
from peelian.pipeline.fairness.running import AuditRequest, audit_served, audited_again
from peelian.pipeline.fairness.standings import standings
from peelian.pipeline.forecasting import ForecastRequest, forecast
from peelian.pipeline.gazetteers import import_context
from peelian.store.catalogue import now, reading, transaction
from peelian.store.deployments import set_deployment
from peelian.store.runs import latest_run
from peelian.store.training import learning
from peelian.store.trust_tables import fairness_audit
from peelian.store.workspace import open_workspace
from tests.pipeline.calls import FORCE, PLACES, calls, deliver_calls
from tests.workspaces import fresh

ORIGIN = date(2024, 3, 25)
POST = {"senior_owner": "a post", "lawful_basis": "a basis", "ethics": "a reference"}
CODES = [f"X0199{k:04d}" for k in range(len(PLACES))]


def boundaries() -> dict[str, Any]:
    """One neighbourhood a square of the fen."""
    there = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
    features = []
    for code, (e, n) in zip(CODES, PLACES, strict=True):
        x, y = 250 * (e // 250), 250 * (n // 250)
        ring = [(x, y), (x + 250, y), (x + 250, y + 250), (x, y + 250), (x, y)]
        drawn = [list(there.transform(*point)) for point in ring]
        features.append({
            "type": "Feature", "properties": {"code": code, "name": code},
            "geometry": {"type": "Polygon", "coordinates": [drawn]},
        })  # fmt: skip
    return {"type": "FeatureCollection", "level": "lsoa", "features": features}


def request(origin: date = ORIGIN) -> ForecastRequest:
    return ForecastRequest("asb", "week", origin, area=FORCE, model="year-count")


def lookups(ctx: Context, folder: Path) -> None:
    decile = [1 + k * 10 // len(CODES) for k in range(len(CODES))]
    share = np.linspace(0.02, 0.6, len(CODES)).round(3)
    for kind, column in {
        "deprivation": {"income_decile": decile}, "ethnicity": {"minority_share": share},
        "rurality": {"rural_urban": ["rural" if k < 12 else "urban" for k in range(len(CODES))]},
    }.items():  # fmt: skip
        path = folder / f"{kind}.csv"
        pl.DataFrame({"lsoa21cd": CODES} | column).write_csv(path)  # type: ignore[operator]
        import_lookup(ctx, path, kind)


@pytest.fixture(scope="module")
def fen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fen")
    ctx = Context(fresh(folder / "home"))
    deliver_calls(ctx.ws, folder, calls(1.0))
    (folder / "lsoa.geojson").write_text(json.dumps(boundaries()))
    import_context(ctx, "boundaries", folder / "lsoa.geojson")
    forecast(ctx, request())
    ctx.ws.engine.dispose()
    return folder / "home"


@pytest.fixture
def ctx(fen: Path, tmp_path: Path) -> Iterator[Context]:
    shutil.copytree(fen, tmp_path / "home")
    ws = open_workspace(tmp_path / "home")
    yield Context(ws)
    ws.engine.dispose()


def client(ctx: Context) -> TestClient:
    app = create_app(ctx.ws, actor=LOCAL_ANALYST, purpose="demonstration")
    return TestClient(app, base_url="http://127.0.0.1:8000")


def test_without_a_lookup_it_says_so_everywhere_and_goes_on(ctx: Context) -> None:
    with pytest.raises(Refused, match="no lookup imported"):
        audit_served(ctx, AuditRequest())
    assert standings(ctx)[0]["standing"]["sentence"] == "Fairness not audited: no lookup imported."
    run = latest_run(ctx.ws)
    assert run is not None
    assert audited_again(ctx, run.run_id) == "Fairness not audited: no lookup imported."
    web = client(ctx)
    for page in ("/list", "/model", f"/runs/{run.run_id}/places/{_cell(run.folder)}"):
        assert "Fairness not audited: no lookup imported" in web.get(page).text, page
    assert "Fairness not audited" in web.get(f"/api/v1/runs/{run.run_id}/export.csv").text
    manifest = web.get(f"/api/v1/runs/{run.run_id}").json()
    assert manifest["fairness"]["state"] == "none"
    assert "not audited" in manifest["story"]["audit"]
    assert web.get(f"/api/v1/runs/{run.run_id}/fairness").json()["audit"] is None


def test_a_wrong_lookup_is_refused_by_line(ctx: Context, tmp_path: Path) -> None:
    path = tmp_path / "wrong.csv"
    for body, words in (
        ("lsoa,income_decile\nX1,1\nX2,11\n", "line 3"), ("lsoa,income_decile\nX1,1\nX1,2\n", "twice"),
        ("lsoa,imd_decile\nX1,1\n", "lacks one column"), ("", "no table"),
    ):  # fmt: skip
        path.write_text(body)
        with pytest.raises(Misuse, match=words):
            import_lookup(ctx, path, "deprivation")
    with pytest.raises(Misuse, match="no such kind"):
        import_lookup(ctx, path, "religion")


def test_an_audit_is_kept_shown_carried_on_and_ends(ctx: Context, tmp_path: Path) -> None:
    lookups(ctx, tmp_path)
    with learning(ctx.ws) as ws, pytest.raises(DBAPIError, match="prohibited"), reading(ws) as conn:
        conn.execute(text("select class from audit_attribute")).all()
    (made,) = audit_served(ctx, AuditRequest(target="asb"))
    assert made.body["kinds"] == ["deprivation", "ethnicity", "rurality"]
    assert [part["id"] for part in made.body["parts"]] == made.body["kinds"]
    assert sum(g["areas"] for g in made.body["parts"][0]["groups"]) == len(CODES)
    events = [sum(g["events"] for g in part["groups"]) for part in made.body["parts"]]
    assert events == [made.body["events"]] * 3  # every kind shares out the same harm
    assert {one["attribute"] for one in made.body["proxies"]} == set(made.body["kinds"])
    assert made.body["feeds"][0]["reports"] > 0
    told = made.body["alternatives"]
    assert [one["name"] for one in told["others"]] == [COUNT, COUNT_SHARED, SHARED]
    assert set(told["served"]["gap"]) == set(made.body["kinds"])
    assert standings(ctx)[0]["alternatives"] == told["sentence"]
    web, run = client(ctx), made.run.run_id
    assert audited_again(ctx, run) == made.sentence  # as a retraining does
    said = web.get(f"/api/v1/runs/{run}/fairness").json()
    assert said["standing"] == {"state": "current", "sentence": "", "days": 0}
    assert said["audit"]["sentence"] == made.sentence
    page = web.get("/model").text
    assert "Attention for harm" in page
    assert "not a legal test" in page
    assert "audit-banner" not in web.get("/list").text
    again = forecast(ctx, request(ORIGIN - timedelta(weeks=1)))
    assert json.loads((again.folder / "fairness.json").read_text())["run"] == run  # the same model, audited
    set_deployment(ctx.ws, LOCAL_ANALYST, "administration", FORCE, "approved", **POST)
    assert web.get("/list").status_code == 200
    with transaction(ctx.ws) as conn:
        conn.execute(update(fairness_audit).values(made=now() - timedelta(days=181, hours=1)))
    assert web.get("/list").status_code == 409
    assert "over 180" in standings(ctx)[0]["stopped"]
    assert audit_served(ctx, AuditRequest())  # the way out stays open
    assert web.get("/list").status_code == 200


def test_fragile_places_are_marked_in_list_place_layer_and_file(ctx: Context) -> None:
    run = latest_run(ctx.ws)
    assert run is not None
    rows = pl.read_parquet(run.folder / "fragile.parquet")
    rows = rows.filter(pl.col("period_start") == rows["period_start"].min())
    held = set(rows.filter(pl.col("fragile"))["cell"].to_list())
    assert held  # every square is forecast about alike, so who is flagged hangs on a little
    web = client(ctx)
    table = web.get(f"/api/v1/runs/{run.run_id}/table?limit=1000").json()["rows"]
    assert {row["cell"] for row in table if row["fragile"]} == held
    cell = min(held)
    assert "fifth more or less" in web.get(f"/runs/{run.run_id}/places/{cell}").text
    assert web.get(f"/api/v1/runs/{run.run_id}/places/{cell}").json()["fragile"]
    assert web.get(f"/api/v1/runs/{run.run_id}/layers/fragile.u8").status_code == 200
    assert "fragile" in web.get("/list").text


def test_a_backtest_keeps_what_it_held_back_and_the_audit_reads_it(ctx: Context, tmp_path: Path) -> None:
    lookups(ctx, tmp_path)
    models = ("year-count", "last-period")
    backtest(
        ctx, BacktestRequest("asb", "week", date(2024, 2, 5), date(2024, 3, 11), models=models, area=FORCE)
    )
    (kept,) = audit_served(ctx, AuditRequest())
    assert kept.body["origins_words"] == "the 6 origins of its backtest"
    for path in (ctx.ws.home / "backtests").glob("*/held_back.npz"):
        path.unlink()
    (made,) = audit_served(ctx, AuditRequest())
    assert made.body["origins"] == kept.body["origins"]  # made again: the same figures
    assert made.body["parts"][0]["rows"] == kept.body["parts"][0]["rows"]


def _cell(folder: Path) -> int:
    return int(pl.read_parquet(folder / "places.parquet")["cell"][0])
