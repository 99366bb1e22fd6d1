"""A workspace with one run, as the forecast writes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from peelian.pipeline.context import Context
from peelian.store.runs import add_run
from tests.api.run_folder import write_run
from tests.workspaces import fresh

RUN = "sim1-violence-20261102"


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    ws = fresh(tmp_path / "home")
    add_run(ws, RUN, write_run(ws.runs / RUN) | {"marks_known": True})
    return Context(ws)
