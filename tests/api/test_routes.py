"""Every route goes through the gate; numbers agree; hostile parameters get a sentence."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from dataclasses import fields
from typing import Any

import numpy as np
import polars as pl
import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from peelian.api import quantise
from peelian.api.app import create_app
from peelian.api.routes.jobs import MAY_SAY
from peelian.domain.actor import LOCAL_ANALYST
from peelian.govern import policy
from peelian.pipeline.backtesting import BacktestRequest
from peelian.pipeline.forecast_request import ForecastRequest
from peelian.store.audit import list_audit
from peelian.store.workspace import Workspace, open_workspace

from .conftest import RUN
from .run_folder import COLUMNS, ROWS, STEPS, UNHELD, mask

API = f"/api/v1/runs/{RUN}"


SENDERS = {"/api/v1/feeds/{feed}/batches"}
"""Let in by a feed's own credential, for no person asks: the door and its audit are tested in test_feeds."""


def api_routes(client: TestClient) -> list[APIRoute]:
    found = [route for route in _flat(client.app.routes) if isinstance(route, APIRoute)]  # type: ignore[attr-defined]
    assert {route.path for route in found} >= SENDERS
    return [route for route in found if route.path not in SENDERS]


def _flat(routes: list[Any]) -> list[Any]:
    out = []
    for route in routes:
        inner = getattr(route, "routes", None) or getattr(
            getattr(route, "original_router", None), "routes", None
        )
        out += _flat(inner) if inner and not isinstance(route, APIRoute) else [route]
    return out


def call(client: TestClient, route: APIRoute) -> Any:
    named = {"run": RUN, "layer": "expected", "level": "block", "cell": int(mask()[0]), "warning": "w1",
             "kind": "lighting"}  # fmt: skip
    path = route.path.replace(":path", "").format_map(defaultdict(lambda: 1, named))
    if "POST" in route.methods:
        return client.post(path, json={"kind": "backtest", "arguments": {"target": "violence"}})
    return client.get(path)


def test_every_route_asks_the_policy_and_is_written_down(client: TestClient, workspace: Workspace) -> None:
    routes = api_routes(client)
    assert len(routes) >= 14
    for route in routes:
        before = list_audit(workspace, last=1)
        answer = call(client, route)
        after = list_audit(workspace, last=1)
        assert answer.status_code < 500, route.path
        assert after[0].id == (before[0].id if before else 0) + 1, f"{route.path} is not in the audit"
        assert (after[0].actor, after[0].purpose) == ("local", "demonstration")


def test_a_refusal_stops_every_route_and_is_written_down(
    client: TestClient, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    decision = type(policy.decide(LOCAL_ANALYST, "analysis", "consultation", "x"))
    monkeypatch.setattr(policy, "decide", lambda *_: decision(False, "nobody may"))
    for route in api_routes(client):
        assert call(client, route).status_code == 403, route.path
        assert list_audit(workspace, last=1)[0].what.startswith("refused: ")


def forecast_file(workspace: Workspace) -> pl.DataFrame:
    """The forecast file's rows of places with something published in the last year."""
    rows = pl.read_parquet(workspace.runs / RUN / "forecast.parquet")
    return rows.filter(~pl.col("cell").is_in(mask()[UNHELD].tolist()))


def test_list_equals_api_equals_file(client: TestClient, workspace: Workspace) -> None:
    file = forecast_file(workspace)
    for step, start in enumerate(sorted(file["period_start"].unique())):
        top = file.filter(pl.col("period_start") == start).sort("mean", descending=True).head(50)
        rows = client.get(f"{API}/table", params={"step": step, "limit": 50}).json()["rows"]
        for name in ("cell", "mean", "p_any", "q05", "q95"):
            assert [row[name] for row in rows] == top[name].to_list(), name
        text = client.get(f"{API}/table", params={"step": step, "limit": 50, "format": "csv"}).text
        assert [float(row["mean"]) for row in csv.DictReader(io.StringIO(text))] == top["mean"].to_list()
        page = client.get("/list", params={"step": step}).text
        assert [f'data-cell="{row["cell"]}" data-mean="{row["mean"]}"' in page for row in rows] == [True] * 50
        place = client.get(f"{API}/places/{rows[0]['cell']}", params={"step": step}).json()
        assert {name: place[name] for name in rows[0]} == rows[0]


def test_layer_bytes_say_what_the_file_says(client: TestClient, workspace: Workspace) -> None:
    manifest = client.get("/api/v1/runs/latest").json()
    grid = manifest["grid"]
    assert (grid["cols"], grid["rows"], len(manifest["steps"])) == (COLUMNS, ROWS, STEPS)
    layer = next(one for one in manifest["layers"] if one["id"] == "expected")
    body = np.frombuffer(client.get(layer["url"]).content, np.uint8).reshape(STEPS, ROWS, COLUMNS)
    file = forecast_file(workspace)
    starts = [step["start"] for step in manifest["steps"]]
    seen = np.zeros(body.shape, bool)
    for row in file.iter_rows(named=True):
        at = (
            starts.index(row["period_start"].isoformat()),
            int((row["northing"] - grid["y0"]) // grid["size"]),
            int((row["easting"] - grid["x0"]) // grid["size"]),
        )
        class_, sure = int(body[at]) >> 3, int(body[at]) & 7
        assert class_ == np.digitize(row["mean"], layer["breaks"]) + 1
        assert sure == quantise.certainty(np.array(row["dispersion"]))
        seen[at] = True
    held_out = body[~seen]
    assert sorted(set(held_out.tolist())) == [0, 1]
    assert int((held_out == 1).sum()) == 6 * STEPS  # in the area, nothing held
    assert len(layer["labels"]) == len(layer["breaks"]) + 1


def test_layers_are_immutable_only_under_their_own_name(client: TestClient) -> None:
    layer = client.get("/api/v1/runs/latest").json()["layers"][0]
    first = client.get(layer["url"])
    assert "immutable" in first.headers["cache-control"]
    assert client.get(layer["url"], headers={"if-none-match": first.headers["etag"]}).status_code == 304
    assert "immutable" not in client.get(f"{API}/layers/expected.u8").headers["cache-control"]
    assert "immutable" not in client.get("/api/v1/runs/latest/layers/expected.u8").headers["cache-control"]


def test_story_is_counted_from_the_file(client: TestClient, workspace: Workspace) -> None:
    story = client.get("/api/v1/runs/latest").json()["story"]
    file = forecast_file(workspace)
    first = file.filter(pl.col("period_start") == file["period_start"].min())
    total = first["mean"].sort(descending=True).to_numpy()
    places = int((total.cumsum() < total.sum() / 2).sum()) + 1
    assert f"({places:,} squares" in story["sentence"]
    assert f"{places / len(total) * 100:.0f} %" in story["sentence"]
    assert "the next four weeks" in story["sentence"]
    assert story["certain"]["certainty"] > story["doubtful"]["certainty"]
    assert "6 of" in story["no_data"]


def test_history_tells_missing_from_none(client: TestClient) -> None:
    place = client.get(f"{API}/places/{int(mask()[60])}").json()
    counts = [period["count"] for period in place["history"]]
    assert counts[3] is None
    assert sum(count is None for count in counts) == 1
    assert place["last_year"] == sum(counts[-52:])
    assert "59 of 60" in place["coverage"]
    assert sum(part["value"] for part in place["contributions"]) == pytest.approx(place["mean"])


def test_place_with_nothing_held(client: TestClient) -> None:
    place = client.get(f"{API}/places/{int(mask()[42])}").json()
    assert place["mean"] is None
    assert "No records are held" in place["sentence"]
    assert place["contributions"] == []
    assert {period["count"] for period in place["history"]} == {None}
    assert "missing, not zero" in place["coverage"]
    assert client.get(f"/runs/{RUN}/places/{int(mask()[42])}").status_code == 200


def test_bbox_cuts_and_keeps_ranks(client: TestClient) -> None:
    every = client.get(f"{API}/table", params={"limit": 1000}).json()["rows"]
    west = sorted(row["lon"] for row in every)[100]
    cut = client.get(f"{API}/table", params={"limit": 1000, "bbox": f"-180,-90,{west},90"}).json()
    assert cut["total"] == len(cut["rows"]) == sum(row["lon"] <= west for row in every)
    assert cut["rows"] == [row for row in every if row["lon"] <= west]


HOSTILE = [
    f"{API}/table?step=99",
    f"{API}/table?step=-1",
    f"{API}/table?step=x",
    f"{API}/table?step={10**40}",
    f"{API}/table?bbox=1,2,3",
    f"{API}/table?bbox=nan,0,1,1",
    f"{API}/table?bbox=5,0,1,1",
    f"{API}/table?bbox=a,b,c,d",
    f"{API}/table?limit=0",
    f"{API}/table?limit=99999999",
    f"{API}/table?sort=;drop",
    f"{API}/table?format=exe",
    f"{API}/places/0",
    f"{API}/places/-5",
    f"{API}/places/{10**40}",
    f"{API}/places/x",
    f"{API}/places/1e3",
    f"{API}/layers/secret.u8",
    f"{API}/layers/..%2f..%2frun.json.u8",
    "/api/v1/runs/nosuch",
    "/api/v1/runs/..%2f..",
    "/api/v1/runs/%2e%2e/evaluation",
    "/api/v1/runs/%00/table",
    "/api/v1/runs/a%00b",
    "/api/v1/runs/" + "a" * 5000,
    "/api/v1/runs/..%5c..%5cetc",
    "/list?step=77",
    f"/runs/{RUN}/places/7",
    "/runs/..%2f..%2fetc/report",
    "/nowhere",
    "/static/../app.py",
    "/assets/%2e%2e/%2e%2e/app.py",
]


@pytest.mark.parametrize("path", HOSTILE)
def test_hostile_parameters_get_a_sentence(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert 400 <= answer.status_code < 500
    if path.startswith("/api/") and answer.headers["content-type"] == "application/json":
        assert set(answer.json()) == {"what", "expected", "do", "message"}
        assert answer.json()["what"]
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"kind":"rm -rf"}',
        '{"kind":"backtest","arguments":{"a":{"b":1}}}',
        '{"kind":"backtest","more":1}',
        "\x00",
        '{"kind":"backtest"' + " " * 70_000,
    ],
)
def test_hostile_jobs(client: TestClient, body: str) -> None:
    answer = client.post("/api/v1/jobs", content=body, headers={"content-type": "application/json"})
    assert 400 <= answer.status_code < 500
    assert set(answer.json()) == {"what", "expected", "do", "message"}


def test_a_job_is_only_a_row(client: TestClient) -> None:
    made = client.post("/api/v1/jobs", json={"kind": "backtest", "arguments": {"target": "violence"}})
    assert made.status_code == 201
    first = client.get("/api/v1/jobs").json()["jobs"][0]
    assert (first["id"], first["state"], first["progress"]) == (made.json()["id"], "queued", 0.0)


@pytest.mark.parametrize(
    "said",
    [
        {"area": "/etc/area.json"}, {"area": "../areas/essex.yaml"}, {"area": "essex.json"}, {"area": 7},
        {"for_evaluation": True}, {"snapshot": 1}, {"fitted_at": "2020-01-01"}, {"nonsense": "x"},
    ],
)  # fmt: skip
def test_a_job_from_a_page_names_no_file_and_lifts_no_check(client: TestClient, said: dict[str, Any]) -> None:
    held = client.get("/api/v1/jobs").json()["jobs"]
    for kind in ("forecast", "backtest", "concentration"):
        answer = client.post("/api/v1/jobs", json={"kind": kind, "arguments": {"target": "asb", **said}})
        assert answer.status_code == 422
        assert answer.json()["expected"]
    assert client.get("/api/v1/jobs").json()["jobs"] == held


def test_what_a_job_may_be_told_is_what_it_takes() -> None:
    takes = {"forecast": ForecastRequest, "concentration": ForecastRequest, "backtest": BacktestRequest}
    for kind, request in takes.items():
        assert {one.name for one in fields(request)} >= MAY_SAY[kind]


def test_an_empty_workspace_says_what_to_do(tmp_path_factory: pytest.TempPathFactory) -> None:
    ws = open_workspace(tmp_path_factory.mktemp("empty"))
    with TestClient(
        create_app(ws, actor=LOCAL_ANALYST, purpose="analysis"), base_url="http://localhost"
    ) as client:
        assert client.get("/api/v1/health").json()["latest_run"] is None
        assert client.get("/api/v1/runs/latest").status_code == 404
        assert "peelian demo" in client.get("/list").text
        assert client.get("/use-your-own-data").status_code == 200


def test_an_error_of_ours_is_plain(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("peelian.api.routes.runs.manifest", lambda *_: 1 / 0)
    answer = client.get("/api/v1/runs/latest")
    assert answer.status_code == 500
    assert set(answer.json()) == {"what", "expected", "do", "message"}
    assert "division" not in answer.text


def test_a_stage_that_has_not_finished_says_so(client: TestClient) -> None:
    assert client.get(f"{API}/concentration").json()["ready"] is False
    assert client.get(f"{API}/evaluation").json()["ready"] is True
    assert "not there yet" in client.get(f"/runs/{RUN}/report").text


def test_the_list_of_runs_names_what_can_be_chosen(client: TestClient) -> None:
    listed = client.get("/api/v1/runs").json()["runs"]
    assert [(one["run"], one["target"], one["every"]) for one in listed] == [(RUN, "violence", "week")]
    assert listed[0]["area"]["simulated"] is True
    assert client.get("/api/v1/runs", params={"area": "elsewhere"}).json()["runs"] == []
