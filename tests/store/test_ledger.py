"""The ledger: what stood when, pinned, compacted, collected."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.errors import Refused
from peelian.domain.event import LEDGER_SCHEMA
from peelian.store.collect import collect
from peelian.store.compact import compact
from peelian.store.ledger import latest_snapshot, read_events, read_versions, standing, state
from peelian.store.workspace import Workspace
from tests.ingest.test_tables import take
from tests.tiny_source import FIRST, row, write


def day(n: int) -> datetime:
    return FIRST + timedelta(days=n)


@pytest.fixture
def held(ws: Workspace, tmp_path: Path) -> Workspace:
    """Three files of rows, then a part in two editions."""
    for k in range(3):
        rows = [row(f"{k}{j}", day=j) for j in range(4)] + [row("00", f"v{k}", at=10 + k)]
        take(ws, write(tmp_path / f"{k}.json", rows))
    for name, rows in (("2022-02", [row("a"), row("b")]), ("2022-04", [row("b", "new"), row("c")])):
        take(ws, write(tmp_path / f"{name}.json", rows, edition=("2022-01", name), force="there"))
    return ws


def test_reading_gives_the_schema_even_of_nothing(ws: Workspace) -> None:
    assert dict(read_events(ws).schema) == LEDGER_SCHEMA
    assert read_events(ws, columns=["easting"]).columns == ["easting"]
    assert state(ws).is_empty()
    assert latest_snapshot(ws) == 0


def test_filters_keep_what_they_say(held: Workspace) -> None:
    here = read_events(held, force="here")
    assert here.height == 12
    assert sorted(read_events(held, force="there")["offence"]) == ["a", "new"]
    assert read_events(held, before=day(1), force="here").height == 3
    assert read_events(held, groups=["robbery"]).is_empty()
    assert read_events(held, groups=["violence"]).height == read_events(held).height
    assert read_events(held, crs="EPSG:2913").is_empty()


def test_a_cut_in_memory_equals_a_read_at_that_instant(held: Workspace) -> None:
    versions = read_versions(held)
    for as_of in (day(0), day(2), day(10), day(11), day(12), datetime(2022, 4, 30, 23, tzinfo=UTC)):
        read = read_events(held, as_of=as_of)
        cut = standing(versions, as_of).select(read.columns).sort("start", "key_hi", "key_lo")
        assert read.sort("start", "key_hi", "key_lo").equals(cut)


def test_rows_available_after_as_of_change_nothing_read(held: Workspace, tmp_path: Path) -> None:
    before = read_events(held, as_of=day(11))
    take(held, write(tmp_path / "new.json", [row("z", day=1, at=12), row("00", "v9", at=30)]))
    take(held, write(tmp_path / "ed.json", [row("c")], edition=("2022-01", "2022-09"), force="there"))
    assert read_events(held, as_of=day(11)).equals(before)
    assert not read_events(held).equals(before)


def test_a_snapshot_is_pinned(held: Workspace, tmp_path: Path) -> None:
    at, before = latest_snapshot(held), read_events(held)
    take(held, write(tmp_path / "more.json", [row("z")]))
    assert read_events(held, snapshot=at).equals(before)
    assert read_events(held).height == before.height + 1


def test_compaction_changes_files_and_nothing_else(held: Workspace, tmp_path: Path) -> None:
    at, before, all_before = latest_snapshot(held), state(held), read_events(held)
    gone = compact(held, actor=LOCAL_ANALYST, purpose="administration")
    assert gone > 2
    assert state(held).equals(before)
    assert read_events(held).equals(all_before)
    assert read_events(held, snapshot=at).equals(all_before)
    assert compact(held, actor=LOCAL_ANALYST, purpose="administration") == 0
    # What comes after is still compared with what was merged.
    again = take(held, write(tmp_path / "ed.json", [row("c")], edition=("2022-01", "2022-09"), force="there"))
    assert (again.total.duplicate, again.total.retracted) == (1, 1)


def test_replaced_files_stay_an_hour_and_then_an_old_snapshot_says_so(held: Workspace) -> None:
    at, before = latest_snapshot(held), state(held)
    gone = compact(held, actor=LOCAL_ANALYST, purpose="administration")
    assert collect(held) == 0
    assert collect(held, after=timedelta(0)) == gone
    assert state(held).equals(before)
    with pytest.raises(Refused, match="compacted"):
        read_events(held, snapshot=at)


def test_orphans_are_collected_and_held_files_are_not(held: Workspace) -> None:
    before = state(held)
    folder = held.segments / "events" / "tiny" / "here"
    orphans = [folder / "0.parquet", folder / "1.tmp", held.staging / "dead" / "rows.parquet"]
    for orphan in orphans:
        orphan.parent.mkdir(parents=True, exist_ok=True)
        orphan.write_bytes(b"half a file")
    assert state(held).equals(before)
    assert collect(held) == 0
    long_ago = time.time() - 7200
    for orphan in [*orphans, held.staging / "dead"]:
        os.utime(orphan, (long_ago, long_ago))
    assert collect(held) == 3
    assert not any(orphan.exists() for orphan in orphans)
    assert state(held).equals(before)


def test_segments_read_the_same_in_polars(held: Workspace) -> None:
    files = sorted(held.segments.rglob("*.parquet"))
    rows = sum(pl.scan_parquet(file).select(pl.len()).collect().item() for file in files)
    assert rows == state(held).height
