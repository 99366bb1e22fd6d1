"""Plans by API and page: the same numbers, a draft told as such, options for each place, no power."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import polars as pl
import pytest
from starlette.testclient import TestClient

from peelian.api.app import create_app
from peelian.api.plan_leaving import NOTICE
from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.decision import Decision
from peelian.domain.plan import NOT_PLANNABLE, SHARE_BY_HARM
from peelian.pipeline.context import Context
from peelian.pipeline.planning.making import Planned, PlanRequest, make_plan
from peelian.store.catalogue import transaction
from peelian.store.decisions import add_decision
from peelian.store.runs import add_run
from peelian.store.workspace import Workspace, open_workspace
from tests.api.run_folder import write_run
from tests.workspaces import fresh


@pytest.fixture
def planned(tmp_path: Path) -> Planned:
    ws = fresh(tmp_path / "home")
    add_run(ws, "r1", write_run(ws.runs / "r1") | {"marks_known": True})
    return make_plan(Context(ws), PlanRequest(12, hold_out=0.1))


@pytest.fixture
def client(planned: Planned, tmp_path: Path) -> Iterator[TestClient]:
    app = create_app(open_workspace(tmp_path / "home"), actor=LOCAL_ANALYST, purpose="prevention")
    with TestClient(app, base_url="http://127.0.0.1:8000") as made:
        yield made


def test_api_page_and_plan_say_the_same(client: TestClient, planned: Planned) -> None:
    listed = client.get("/api/v1/plans").json()["plans"]
    assert [one["id"] for one in listed] == [planned.id]
    body = client.get(f"/api/v1/plans/{planned.id}").json()
    assert body["covered"] == pytest.approx(planned.plan.covered)
    assert [row["place"] for row in body["rows"]] == planned.rows["place"].to_list()
    page = client.get(f"/plans/{planned.id}").text
    assert all(f'data-place="{place}"' in page for place in planned.rows["place"])
    assert "Draft" in page
    assert body["sharing"]["sentence"] in page
    assert body["sharing"]["within"] == SHARE_BY_HARM
    assert all(one["zone"] in page for one in body["sharing"]["zones"])
    assert f"about={planned.id}#decide" in page
    assert planned.id in client.get("/plans").text


def test_no_power_is_proposed(client: TestClient, planned: Planned) -> None:
    for path in ("/plans", f"/plans/{planned.id}", f"/api/v1/plans/{planned.id}"):
        text = client.get(path).text.lower()
        assert not [power for power in NOT_PLANNABLE if power in text]


def test_no_such_plan_is_told(client: TestClient) -> None:
    answer = client.get("/plans/nothing")
    assert answer.status_code == 404
    assert client.get("/api/v1/plans/nothing").status_code == 404


def decided(ws: Workspace, plan: str, *, refused: bool = False, words: str = "go as planned") -> int:
    taken = Decision("plan", plan, words, "neighbourhood inspector", "most harm for the hours",
                     ("go", "leave it"), refused)  # fmt: skip
    with transaction(ws) as conn:
        return add_decision(conn, LOCAL_ANALYST, "prevention", taken).id


PATHS = ("/api/v1/plans/{}/export?format=csv", "/api/v1/plans/{}/export?format=geojson", "/plans/{}/print?")


@pytest.mark.parametrize("path", PATHS)
def test_nothing_leaves_without_a_decision_that_stands(client: TestClient, planned: Planned, tmp_path: Path,
                                                       path: str) -> None:  # fmt: skip
    ws, plan = open_workspace(tmp_path / "home"), str(planned.id)
    at = path.format(plan)
    assert client.get(at).status_code == 409
    assert client.get(f"{at}&decision=99").status_code == 404
    no = decided(ws, plan, refused=True)
    assert client.get(f"{at}&decision={no}").status_code == 409
    yes = decided(ws, plan)
    assert client.get(f"{at}&decision={yes}").status_code == 200
    decided(ws, plan, refused=True)  # a later refusal takes its place
    assert client.get(f"{at}&decision={yes}").status_code == 409
    assert client.get(at.replace(plan, "nothing") + f"&decision={yes}").status_code == 404


def test_what_leaves_is_the_plan_with_an_option_for_each_place_and_no_power(
    client: TestClient, planned: Planned, tmp_path: Path
) -> None:
    yes = decided(open_workspace(tmp_path / "home"), str(planned.id))
    csv_, geo, page = (client.get(f"{path.format(planned.id)}&decision={yes}") for path in PATHS)
    rows = list(csv.DictReader(io.StringIO(csv_.text)))
    assert sorted(one["place"] for one in rows) == sorted(planned.rows["place"])
    assert all(one["prevention_option"] for one in rows)
    assert {one["decision"] for one in rows} == {str(yes)}
    assert {one["run"] for one in rows} == {"r1"}
    assert sum(float(one["expected"]) for one in rows) == pytest.approx(planned.plan.covered)
    features = geo.json()["features"]
    assert sorted(one["properties"]["place"] for one in features) == sorted(planned.rows["place"])
    lon, lat = features[0]["geometry"]["coordinates"][0][0]
    assert -9 < lon < 9
    assert 49 < lat < 61
    assert all(f'data-place="{place}"' in page.text for place in planned.rows["place"])
    for text in (csv_.text, geo.text, page.text):
        body = text.replace(NOTICE, "")
        assert not [power for power in NOT_PLANNABLE if power in body.lower()]


def test_a_plan_that_names_a_power_does_not_leave(
    client: TestClient, planned: Planned, tmp_path: Path
) -> None:
    ws, plan = open_workspace(tmp_path / "home"), str(planned.id)
    yes = decided(ws, plan)
    path = ws.home / "plans" / plan / "visits.parquet"
    rows = pl.read_parquet(path)
    rows.with_columns(name=pl.lit("Dispersal power square")).write_parquet(path)
    text = client.get(f"/api/v1/plans/{plan}/export?decision={yes}").text
    assert "Dispersal" not in text  # a street's name gives way to the place's number
    rows.with_columns(team=pl.lit("Stop & search team")).write_parquet(path)
    for at in PATHS:
        assert client.get(f"{at.format(plan)}&decision={yes}").status_code == 409


def test_a_name_that_a_spreadsheet_would_run_is_made_harmless(
    client: TestClient, planned: Planned, tmp_path: Path
) -> None:
    ws, plan = open_workspace(tmp_path / "home"), str(planned.id)
    path = ws.home / "plans" / plan / "visits.parquet"
    pl.read_parquet(path).with_columns(name=pl.lit("=cmd()")).write_parquet(path)
    text = client.get(f"/api/v1/plans/{plan}/export?decision={decided(ws, plan)}").text
    assert {one["name"] for one in csv.DictReader(io.StringIO(text))} == {"'=cmd()"}


def test_the_page_shows_doubt_and_where_it_may_leave(
    client: TestClient, planned: Planned, tmp_path: Path
) -> None:
    page = client.get(f"/plans/{planned.id}").text
    assert "A fifth less to give" in page
    assert "The forecast's high end is true" in unescape(page)
    assert "/export" not in page
    yes = decided(open_workspace(tmp_path / "home"), str(planned.id))
    assert f"/plans/{planned.id}/print?decision={yes}" in client.get(f"/plans/{planned.id}").text
