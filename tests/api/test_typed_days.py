"""Days typed into forms: British and ISO alike, kept as one day, and given back as typed when refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from peelian.api.app import create_app
from peelian.domain.actor import LOCAL_ANALYST
from peelian.store import jobs
from peelian.store.interventions import list_entries
from peelian.store.runs import add_run
from peelian.store.workspace import Workspace
from tests.acting_made import typed
from tests.api.run_folder import write_run
from tests.workspaces import fresh


@pytest.fixture
def house(tmp_path: Path) -> Workspace:
    ws = fresh(tmp_path / "home")
    add_run(ws, "run", write_run(ws.runs / "run"))
    return ws


@pytest.fixture
def desk(house: Workspace) -> Iterator[TestClient]:
    app = create_app(house, actor=LOCAL_ANALYST, purpose="prevention")
    with TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize(("first", "after"), [("2026-10-01", "2026-11-01"), ("1/10/2026", "1 November 2026")])
def test_the_register_takes_a_day_however_it_is_written(
    desk: TestClient, house: Workspace, first: str, after: str
) -> None:
    assert desk.post("/interventions", data=typed(start=first, end=after)).status_code == 303
    kept = list_entries(house)[0].entry
    assert (str(kept.start), str(kept.end)) == ("2026-10-01", "2026-11-01")
    assert "1 October 2026" in desk.get("/interventions").text


def test_a_refused_day_comes_back_as_it_was_typed(desk: TestClient) -> None:
    page = desk.post("/interventions", data=typed(start="10/31/2026"))
    assert page.status_code == 422
    assert "29/11/2026 or 29 November 2026" in page.text
    assert 'value="10/31/2026"' in page.text


@pytest.mark.parametrize("first", ["2025-04-01", "1/4/2025", "1 April 2025"])
def test_a_return_is_queued_for_the_days_that_were_meant(
    desk: TestClient, house: Workspace, first: str
) -> None:
    form = {"name": "csp", "start": first, "end": "1 Apr 2026"}
    assert desk.post("/returns", data=form).status_code == 303
    queued = jobs.list(house)[0].arguments
    assert (queued["start"], queued["end"]) == ("2025-04-01", "2026-04-01")


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [("2/4/2025", "", "not the first day of a month"), ("2025-04", "", "not a day"),
     ("1/4/2026", "1/4/2025", "ends before it starts"), ("1/4/2026", "1/4/2026", "ends before it starts")],
)  # fmt: skip
def test_a_period_that_is_none_is_refused_before_it_waits(
    desk: TestClient, house: Workspace, start: str, end: str, said: str
) -> None:
    page = desk.post("/returns", data={"name": "csp", "start": start, "end": end})
    assert page.status_code == 422
    assert said in page.text
    assert jobs.list(house) == []
