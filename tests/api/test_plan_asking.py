"""A plan asked for on its page: the job it becomes, what is refused, and what is said of one that failed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from peelian.api.app import create_app
from peelian.domain.actor import LOCAL_ANALYST
from peelian.pipeline.context import Context
from peelian.pipeline.jobs import work
from peelian.store import jobs
from peelian.store.runs import add_run
from peelian.store.workspace import Workspace
from tests.api.run_folder import write_run
from tests.api.signing import account, app_of, signed_in
from tests.workspaces import fresh


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = fresh(tmp_path_factory.mktemp("asking") / "home")
    add_run(made, "homes", write_run(made.runs / "homes") | {"marks_known": False})
    add_run(made, "r1", write_run(made.runs / "r1") | {"marks_known": True})
    return made


@pytest.fixture(scope="module")
def client(ws: Workspace) -> Iterator[TestClient]:
    app = create_app(ws, actor=LOCAL_ANALYST, purpose="prevention")
    with TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False) as made:
        yield made


def test_what_is_no_number_of_visits_is_refused_as_it_was_typed(client: TestClient, ws: Workspace) -> None:
    for visits, left_out in (("", ""), ("0", ""), ("many", ""), ("1001", ""), ("10", "51"), ("10", "-1")):
        page = client.post("/plans", data={"visits": visits, "left_out": left_out})
        assert page.status_code == 422, (visits, left_out)
        assert "a whole number" in page.text
        assert f'value="{visits}"' in page.text
    assert jobs.list(ws) == []


def test_a_plan_is_made_and_one_that_cannot_be_says_why(client: TestClient, ws: Workspace) -> None:
    sent = client.post("/plans?run=r1", data={"visits": "4", "left_out": "10 %"}).headers["location"]
    failed = client.post("/plans?run=homes", data={"visits": "4"}).headers["location"]
    assert "Queued as job" in client.get(sent).text
    assert jobs.list(ws)[1].arguments == {"visits": 4, "run": "r1", "target": "violence", "hold_out": 0.1}
    assert work(Context(ws)) == 2
    assert "the plan stands in the list" in client.get(sent).text
    assert "cannot tell homes from streets" in client.get(failed).text
    (plan,) = client.get("/api/v1/plans").json()["plans"]
    assert plan["visits"] == 4


def test_who_may_read_plans_but_not_make_one_sees_no_form(ws: Workspace) -> None:
    app = app_of(ws, force="simulated")
    officer = signed_in(app, account(ws, "o1001", role="officer", force="simulated"))
    page = officer.get("/plans")
    assert page.status_code == 200
    assert 'name="visits"' not in page.text
    analyst = signed_in(app, account(ws, "a1002", force="simulated"))
    assert 'name="visits"' in analyst.get("/plans").text
