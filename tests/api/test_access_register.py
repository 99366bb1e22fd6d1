"""Areas in no register, stopped ones and challenges: what pages, map and lists say, and to whom."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert
from starlette.testclient import TestClient

from peelian.api.app import create_app
from peelian.api.register_notice import SENTENCE, left_out
from peelian.domain.actor import LOCAL_ANALYST
from peelian.store.catalogue import now, transaction
from peelian.store.challenges import list_challenges
from peelian.store.deployments import set_deployment
from peelian.store.row_cut import Reader, reading_as
from peelian.store.runs import add_run
from peelian.store.trust_tables import challenge
from peelian.store.workspace import Workspace
from tests.api.run_folder import write_run
from tests.workspaces import fresh

PAGES = ("/list", "/model", "/briefing")


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return fresh(tmp_path / "home")


def served(ws: Workspace, *, simulated: bool) -> tuple[TestClient, str]:
    """Serve one run; give its area."""
    card = write_run(ws.runs / "r1", simulated=simulated)
    add_run(ws, "r1", card)
    app = create_app(ws, actor=LOCAL_ANALYST, purpose="analysis")
    return TestClient(app, base_url="http://127.0.0.1:8000"), str(card["area"]["code"])


def test_a_forecast_of_an_area_in_no_register_says_so_until_it_is_in_one(ws: Workspace) -> None:
    client, area = served(ws, simulated=False)
    for path in PAGES:
        assert SENTENCE in client.get(path).text, path
    assert SENTENCE in client.get("/api/v1/runs/r1").json()["story"]["audit"]
    assert SENTENCE not in client.get("/glossary").text, "a page without a forecast has nothing to say"
    said = {"senior_owner": "ACC Crime", "lawful_basis": "common law", "ethics": "panel 7, yes"}
    set_deployment(ws, LOCAL_ANALYST, "administration", area, "proposed", **said)
    for path in PAGES:
        assert SENTENCE not in client.get(path).text, path
    assert SENTENCE not in client.get("/api/v1/runs/r1").json()["story"]["audit"]


def test_a_fictional_place_needs_no_register(ws: Workspace) -> None:
    client, _ = served(ws, simulated=True)
    for path in PAGES:
        assert SENTENCE not in client.get(path).text, path


def test_one_row_for_every_area_refuses_all_that_are_in_no_register(ws: Workspace) -> None:
    """How an operator has it that nothing goes on without owner, lawful basis and ethics status."""
    client, area = served(ws, simulated=False)
    assert client.get("/list").status_code == 200
    set_deployment(ws, LOCAL_ANALYST, "administration", "*", "proposed")
    refused = client.get("/list")
    assert refused.status_code == 409
    assert "lacks senior owner, lawful basis, ethics" in refused.text
    said = {"senior_owner": "ACC Crime", "lawful_basis": "common law", "ethics": "panel 7, yes"}
    set_deployment(ws, LOCAL_ANALYST, "administration", area, "proposed", **said)
    assert client.get("/list").status_code == 200


def test_the_list_of_plans_says_what_is_left_out(ws: Workspace) -> None:
    assert left_out(ws, {"kent", "essex"}) == []
    set_deployment(ws, LOCAL_ANALYST, "administration", "kent", "discontinued", why="ended")
    assert left_out(ws, {"kent", "essex"}) == ["Nothing of kent is listed: this deployment was discontinued."]


def test_many_challenges_of_another_force_hide_none_of_ones_own(ws: Workspace) -> None:
    same = {"area": "north", "place": "x", "kind": "other", "text": "x", "state": "received"}
    rows = [same | {"id": f"E{k:03d}", "force": "essex", "at": now()} for k in range(30)]
    mine = same | {"id": "K001", "force": "kent", "at": now() - timedelta(days=30)}
    with transaction(ws) as conn:
        conn.execute(insert(challenge), [*rows, mine])
    with reading_as(Reader(("kent",), ("*",))):
        assert [one.id for one in list_challenges(ws, last=20)] == ["K001"]
    with reading_as(Reader(("essex",), ("*",))):
        assert len(list_challenges(ws, last=20)) == 20
    with reading_as(Reader(("kent",), ("south",))):
        assert list_challenges(ws) == []
