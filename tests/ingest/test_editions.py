"""Editions: the newest speaks for its part; older and equal ones change nothing."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peelian.domain.actor import LOCAL_ANALYST
from peelian.ingest.run import Bins, ingest
from peelian.store import stage
from peelian.store.coverage import coverage
from peelian.store.ledger import latest_snapshot, read_events, state
from peelian.store.workspace import Workspace
from tests.tiny_source import Tiny, row, write
from tests.workspaces import fresh

JANUARY = "2022-01"


def take(ws: Workspace, path: Path) -> Bins:
    return ingest(ws, Tiny(), [path], options={}, actor=LOCAL_ANALYST, purpose="analysis").total


def test_a_newer_edition_asserts_revises_and_retracts(ws: Workspace, tmp_path: Path) -> None:
    first = [row("a"), row("b"), row("c", "old")]
    assert take(ws, write(tmp_path / "1.json", first, edition=(JANUARY, "2022-02"))).accepted == 3
    second = [row("b"), row("c", "new"), row("d")]
    total = take(ws, write(tmp_path / "2.json", second, edition=(JANUARY, "2022-04")))
    assert total == Bins(read=3, accepted=1, duplicate=1, revised=1, retracted=1)
    # What the first edition said stands until the second was there: the first instant of May, in London.
    then = datetime(2022, 4, 30, 23, tzinfo=UTC)
    assert sorted(read_events(ws, as_of=then - timedelta(seconds=1))["offence"]) == ["a", "a", "old"]
    assert sorted(read_events(ws, as_of=then)["offence"]) == ["a", "a", "new"]
    assert read_events(ws, before=datetime(2022, 1, 1, tzinfo=UTC)).is_empty()


def test_an_older_or_equal_edition_changes_nothing(ws: Workspace, tmp_path: Path) -> None:
    take(ws, write(tmp_path / "1.json", [row("a"), row("b")], edition=(JANUARY, "2022-04")))
    before, at = state(ws), latest_snapshot(ws)
    for name, edition in (("older", "2022-02"), ("equal", "2022-04")):
        total = take(
            ws, write(tmp_path / f"{name}.json", [row("a", "other"), row("z")], edition=(JANUARY, edition))
        )
        assert total == Bins(read=2, duplicate=2)
    assert state(ws).equals(before)
    assert latest_snapshot(ws) == at


def test_nothing_is_retracted_by_a_file_with_rows_put_aside(ws: Workspace, tmp_path: Path) -> None:
    take(ws, write(tmp_path / "1.json", [row("a"), row("b")], edition=(JANUARY, "2022-02")))
    bad = write(tmp_path / "2.json", [row("a")], edition=(JANUARY, "2022-03"), rejects=1)
    report = ingest(ws, Tiny(), [bad], options={}, actor=LOCAL_ANALYST, purpose="analysis")
    assert report.total == Bins(read=2, duplicate=1, quarantined=1)
    assert "no held row was retracted" in report.notices[0]
    # The mended file of the same edition completes it: now b is known to be gone, and c to be there.
    total = take(ws, write(tmp_path / "3.json", [row("a"), row("c")], edition=(JANUARY, "2022-03")))
    assert total == Bins(read=2, accepted=1, duplicate=1, retracted=1)


def test_an_id_repeated_in_an_edition_is_two_rows_in_any_order(ws: Workspace, tmp_path: Path) -> None:
    rows = [row("a", "x"), row("a", "y"), row("a", "x")]
    assert take(ws, write(tmp_path / "1.json", rows, edition=(JANUARY, "2022-02"))).accepted == 3
    again = write(tmp_path / "2.json", [rows[1], rows[0], rows[2]], edition=(JANUARY, "2022-03"))
    assert take(ws, again) == Bins(read=3, duplicate=3)


def test_the_same_id_in_two_months_is_two_rows_and_each_month_retracts_its_own(
    ws: Workspace, tmp_path: Path
) -> None:
    take(ws, write(tmp_path / "1.json", [row("a"), row("b")], edition=(JANUARY, "2022-02")))
    moved = write(tmp_path / "2.json", [row("a", day=31)], edition=("2022-02", "2022-03"))
    assert take(ws, moved).accepted == 1
    assert take(ws, write(tmp_path / "3.json", [row("b")], edition=(JANUARY, "2022-03"))).retracted == 1
    assert sorted(read_events(ws)["easting"]) == [0.0, 31.0]


def test_a_row_that_comes_back_stands_again(ws: Workspace, tmp_path: Path) -> None:
    for k, rows in enumerate(([row("a"), row("b")], [row("b")], [row("a"), row("b")])):
        take(ws, write(tmp_path / f"{k}.json", rows, edition=(JANUARY, f"2022-0{k + 2}")))
    assert state(ws)["op"].to_list().count("assert") == 3
    assert read_events(ws).height == 2


def test_a_month_is_covered_from_its_first_edition(ws: Workspace, tmp_path: Path) -> None:
    take(ws, write(tmp_path / "1.json", [row("a")], edition=(JANUARY, "2022-02")))
    rows = [row("a"), row("b", group="robbery")]
    take(ws, write(tmp_path / "2.json", rows, edition=(JANUARY, "2022-09")))
    held = coverage(ws).row(0, named=True)
    assert (str(held["start"]), str(held["end"]), held["rows"]) == ("2022-01-01", "2022-02-01", 2)
    assert held["groups"] == ["robbery", "violence"]
    assert held["available_at"] == datetime(2022, 2, 1, tzinfo=UTC)


ROW = st.builds(row, st.sampled_from(["a", "b", "c", "d", None]), st.sampled_from("xy"))
EDITION = st.tuples(
    st.sampled_from([JANUARY, "2022-02"]), st.integers(2, 9), st.lists(ROW, min_size=1, max_size=6)
)


def recount(history: list[tuple[str, int, list[dict[str, Any]]]]) -> Counter[tuple[str, str | None, str]]:
    """Say which rows stand after a history: those of each part's first-given newest edition."""
    newest: dict[str, tuple[int, list[dict[str, Any]]]] = {}
    for part, edition, rows in history:
        if part not in newest or edition > newest[part][0]:
            newest[part] = edition, rows
    return Counter((part, r["id"], r["words"]) for part, (_, rows) in newest.items() for r in rows)


@pytest.mark.parametrize("hold", [1_000, 2], ids=["in memory", "on disk"])
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=st.lists(EDITION, min_size=1, max_size=5), data=st.data())
def test_what_stands_is_what_a_recount_says(
    history: list[tuple[str, int, list[dict[str, Any]]]],
    data: st.DataObject,
    hold: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("history")
    ws = fresh(folder / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stage.Stage.__init__, "__kwdefaults__", {"hold_rows": hold})
        for k, (part, edition, rows) in enumerate(history):
            path = write(folder / f"{k}.json", rows, edition=(part, f"2022-{edition:02d}"), batch=2)
            assert take(ws, path).balanced
        expected = recount(history)
        standing = read_events(ws, columns=["offence"])
        assert Counter(standing["offence"]) == Counter(words for (_, _, words) in expected.elements())
        before = state(ws)
        for k in data.draw(st.permutations(range(len(history)))):
            part, edition, rows = history[k]
            rows = data.draw(st.permutations(rows))
            take(ws, write(folder / f"again-{k}.json", rows, edition=(part, f"2022-{edition:02d}"), batch=3))
        assert state(ws).equals(before)
    ws.engine.dispose()
