"""A workspace on a real SQLite store with one run in it, and a client of the app."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from peelian.api.app import create_app
from peelian.domain.actor import LOCAL_ANALYST
from peelian.store.runs import add_run
from peelian.store.workspace import Workspace, open_workspace

from .run_folder import write_run

RUN = "sim1-violence-20261102"


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    ws = open_workspace(tmp_path_factory.mktemp("home"))
    add_run(ws, RUN, write_run(ws.runs / RUN))
    return ws


@pytest.fixture
def client(workspace: Workspace) -> Iterator[TestClient]:
    app = create_app(workspace, actor=LOCAL_ANALYST, purpose="demonstration")
    with TestClient(app, base_url="http://127.0.0.1:8000") as made:
        yield made
