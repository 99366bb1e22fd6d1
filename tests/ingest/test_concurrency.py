"""Two writers at once, readers beside a writer: nothing doubled, nothing torn, nobody waits for ever."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from peelian.domain.actor import LOCAL_ANALYST
from peelian.store.compact import compact
from peelian.store.ledger import read_events, state
from peelian.store.workspace import Workspace, open_workspace
from tests.ingest.killing import history, run_whole, start
from tests.ingest.test_tables import take
from tests.tiny_source import row, write
from tests.workspaces import fresh


def test_two_processes_that_take_the_same_files_double_nothing(tmp_path: Path, database: str | None) -> None:
    paths = history(tmp_path, files=4, rows=60, seed=5)
    whole = run_whole(fresh(tmp_path / "whole"), paths)[-1]
    ws = open_workspace(tmp_path / "home", database)
    both = [start(ws, database, paths, 100_000) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert state(ws).equals(whole)
    assert len(list(ws.segments.rglob("*.parquet"))) == len(set(_named(ws)))
    ws.engine.dispose()


def _named(ws: Workspace) -> list[str]:
    from sqlalchemy import select

    from peelian.store.catalogue import reading
    from peelian.store.tables import segment

    with reading(ws) as conn:
        return list(conn.execute(select(segment.c.path)).scalars())


def test_writers_of_different_rows_all_succeed(ws: Workspace, tmp_path: Path) -> None:
    def one(k: int) -> int:
        rows = [row(f"{k}-{j}") for j in range(5)] + [row("shared", at=3)]
        return take(ws, write(tmp_path / f"{k}.json", rows)).total.accepted

    with ThreadPoolExecutor(4) as pool:
        accepted = sum(pool.map(one, range(8)))
    assert accepted == 8 * 5 + 1
    assert read_events(ws).height == accepted


def test_a_reader_beside_writers_sees_whole_files_only(ws: Workspace, tmp_path: Path) -> None:
    stop, seen = threading.Event(), list[int]()

    def read() -> None:
        while not stop.is_set():
            seen.append(read_events(ws, columns=["start"]).height)

    with ThreadPoolExecutor(2) as pool:
        reader = pool.submit(read)
        for k in range(6):
            take(ws, write(tmp_path / f"{k}.json", [row(f"{k}-{j}") for j in range(7)], batch=2))
            if k == 3:
                compact(ws, actor=LOCAL_ANALYST, purpose="administration")
        stop.set()
        reader.result()
    assert seen == sorted(seen)
    assert all(height % 7 == 0 for height in seen)


@pytest.mark.parametrize("hold", [100_000, 3])
def test_a_stage_leaves_nothing_behind(
    ws: Workspace, tmp_path: Path, hold: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from peelian.store import stage

    monkeypatch.setattr(stage.Stage.__init__, "__kwdefaults__", {"hold_rows": hold})
    take(ws, write(tmp_path / "1.json", [row(str(k)) for k in range(20)], batch=4))
    assert not list(ws.staging.glob("*"))
