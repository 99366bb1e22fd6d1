"""An error of ours: what to do, and a reference that the log holds too; never a trace."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from peelian.api.app import create_app
from peelian.domain.actor import LOCAL_ANALYST
from peelian.store.workspace import Workspace
from tests.workspaces import fresh


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    ws: Workspace = fresh(tmp_path / "home")
    app = create_app(ws, actor=LOCAL_ANALYST, purpose="analysis")

    def broken() -> None:
        raise RuntimeError("a row's content")

    app.router.routes.insert(0, APIRoute("/broken", broken))
    app.router.routes.insert(0, APIRoute("/api/v1/broken", broken))
    return TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False)


@pytest.mark.parametrize("path", ["/broken", "/api/v1/broken"])
def test_a_fault_is_answered_in_words_with_a_reference_of_the_log(client: TestClient, path: str) -> None:
    with capture_logs() as lines:
        answer = client.get(path)
    assert answer.status_code == 500
    (line,) = [one for one in lines if one["event"] == "fault"]
    assert re.fullmatch("[0-9a-f]{8}", line["ref"])
    assert line["ref"] in answer.text
    assert "What to do" in answer.text or answer.json()["do"]
    assert "a row's content" not in str(line)
    for never in ("a row's content", "Traceback", ".py"):
        assert never not in answer.text
