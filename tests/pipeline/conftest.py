"""Workspaces on both databases, opened for someone."""

from __future__ import annotations

import pytest

from peelian.pipeline.context import Context
from peelian.store.workspace import Workspace
from tests.workspaces import database, ws

__all__ = ["database", "ws"]


@pytest.fixture
def ctx(ws: Workspace) -> Context:
    """The workspace, opened by the local analyst for analysis."""
    return Context(ws)
