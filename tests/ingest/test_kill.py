"""kill -9 in the middle of an ingest: no accepted row lost, none doubled, the next run finishes the work."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from peelian.store.workspace import open_workspace
from tests.ingest.killing import history, kill_once, run_whole
from tests.workspaces import fresh


@pytest.mark.parametrize("hold", [100_000, 50], ids=["in memory", "on disk"])
def test_a_killed_ingest_is_finished_by_the_next(tmp_path: Path, database: str | None, hold: int) -> None:
    paths = history(tmp_path, files=8, rows=200, seed=3)
    whole = fresh(tmp_path / "whole")
    states = run_whole(whole, paths)
    assert states[-1].height > 500
    open_workspace(tmp_path / "home", database).engine.dispose()
    killed = kill_once(tmp_path / "home", database, paths, states, random.Random(hold), hold)
    assert (killed.lost_after_ack, killed.torn, killed.lost, killed.doubled) == (0, 0, 0, 0)


@pytest.mark.soak
def test_fifty_kills_lose_and_double_nothing() -> None:
    script = Path(__file__).resolve().parents[2] / "benchmarks" / "soak_kill_ingest.py"
    assert subprocess.run([sys.executable, str(script), "--kills", "50"], check=False).returncode == 0
