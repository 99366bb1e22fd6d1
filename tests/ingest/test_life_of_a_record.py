"""The life of a record: any history, delivered in any order, stands as a plain recount says."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from peelian.domain.actor import LOCAL_ANALYST
from peelian.ingest.run import Bins, ingest
from peelian.store.compact import compact
from peelian.store.ledger import read_events, read_versions, standing, state
from peelian.store.workspace import Workspace
from tests.tiny_source import FIRST, Tiny, row, write
from tests.workspaces import fresh


def take(ws: Workspace, path: Path) -> Bins:
    return ingest(ws, Tiny(), [path], options={}, actor=LOCAL_ANALYST, purpose="analysis").total


def day(n: float) -> datetime:
    return FIRST + timedelta(days=n)


def words(ws: Workspace, at: float) -> list[str]:
    return sorted(read_events(ws, as_of=day(at))["offence"].to_list())


def test_no_crime_retracts_and_reinstatement_brings_back(ws: Workspace, tmp_path: Path) -> None:
    assert take(ws, write(tmp_path / "1.json", [row("a", "x", at=1), row("b", "x", at=1)])).accepted == 2
    gone = take(ws, write(tmp_path / "2.json", [row("a", "x", at=5, gone=True), row("b", "x", at=1)]))
    assert gone == Bins(read=2, revised=1, duplicate=1, retracted=1)
    back = take(ws, write(tmp_path / "3.json", [row("a", "x", at=9)]))
    assert back == Bins(read=1, accepted=1)
    assert [len(words(ws, n)) for n in (0, 1, 4, 5, 8, 9)] == [0, 2, 2, 1, 1, 2]
    assert state(ws).filter(pl.col("op") == "retract").height == 1


def test_a_retraction_that_comes_before_its_record_waits_for_it(ws: Workspace, tmp_path: Path) -> None:
    assert take(ws, write(tmp_path / "1.json", [row("a", "x", at=5, gone=True)])).accepted == 1
    assert words(ws, 9) == []
    assert standing(read_versions(ws), day(9)).is_empty()
    assert take(ws, write(tmp_path / "2.json", [row("a", "x", at=1)])).balanced
    assert [words(ws, n) for n in (0, 1, 4, 5, 9)] == [[], ["x"], ["x"], [], []]
    assert (
        take(ws, write(tmp_path / "3.json", [row("a", "x", at=1), row("a", at=5, gone=True)])).duplicate == 2
    )


def test_what_only_said_again_that_a_state_stands_is_not_overwritten_by_an_older_row(
    ws: Workspace, tmp_path: Path
) -> None:
    take(ws, write(tmp_path / "1.json", [row("a", "first", at=1)]))
    assert take(ws, write(tmp_path / "3.json", [row("a", "first", at=9)])) == Bins(read=1, duplicate=1)
    assert take(ws, write(tmp_path / "2.json", [row("a", "between", at=5)])) == Bins(read=1, revised=1)
    assert [words(ws, n) for n in (1, 5, 8, 9)] == [["first"], ["between"], ["between"], ["first"]]


def test_without_a_time_of_its_own_a_correction_follows_what_is_held(ws: Workspace, tmp_path: Path) -> None:
    """A correction that moves an offence to an earlier day must not lie before what it corrects."""
    take(ws, write(tmp_path / "1.json", [row("a", "wrong day", day=9, nominal=True)]))
    moved = write(tmp_path / "2.json", [row("a", "right day", day=2, nominal=True)])
    assert take(ws, moved) == Bins(read=1, revised=1)
    assert words(ws, 30) == ["right day"]
    # The older file under another name changes nothing back.
    again = write(tmp_path / "3.json", [row("a", "wrong day", day=9, nominal=True), row("z", nominal=True)])
    assert take(ws, again) == Bins(read=2, accepted=1, duplicate=1)
    assert words(ws, 30) == ["a", "right day"]


Step = tuple[str, int, str | None, int]  # id, instant known, words or None when retracted, day it occurred


def histories(seed: int, keys: int, steps: int) -> list[Step]:
    """Draw what became of each record; no two statements on one record at one instant."""
    rng = random.Random(seed)
    out: list[Step] = []
    for key in range(keys):
        for instant in sorted(rng.sample(range(60), rng.randint(1, steps))):
            said = None if rng.random() < 0.25 else rng.choice("uvwx")
            out.append((f"k{key}", instant, said, rng.randrange(5)))
    return out


def recount(steps: list[Step], at: int) -> list[tuple[str, int]]:
    """Say what stands at an instant, in plain Python: the last statement on each record known by then."""
    last: dict[str, Step] = {}
    for one in steps:
        if one[1] <= at and (one[0] not in last or last[one[0]][1] <= one[1]):
            last[one[0]] = one
    return sorted((said, when) for _, _, said, when in last.values() if said is not None)


def counts(frame: pl.DataFrame) -> list[tuple[str, int]]:
    days = (frame["start"] - FIRST).dt.total_days()
    return sorted(zip(frame["offence"].to_list(), days.to_list(), strict=True))


def deliver(folder: Path, ws: Workspace, steps: list[Step], rng: random.Random, files: int) -> None:
    """Hand the statements over in files, in no order, some twice."""
    some = steps + rng.sample(steps, len(steps) // 5)
    rng.shuffle(some)
    size = -(-len(some) // files)
    for k in range(files):
        rows = [
            row(key, said or "u", day=when, at=instant, gone=said is None)
            for key, instant, said, when in some[k * size : (k + 1) * size]
        ]
        assert take(ws, write(folder / f"{k}.json", rows, batch=700)).balanced


@pytest.mark.parametrize(("seed", "hold"), [(1, None), (2, 400)], ids=["in memory", "on disk"])
def test_ten_thousand_histories_in_any_order_equal_a_recount_at_any_instant(
    seed: int, hold: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from peelian.store import stage

    if hold:
        monkeypatch.setattr(stage.Stage.__init__, "__kwdefaults__", {"hold_rows": hold})
    rng = random.Random(seed)
    steps = histories(seed, 10_000 if hold is None else 1_500, 5)
    ws = fresh(tmp_path / "home")
    deliver(tmp_path, ws, steps, rng, 8)
    instants = [*rng.sample(range(60), 6), 99]
    for at in instants:
        truth = recount(steps, at)
        assert counts(read_events(ws, as_of=day(at))) == truth
        assert counts(standing(read_versions(ws), day(at))) == truth
    compact(ws, actor=LOCAL_ANALYST, purpose="administration")
    assert counts(read_events(ws)) == recount(steps, 99)
    ws.engine.dispose()


def test_the_order_of_delivery_changes_no_reading(tmp_path: Path) -> None:
    steps = histories(5, 400, 4)
    read: list[list[pl.DataFrame]] = []
    for k in range(3):
        ws = fresh(tmp_path / str(k) / "home")
        deliver(tmp_path / str(k), ws, steps, random.Random(k), 5)
        columns = ["key_hi", "key_lo", "offence", "start", "content"]
        read.append([read_events(ws, as_of=day(n), columns=columns) for n in (10, 30, 50, 99)])
        ws.engine.dispose()
    for other in read[1:]:
        assert all(one.equals(two) for one, two in zip(read[0], other, strict=True))
