"""What the page may choose between: one run of each target, the newest."""

from __future__ import annotations

from pathlib import Path

from starlette.testclient import TestClient

from peelian.api.app import create_app
from peelian.domain.actor import LOCAL_ANALYST
from peelian.store.runs import add_run
from peelian.store.workspace import open_workspace

from .run_folder import write_run


def test_the_newest_run_of_each_target_is_offered(tmp_path: Path) -> None:
    ws = open_workspace(tmp_path)
    card = write_run(ws.runs / "first")
    add_run(ws, "first", card)
    add_run(ws, "second", card)
    add_run(ws, "other", card | {"target": "robbery", "title": "robbery"})
    add_run(ws, "elsewhere", card | {"area": card["area"] | {"code": "SIM2"}})
    with TestClient(
        create_app(ws, actor=LOCAL_ANALYST, purpose="demonstration"), base_url="http://127.0.0.1"
    ) as client:
        every = client.get("/api/v1/runs").json()["runs"]
        here = client.get("/api/v1/runs?area=SIM1").json()["runs"]
    assert [one["run"] for one in every] == ["elsewhere", "other", "second"]
    assert [(one["run"], one["target"]) for one in here] == [("other", "robbery"), ("second", "violence")]
