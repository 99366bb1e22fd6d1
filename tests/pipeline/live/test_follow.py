"""After kill -9 the state kept and what came since equal a clean reading of the ledger."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.live import Taken
from peelian.pipeline.live.state_follow import Follower
from peelian.store.changes import changes_between
from peelian.store.collect import collect
from peelian.store.compact import compact
from peelian.store.ledger import latest_snapshot
from peelian.store.live_states import newest_state
from peelian.store.workspace import Workspace, open_workspace
from tests.workspaces import fresh

from .follow_child import NOW, batch, follower, put


def same(one: Follower, two: Follower) -> None:
    """Compare what is seen and what is held, at one instant."""
    a, b = one.state.at(NOW), two.state.at(NOW)
    assert np.abs(a.rate - b.rate).max() < 1e-9
    assert (a.week == b.week).all()
    assert one.state._memory.packed()[1].tobytes() == two.state._memory.packed()[1].tobytes()
    assert one.state.snapshot == two.state.snapshot


def clean(ws: Workspace) -> Follower:
    made = follower(ws)
    made.rebuild()
    return made


def killed(home: Path, lines: int) -> None:
    """Run the child until it printed some lines more, then kill it."""
    command = [sys.executable, "-m", "tests.pipeline.live.follow_child", str(home)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    for _ in range(lines):
        assert child.stdout.readline(), "the child ended by itself"
    child.kill()
    child.wait()


def kill_and_compare(home: Path, times: int, lines: Callable[[int], int]) -> None:
    ws = fresh(home)
    rng = np.random.default_rng(1)
    put(ws, home / "0.json", batch(rng, 30))
    for k in range(times):
        killed(home, lines(k))
        again = open_workspace(home)
        following = follower(again)
        following.start()
        same(following, clean(again))
        assert following.state.at(NOW).week.sum() > 0 or k == 0
        again.engine.dispose()


def test_after_kill_9_the_state_equals_a_clean_replay(tmp_path: Path) -> None:
    kill_and_compare(tmp_path / "home", 2, lambda k: 5 + k)
    assert newest_state(open_workspace(tmp_path / "home"), "tiny-run") is not None


@pytest.mark.soak
def test_after_many_kills_the_state_equals_a_clean_replay(tmp_path: Path) -> None:
    kill_and_compare(tmp_path / "home", 100, lambda k: 1 + k * 7 % 13)


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    made = fresh(tmp_path / "home")
    put(made, tmp_path / "a.json", batch(np.random.default_rng(2), 40))
    return made


def told(ws: Workspace, first: int, position: int) -> Taken:
    return Taken(position, latest_snapshot(ws), NOW, *changes_between(ws, first, latest_snapshot(ws)))


def test_commits_told_late_twice_or_not_at_all_end_in_the_same_state(ws: Workspace, tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    following = clean(ws)
    tellings = []
    for k in range(8):
        before = latest_snapshot(ws)
        put(ws, tmp_path / f"{k}.json", batch(rng, 8))
        tellings.append(told(ws, before, k + 1))
    for k in (0, 0, 1, 4, 2, 3, 4, 7):  # 5 and 6 are never told; 2, 3 come after what covers them
        following(tellings[k])
    assert following.state.position == 8
    same(following, clean(ws))


def test_files_merged_and_gone_do_no_harm(ws: Workspace, tmp_path: Path) -> None:
    following = clean(ws)
    following.keep(1)
    for k in range(3):
        put(ws, tmp_path / f"{k}.json", batch(np.random.default_rng(k), 8))
    compact(ws, actor=LOCAL_ANALYST, purpose="administration")
    following.check()
    same(following, clean(ws))
    collect(ws, after=timedelta(0))
    again = follower(ws)
    again.start()  # what lay between is gone, so it is read anew
    same(again, clean(ws))
