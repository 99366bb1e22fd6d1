"""A server hears of warnings that another process raised."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from peelian.pipeline.following_warnings import follow_warnings, newly_raised
from peelian.store.warning_life import Change
from tests.workspaces import fresh

RAISE = """
import sys
from pathlib import Path
from peelian.domain.actor import LOCAL_ANALYST
from peelian.store.warnings import keep_warnings
from peelian.store.workspace import open_workspace
from tests.warnings_made import made
keep_warnings(open_workspace(Path(sys.argv[1])), LOCAL_ANALYST, "prevention", [made()])
"""


def test_what_another_process_raised_is_told(tmp_path: Path) -> None:
    ws = fresh(tmp_path / "home")
    heard: list[Change] = []
    thread = follow_warnings(ws, heard.append, lambda: not heard, every_s=0.02)
    subprocess.run([sys.executable, "-c", RAISE, str(ws.home)], check=True, cwd=Path(__file__).parents[2])
    until = time.monotonic() + 30
    while not heard and time.monotonic() < until:
        time.sleep(0.02)
    thread.join(10)
    assert heard == [Change("w1", "raised")]


def test_only_new_ones_are_news() -> None:
    told: list[str] = []
    hear = newly_raised(told.append)
    for step in ("raised", "again", "seen"):
        hear(Change(step, step))
    assert told == ["raised"]
