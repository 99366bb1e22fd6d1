"""The phone's page: the run's own places, a visit logged once however often it is sent, never who."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import peelian.api.today_visits as visits
from peelian.api.app import create_app
from peelian.api.run_folder import read_run
from peelian.api.today import places_today, step_now
from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.errors import Misuse
from peelian.domain.time import LONDON
from peelian.store.interventions import list_entries
from peelian.store.runs import add_run
from peelian.store.workspace import Workspace, open_workspace

from .conftest import RUN
from .run_folder import mask, write_run

CELL = int(mask()[60])
KEY = "0123456789abcdef" * 2
NOON = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
STATIC = Path(visits.__file__).parent / "static"


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> str:
    """The server's clock stands at noon of this day, so that no visit crosses midnight."""
    at = datetime.now(LONDON).replace(hour=12, minute=0, second=0, microsecond=0)
    monkeypatch.setattr("peelian.api.routes.today.moment", lambda: at)
    return at.isoformat()


@pytest.fixture
def house(noon: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, TestClient]:
    ws = open_workspace(tmp_path_factory.mktemp("today"))
    add_run(ws, RUN, write_run(ws.runs / RUN))
    app = create_app(ws, actor=LOCAL_ANALYST, purpose="demonstration")
    return ws, TestClient(app, base_url="http://127.0.0.1:8000")


def _send(client: TestClient, **given: Any) -> Any:
    return client.post(f"/api/v1/runs/{RUN}/visits", json={"key": KEY, "cell": CELL, "minutes": 15} | given)


def test_page_lists_the_highest_and_may_ask_where_it_is(client: TestClient) -> None:
    page = client.get("/today")
    assert page.status_code == 200
    top = client.get(f"/api/v1/runs/{RUN}/table", params={"limit": 20}).json()["rows"]
    first = [page.text.index(f'data-cell="{row["cell"]}" data-mean="{row["mean"]}"') for row in top]
    assert first == sorted(first)
    assert f'href="geo:{top[0]["lat"]:.5f},{top[0]["lon"]:.5f}"' in page.text
    assert "geolocation=(self)" in page.headers["permissions-policy"]
    assert "geolocation=()" in client.get("/list").headers["permissions-policy"]
    assert "not shared out between areas" in page.text
    assert client.get("/today?shift=99").status_code == 422


def test_a_visit_is_an_entry_of_where_and_when(house: tuple[Workspace, TestClient]) -> None:
    ws, client = house
    answer = _send(client)
    assert answer.status_code == 201
    (held,) = list_entries(ws)
    entry = held.entry
    assert (entry.kind, entry.places, entry.dose, entry.dose_unit) == (
        visits.KIND,
        (str(CELL),),
        15,
        "minutes",
    )
    assert (entry.end - entry.start).days == 1
    assert entry.reason.startswith("Visits: ")


def test_sent_twice_it_is_logged_once(house: tuple[Workspace, TestClient], noon: str) -> None:
    ws, client = house
    assert _send(client, ended=noon).status_code == 201
    assert _send(client, ended=noon).status_code == 200
    assert [one.entry.dose for one in list_entries(ws)] == [15]


def test_a_second_visit_of_the_day_adds_to_the_first(house: tuple[Workspace, TestClient], noon: str) -> None:
    ws, client = house
    assert _send(client, ended=noon).status_code == 201
    assert _send(client, ended=noon, key="f" * 32, minutes=30).status_code == 201
    assert _send(client, ended=noon).status_code == 200  # the first again: in the joined entry
    (held,) = list_entries(ws)
    assert held.entry.dose == 45
    assert held.entry.reason.count(" to ") == 2
    assert len(list_entries(ws, withdrawn=True)) == 2


@pytest.mark.parametrize(
    "given",
    [
        {"key": "x"}, {"key": ""}, {"cell": "abc"}, {"cell": 7}, {"minutes": 600}, {"minutes": ""},
        {"ended": "soon"}, {"ended": "2026-11-02T10:00:00"}, {"ended": "2001-01-01T00:00:00+00:00"},
        {"ended": "2999-01-01T00:00:00+00:00"}, {"cell": [1]},
    ],
)  # fmt: skip
def test_what_is_no_visit_is_said(house: tuple[Workspace, TestClient], given: dict[str, Any]) -> None:
    ws, client = house
    answer = _send(client, **given)
    assert 400 <= answer.status_code < 500
    assert answer.json()["what"]
    assert list_entries(ws) == []


def test_the_form_works_without_script(house: tuple[Workspace, TestClient]) -> None:
    ws, client = house
    page = client.post("/today/visits", data={"key": KEY, "cell": str(CELL), "minutes": "5"})
    assert page.status_code == 200
    assert "Logged in the register as i1" in page.text
    assert len(list_entries(ws)) == 1


def test_the_window_of_now_is_chosen(workspace: Workspace) -> None:
    run = read_run(workspace.runs / RUN)
    assert step_now(run, NOON) == 0
    assert places_today(run, 0, NOON).current
    later = NOON + timedelta(days=30)
    assert step_now(run, later) == 1  # windows of four weeks, a week apart
    assert not places_today(run, 0, NOON + timedelta(days=400)).current
    with pytest.raises(Misuse):
        places_today(run, 9, NOON)


def test_the_worker_keeps_the_shell_and_today_only(client: TestClient) -> None:
    worker = client.get("/today-worker.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    assert worker.text.count('url.pathname === "/today"') == 1
    for name in ("pages.css", "today.js", "today.webmanifest", "mark.svg"):
        assert f"/static/{name}" in worker.text
        assert client.get(f"/static/{name}").status_code == 200
    manifest = json.loads((STATIC / "today.webmanifest").read_text())
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == (
        "/today", "/today", "standalone",
    )  # fmt: skip
    for name in ("today.js", "today-worker.js"):
        assert "http" not in (STATIC / name).read_text()  # no address but this server's own
