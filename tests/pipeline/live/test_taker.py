"""The taker: each batch in the ledger once, in any order the same, and listeners told what was undone."""

from __future__ import annotations

import itertools
import tempfile
from datetime import UTC, timedelta
from pathlib import Path
from unittest.mock import patch

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from peelian.domain.errors import Refused
from peelian.domain.live import Taken
from peelian.pipeline.live import together
from peelian.pipeline.live.taker import Taker
from peelian.pipeline.live.tending import Tending
from peelian.store.changes import changes_between
from peelian.store.coverage import coverage
from peelian.store.inbox import backlog, forget_keys, mark_taken, position_done, waiting
from peelian.store.ledger import read_events, read_versions, state
from peelian.store.segments import standing_segments
from peelian.store.tables import ingest_file, quarantine
from peelian.store.workspace import Workspace
from tests.pipeline.live.doors import BASE, FEED, Row, lines, made, row
from tests.workspaces import database, fresh, ws

__all__ = ["database", "ws"]
_COUNT = itertools.count()
_SEEN = ["key_hi", "key_lo", "offence", "start", "easting", "content"]


def test_listeners_are_told_what_came_and_what_was_undone(ws: Workspace) -> None:
    ctx, door, _ = made(ws)
    told: list[Taken] = []
    taker = Taker(ctx, [told.append])
    door.put(FEED, "k1", lines([row("A", known=1), row("B", known=1)]))
    taker.drain()
    door.put(FEED, "k2", lines([row("A", known=2, code="OTHER"), row("B", known=2, result="CANCELLED")]))
    taker.drain()
    door.put(FEED, "k3", lines([row("A", known=2, code="OTHER")]))
    taker.drain()
    assert [(one.rows.height, one.undone.height) for one in told] == [(2, 0), (2, 2), (0, 0)]
    assert sorted(told[1].rows["op"].to_list()) == ["retract", "revise"]
    assert told[1].undone["group"].to_list() == ["asb", "asb"]
    assert [one.position for one in told] == sorted(one.position for one in told)
    assert told[-1].position == position_done(ws)
    for one in told[:2]:  # and it is what the ledger says of the two snapshots
        whole = changes_between(ws, one.snapshot - 1, one.snapshot)
        for mine, theirs in zip((one.rows, one.undone), whole, strict=True):
            assert mine.sort("key_hi").equals(theirs.sort("key_hi"))
    door.stop()


def test_a_batch_that_another_process_took_is_no_batch_that_cannot_be_taken(ws: Workspace) -> None:
    """A listener that steps in may meet the server's own taker at the same batches."""
    ctx, door, _ = made(ws)
    for name in "AB":
        door.put(FEED, name, lines([row(name)]))
    late = Taker(ctx)
    seen = waiting(ws, 100)
    assert Taker(ctx).drain() == 2
    assert [late._take(group) for group in late._groups(seen)] == [0]
    assert late._bad == set()
    assert read_versions(ws).height == 2
    door.stop()


Event = tuple[int, int, int, bool]  # record, hour known, what it says, cancelled
EVENTS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(1, 6), st.integers(0, 2), st.booleans()),
    min_size=2, max_size=9, unique_by=lambda one: one[:2],
)  # fmt: skip


def _row(event: Event) -> Row:
    record, known, says, cancelled = event
    result = "CANCELLED" if cancelled else "NFA"
    return row(f"R{record}", at=says, known=known, code=("ASB-N", "ASB-P", "OTHER")[says], result=result)


def _stands(events: list[Event], at: int) -> list[tuple[str, int]]:
    """Say what stands, in plain Python: each record's last statement known by then, unless it cancelled."""
    last: dict[int, Event] = {}
    for one in events:
        if one[1] <= at and (one[0] not in last or last[one[0]][1] < one[1]):
            last[one[0]] = one
    return sorted((("ASB-N", "ASB-P", "OTHER")[one[2]], one[2]) for one in last.values() if not one[3])


@settings(max_examples=12, deadline=None)
@given(EVENTS, st.data())
def test_any_order_of_arrival_ends_in_the_same_ledger(events: list[Event], data: st.DataObject) -> None:
    order = data.draw(st.permutations(events))
    sizes = data.draw(st.lists(st.integers(1, 4), min_size=9, max_size=9))
    pauses = data.draw(st.lists(st.booleans(), min_size=9, max_size=9))
    with tempfile.TemporaryDirectory() as folder:
        ctx, door, _ = made(fresh(Path(folder) / "home"))
        state_now: dict[tuple[int, int], str] = {}

        def listen(taken: Taken) -> None:
            for one in taken.undone.iter_rows(named=True):
                assert state_now.pop((one["key_hi"], one["key_lo"])) == one["offence"]
            for one in taken.rows.filter(pl.col("op") != "retract").iter_rows(named=True):
                assert (one["key_hi"], one["key_lo"]) not in state_now
                state_now[one["key_hi"], one["key_lo"]] = one["offence"]

        taker = Taker(ctx, [listen])
        left, k = list(order), 0
        while left:
            door.put(FEED, f"k{k}", lines(_row(one) for one in left[: sizes[k % 9]]))
            del left[: sizes[k % 9]]
            if pauses[k % 9]:
                taker.drain()
            k += 1
        taker.drain()
        for at in (1, 2, 3, 4, 5, 6):
            when = (BASE + timedelta(hours=at)).replace(tzinfo=UTC)
            read = read_events(ctx.ws, as_of=when)
            minutes = (read["start"] - BASE.replace(tzinfo=UTC)).dt.total_minutes()
            assert sorted(zip(read["offence"], minutes, strict=True)) == _stands(events, at)
        assert sorted(state_now.values()) == [said for said, _ in _stands(events, 6)]
        door.stop()
        ctx.ws.engine.dispose()


def test_a_batch_is_marked_in_the_ledgers_own_transaction(ws: Workspace) -> None:
    """What fails after the rows were written leaves neither rows nor mark; the next taking brings both."""
    ctx, door, _ = made(ws)
    door.put(FEED, "k1", lines([row("A"), row("B")]))
    taker = Taker(ctx)
    with (
        patch.object(together, "record_file", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        taker.drain()
    assert state(ws).is_empty()
    assert backlog(ws)[0] == 1
    assert taker.drain() == 1
    assert state(ws).height == 2
    assert coverage(ws)["rows"].sum() == 2
    with pytest.raises(Refused), ws.engine.begin() as conn:
        mark_taken(conn, [position_done(ws)], 1)  # another taker comes too late
    door.stop()


def test_one_batch_that_cannot_be_taken_holds_up_no_other(tmp_path: Path) -> None:
    ctx, door, _ = made(fresh(tmp_path / "home"))
    for k in range(4):
        door.put(FEED, f"k{k}", lines([row(f"N{k}")]))
    real, taker = together.mark_taken, Taker(ctx)

    def second_fails(conn: object, positions: list[int], snapshot: int) -> None:
        if 2 in positions:
            raise ValueError("damaged")
        real(conn, positions, snapshot)  # type: ignore[arg-type]

    with patch.object(together, "mark_taken", second_fails):
        taker.drain()
    assert state(ctx.ws).height == 3
    assert (backlog(ctx.ws)[0], position_done(ctx.ws)) == (1, 1)
    assert Taker(ctx).drain() == 1  # after a restart, when the fault is mended
    assert state(ctx.ws).height == 4
    door.stop()


def test_what_is_put_aside_keeps_its_row_when_batches_are_taken_as_one(tmp_path: Path) -> None:
    ctx, door, _ = made(fresh(tmp_path / "home"))
    door.put(FEED, "k1", lines([row("A"), row("B") | {"Opened": "no time"}]))
    door.put(FEED, "k2", lines([row("C") | {"Opened": "no time"}, row("D"), row("E")]))
    door.put(FEED, "k3", lines([row("F")]))
    Taker(ctx).drain()
    assert read_versions(ctx.ws).height == 4
    with ctx.ws.engine.connect() as conn:
        aside = conn.execute(select(quarantine.c.row).order_by(quarantine.c.row)).scalars().all()
        assert conn.execute(select(func.count()).select_from(ingest_file)).scalar_one() == 1
    assert aside == [2, 3]
    door.stop()


def test_small_files_are_merged_and_old_answers_forgotten(tmp_path: Path) -> None:
    ctx, door, _ = made(fresh(tmp_path / "home"))
    taker = Taker(ctx)
    with patch("peelian.pipeline.live.tending._EVERY", (4, 100)):
        for k in range(12):
            door.put(FEED, f"k{k}", lines([row(f"N{k}")]))
            taker.drain()
    with ctx.ws.engine.connect() as conn:
        assert len(standing_segments(conn, "events")) <= 4
    assert read_events(ctx.ws).height == 12
    assert isinstance(taker._tending, Tending)
    newest = door.put(FEED, "k11", lines([row("N11")])).position
    assert forget_keys(ctx.ws, after=timedelta(0)) == 11
    assert door.put(FEED, "k99", lines([row("N99")])).position > newest
    door.stop()


def test_a_late_row_says_nothing_of_the_days_since(tmp_path: Path) -> None:
    ctx, door, _ = made(fresh(tmp_path / "home"))
    day = 24 * 60
    door.put(FEED, "k", lines([row("A"), row("B", at=9 * day, known=220), row("C", at=10 * day, known=260)]))
    Taker(ctx).drain()
    spans = coverage(ctx.ws).select("start", "end").rows()
    assert [(str(start), str(end)) for start, end in spans] == [
        ("2024-02-10", "2024-02-11"), ("2024-02-11", "2024-02-12"),
    ]  # fmt: skip
    assert read_versions(ctx.ws).height == 3
    door.stop()
