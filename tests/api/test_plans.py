"""Plans by API and page: the same numbers, a draft told as such, options for each place, no power."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from peelian.api.app import create_app
from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.plan import NOT_PLANNABLE
from peelian.pipeline.context import Context
from peelian.pipeline.planning.making import Planned, PlanRequest, make_plan
from peelian.store.runs import add_run
from peelian.store.workspace import open_workspace
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
