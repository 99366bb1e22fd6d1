"""What changed between two snapshots, and the states kept of a running state."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.errors import Refused
from peelian.store.changes import changes_between
from peelian.store.collect import collect
from peelian.store.compact import compact
from peelian.store.ledger import latest_snapshot, read_events
from peelian.store.live_states import Kept, keep_state, newest_state, place_now
from peelian.store.workspace import Workspace
from tests.ingest.test_tables import take
from tests.tiny_source import row, write

KEY = ["force", "key_hi", "key_lo", "content"]
AT = datetime(2026, 11, 4, tzinfo=UTC)


def stood(ws: Workspace, snapshot: int) -> set[tuple[object, ...]]:
    return set(read_events(ws, snapshot=snapshot).select(KEY).iter_rows())


def told(rows: pl.DataFrame) -> set[tuple[object, ...]]:
    return set(rows.filter(pl.col("op") != "retract").select(KEY).iter_rows())


@pytest.fixture
def held(ws: Workspace, tmp_path: Path) -> Workspace:
    """Assertions, a revision twice over, a retraction, and a part in two editions."""
    files = [
        [row("a"), row("b"), row("c")],
        [row("a", "new", at=5), row("d")],
        [row("a", "newer", at=6), row("b", gone=True, at=6)],
        [row("e")],
    ]
    for k, rows in enumerate(files):
        take(ws, write(tmp_path / f"{k}.json", rows))
    for name, rows in (("2022-02", [row("x"), row("y")]), ("2022-04", [row("y", "new"), row("z")])):
        take(ws, write(tmp_path / f"{name}.json", rows, edition=("2022-01", name), force="there"))
    return ws


def test_from_any_snapshot_the_changes_lead_to_any_later_one(held: Workspace) -> None:
    newest = latest_snapshot(held)
    assert newest >= 6
    for first in range(newest + 1):
        for last in range(first, newest + 1):
            rows, undone = changes_between(held, first, last)
            before = stood(held, first)
            assert told(undone) <= before
            assert (before - told(undone)) | told(rows) == stood(held, last), (first, last)
            assert len(told(rows)) == rows.filter(pl.col("op") != "retract").height


def test_merging_files_changes_nothing(held: Workspace) -> None:
    newest = latest_snapshot(held)
    compact(held, actor=LOCAL_ANALYST, purpose="administration")
    rows, undone = changes_between(held, newest, latest_snapshot(held))
    assert (rows.height, undone.height) == (0, 0)
    rows, undone = changes_between(held, 1, latest_snapshot(held))
    assert (stood(held, 1) - told(undone)) | told(rows) == stood(held, latest_snapshot(held))


def test_what_can_no_longer_be_told_is_refused(held: Workspace) -> None:
    from datetime import timedelta

    compact(held, actor=LOCAL_ANALYST, purpose="administration")
    collect(held, after=timedelta(0))
    with pytest.raises(Refused, match="gone"):
        changes_between(held, 1, latest_snapshot(held))


def test_a_kept_state_is_whole_or_the_one_before_it(ws: Workspace) -> None:
    assert newest_state(ws, "run") is None
    for k in range(1, 5):
        keep_state(ws, Kept("run", k, 10 * k, AT, bytes([k]) * 50))
    keep_state(ws, Kept("other", 9, 1, AT, b"other"))
    assert newest_state(ws, "run") == Kept("run", 4, 40, AT, b"\4" * 50)
    files = list((ws.home / "live").iterdir())
    assert len(files) == 3, "two of the run and one of the other; nothing half-written"
    for file in files:
        if file.read_bytes() == b"\4" * 50:
            file.write_bytes(b"\4" * 20)
    assert newest_state(ws, "run") == Kept("run", 3, 30, AT, b"\3" * 50)


def test_the_place_of_an_empty_ledger(ws: Workspace) -> None:
    assert place_now(ws) == (0, 0)
