"""A feed of rows: the same rows again, under any name and in any order, change nothing."""

from __future__ import annotations

import itertools
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peelian.domain.actor import LOCAL_ANALYST
from peelian.ingest.run import Bins, IngestReport, ingest
from peelian.store import stage
from peelian.store.ledger import latest_snapshot, read_events, state
from peelian.store.workspace import Workspace
from tests.tiny_source import FIRST, Tiny, row, write
from tests.workspaces import fresh


def take(ws: Workspace, *paths: Path) -> IngestReport:
    return ingest(ws, Tiny(), list(paths), options={}, actor=LOCAL_ANALYST, purpose="analysis")


def test_every_row_ends_in_one_bin(ws: Workspace, tmp_path: Path) -> None:
    rows = [row("a"), row("b"), row("a"), row("a", "changed"), row(None), row(None), row(None, "other")]
    total = take(ws, write(tmp_path / "one.json", rows, rejects=2)).total
    # b, two equal rows without an id, one other, and the first `a` are new; one `a` repeats, one revises.
    assert total == Bins(read=9, accepted=5, duplicate=1, revised=1, quarantined=2)
    assert total.balanced
    assert read_events(ws).height == 5


def test_an_overlapping_renamed_reordered_file_adds_only_what_is_new(ws: Workspace, tmp_path: Path) -> None:
    rows = [row("a"), row("b"), row(None), row(None), row("a", "changed")]
    take(ws, write(tmp_path / "one.json", rows))
    before, at = state(ws), latest_snapshot(ws)
    again = take(ws, write(tmp_path / "two.json", rows[::-1])).total
    assert again == Bins(read=5, duplicate=5)
    assert state(ws).equals(before)
    assert latest_snapshot(ws) == at
    more = take(ws, write(tmp_path / "three.json", [row("c"), *rows[1:3]])).total
    assert more == Bins(read=3, accepted=1, duplicate=2)


def test_the_same_bytes_keep_their_quarantined_rows(ws: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path / "one.json", [row("a")], rejects=3)
    take(ws, path)
    assert take(ws, path).total == Bins(read=4, duplicate=1, quarantined=3)


def test_a_later_version_stands_from_when_it_was_available(ws: Workspace, tmp_path: Path) -> None:
    take(ws, write(tmp_path / "one.json", [row("a", "old", at=5)]))
    assert take(ws, write(tmp_path / "two.json", [row("a", "new", at=9)])).total.revised == 1
    assert read_events(ws)["offence"].to_list() == ["new"]
    assert read_events(ws, as_of=FIRST + timedelta(days=8))["offence"].to_list() == ["old"]
    assert read_events(ws, as_of=FIRST + timedelta(days=4)).is_empty()
    # Delivered last, known in between: it overwrites nothing, and from day 7 to 9 it is what was known.
    older = take(ws, write(tmp_path / "three.json", [row("a", "older", at=7)])).total
    assert older == Bins(read=1, revised=1)
    words = [read_events(ws, as_of=FIRST + timedelta(days=n))["offence"].to_list() for n in (6, 7, 8, 9, 10)]
    assert words == [["old"], ["older"], ["older"], ["new"], ["new"]]


ROW = st.builds(row, st.sampled_from(["a", "b", "c", None]), st.sampled_from("xyz"), day=st.integers(0, 2))


@pytest.mark.parametrize("hold", [1_000, 2], ids=["in memory", "on disk"])
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(files=st.lists(st.lists(ROW, min_size=1, max_size=8), min_size=1, max_size=4), data=st.data())
def test_any_history_again_in_any_order_changes_nothing(
    files: list[list[dict[str, object]]],
    data: st.DataObject,
    hold: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("history")
    ws = fresh(folder / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stage.Stage.__init__, "__kwdefaults__", {"hold_rows": hold})
        for k, rows in enumerate(files):
            assert take(ws, write(folder / f"{k}.json", rows, batch=2)).total.balanced
        before = state(ws)
        known = {(r["id"], r["words"], r["day"]) for r in itertools.chain(*files)}
        # Each id stands once; equal rows without an id as often as in the file that has most of them.
        with_id = {one for one in known if one[0] is not None}
        without = {one for one in known if one[0] is None}
        most = sum(
            max(sum((r["id"], r["words"], r["day"]) == one for r in rows) for rows in files)
            for one in without
        )
        assert before.filter(before["version"] == 0).height == most + len({one[0] for one in with_id})
        for k in data.draw(st.permutations(range(len(files)))):
            rows = data.draw(st.permutations(files[k]))
            total = take(ws, write(folder / f"again-{k}.json", rows, batch=3)).total
            assert total.accepted == 0
        assert read_events(ws).height == before.filter(before["version"] == 0).height
    ws.engine.dispose()
