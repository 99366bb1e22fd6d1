"""A discontinued deployment serves nothing; a challenge gets a code and a reply, and holds no one's data."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from peelian.api.app import create_app
from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.errors import Misuse, Refused
from peelian.store.challenges import answer_challenge, get_challenge
from peelian.store.deployments import set_deployment
from peelian.store.runs import add_run, latest_run
from peelian.store.trust_tables import challenge
from peelian.store.workspace import Workspace, open_workspace

from .run_folder import write_run

LONG_AGO = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.fixture
def ws(tmp_path: object) -> Workspace:
    made = open_workspace(tmp_path / "home")  # type: ignore[operator]
    add_run(made, "r1", write_run(made.runs / "r1"))
    return made


def served(ws: Workspace) -> TestClient:
    app = create_app(ws, actor=LOCAL_ANALYST, purpose="demonstration")
    return TestClient(app, base_url="http://127.0.0.1:8000")


def area_of(ws: Workspace) -> str:
    row = latest_run(ws)
    assert row is not None
    return row.area


def test_discontinued_serves_nothing_from_the_next_request_on(ws: Workspace) -> None:
    client, area = served(ws), area_of(ws)
    paths = ("/list", "/api/v1/runs/latest", "/api/v1/runs/r1/table", "/api/v1/runs/r1/layers/expected.u8")
    assert [client.get(path).status_code for path in paths] == [200] * 4
    set_deployment(ws, LOCAL_ANALYST, "administration", area, "discontinued", why="ethics body's advice")
    assert [client.get(path).status_code for path in paths] == [409] * 4
    page = client.get(f"/about/{area}")
    assert page.status_code == 200
    assert "discontinued" in page.text
    full = {"senior_owner": "a post", "lawful_basis": "a basis", "ethics": "a reference"}
    with pytest.raises(Misuse, match="lacks senior owner"):
        set_deployment(ws, LOCAL_ANALYST, "administration", area, "approved")
    set_deployment(ws, LOCAL_ANALYST, "administration", area, "approved", **full)
    assert client.get(paths[0]).status_code == 200


def test_a_challenge_is_tracked_to_its_reply(ws: Workspace) -> None:
    client, area = served(ws), area_of(ws)
    form = {"kind": "a place is shown wrongly", "place": "the market square", "text": "The lamp is mended."}
    sent = client.post(f"/about/{area}/challenges", data=form, follow_redirects=False)
    assert sent.status_code == 303
    there = sent.headers["location"]
    assert "nobody has looked at it yet" in client.get(there).text
    code = there.rsplit("/", 1)[1]
    assert f'id="c{code}"' in client.get("/challenges").text
    looked = client.post(f"/challenges/{code}", data={"state": "considered"}, follow_redirects=False)
    assert looked.status_code == 303
    assert "Being looked at" in client.get(there).text
    named = client.post(f"/challenges/{code}", data={"answer": "Call 07700 900123"}, follow_redirects=False)
    assert named.status_code == 422
    with ws.engine.begin() as conn:
        conn.execute(update(challenge).values(at=LONG_AGO))
    assert "overdue" in client.get(there).text
    assert "overdue" in client.get("/challenges").text
    replied = {"answer": "It was looked at and mended."}
    assert client.post(f"/challenges/{code}", data=replied, follow_redirects=False).status_code == 303
    assert "looked at and mended" in client.get(there).text
    with pytest.raises(Refused):
        answer_challenge(ws, LOCAL_ANALYST, "administration", code, "Again.")
    assert get_challenge(ws, code).state == "answered"
    assert "overdue" not in client.get("/challenges").text
    assert client.get("/challenges/XXXX-XXXX-XXXX-XXXX").status_code == 404


def test_a_challenge_with_a_persons_data_is_not_kept(ws: Workspace) -> None:
    client, area = served(ws), area_of(ws)
    form = {"kind": "other", "place": "", "text": "Ring me on 07700 900123 please."}
    answer = client.post(f"/about/{area}/challenges", data=form, follow_redirects=False)
    assert answer.status_code == 422
    assert client.post(f"/about/{area}/challenges", data={"text": "x"}).status_code == 422
