"""Workspaces on both databases, opened for someone."""

from __future__ import annotations

from pathlib import Path

import pytest

from peelian.pipeline.context import Context
from peelian.store.workspace import Workspace
from tests.pipeline.reports import ambulance, deliver, hospital, police
from tests.workspaces import database, fresh, ws

__all__ = ["database", "ws"]


@pytest.fixture
def ctx(ws: Workspace) -> Context:
    """The workspace, opened by the local analyst for analysis."""
    return Context(ws)


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of three agencies' reports, to be copied."""
    folder = tmp_path_factory.mktemp("small")
    ws = fresh(folder / "home")
    for feed, reports in (
        ("police_crime", police()), ("ambulance", ambulance()), ("emergency_department", hospital()),
    ):  # fmt: skip
        deliver(ws, folder, feed, reports)
    ws.engine.dispose()
    return folder / "home"
