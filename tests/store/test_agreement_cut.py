"""A run whose agreement is shut to the reader is in no list, nor is a plan or warning made under it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.errors import NotFound
from peelian.domain.warning_delivery import Delivery, Recipient
from peelian.store.catalogue import reading, transaction
from peelian.store.outbox import list_messages
from peelian.store.plans import get_plan, list_plans
from peelian.store.row_cut import Reader, reading_as, shut_too
from peelian.store.runs import add_run, get_run, latest_run, list_runs
from peelian.store.tables import run
from peelian.store.warning_life import steps_of
from peelian.store.warning_records import list_warnings
from peelian.store.warning_settings import write_delivery
from peelian.store.warnings import Watched, keep_warnings
from peelian.store.workspace import Workspace
from tests.store.test_plans import keep, made
from tests.warnings_made import made as made_warning

AREA = "north"
GROUNDS: dict[str, dict[str, Any]] = {
    "open": {"agreements": ["open-data"]}, "both": {"agreements": ["open-data", "isa"]},
    "isa": {"agreements": ["isa"]}, "none": {"agreements": []}, "old": {}, "odd": {"agreements": None},
}  # fmt: skip
"""Cards by what they rest on; `old` and `odd` are of before runs named it."""
READABLE = {"open", "none", "old", "odd"}
OPEN_ONLY = Reader(("*",), ("*",), frozenset({"open-data"}))


@pytest.fixture
def held(ws: Workspace) -> Workspace:
    write_delivery(ws, Delivery(recipients=(Recipient("desk", "desk", "webhook", "https://a.example/in"),)))
    for name, ground in GROUNDS.items():
        card = {"area": {"code": AREA, "name": AREA}, "target": "asb", "every": "week", **ground}
        add_run(ws, f"r-{name}", card)
        keep(ws, made(f"p-{name}", area=AREA, run=f"r-{name}"))
        one = made_warning(
            f"w-{name}", area=AREA, places=(name,), agreements=tuple(ground.get("agreements") or ())
        )
        keep_warnings(
            ws, LOCAL_ANALYST, "prevention", [one], watched=[Watched(AREA, "asb", date(2026, 10, 19), 1)]
        )
    return ws


def test_nothing_that_rests_on_a_shut_agreement_is_listed(held: Workspace) -> None:
    with reading_as(OPEN_ONLY):
        assert {one.run_id for one in list_runs(held)} == {f"r-{name}" for name in READABLE}
        assert {one.id for one in list_plans(held)} == {f"p-{name}" for name in READABLE}
        assert {one.id for one in list_warnings(held).rows} == {f"w-{name}" for name in READABLE}
        assert list_warnings(held).total == len(READABLE)
        assert {one.warning for one in list_messages(held)} == {f"w-{name}" for name in READABLE}
        assert [len(steps_of(held, f"w-{name}")) for name in ("open", "isa")] == [1, 0]
    assert len(list_runs(held)) == len(list_plans(held)) == len(GROUNDS)


def test_the_newest_is_the_newest_that_may_be_read(held: Workspace) -> None:
    card = {"area": {"code": AREA}, "target": "asb", "every": "week", "agreements": ["isa"]}
    add_run(held, "r-newest", card)
    with reading_as(OPEN_ONLY):
        newest = latest_run(held, AREA)
        assert newest is not None
        assert newest.run_id == "r-odd"
        assert len(list_runs(held, last=2)) == 2  # those left out do not count


def test_one_by_its_id_is_as_if_it_were_not_there(held: Workspace) -> None:
    with reading_as(OPEN_ONLY):
        for ask, id_ in ((get_run, "r-isa"), (get_plan, "p-isa")):
            with pytest.raises(NotFound) as shut:
                ask(held, id_)
            with pytest.raises(NotFound) as unknown:
                ask(held, "never-there")
            assert shut.value.what == unknown.value.what
        with shut_too():
            assert get_run(held, "r-isa").area == AREA
    with reading_as(Reader(("*",), ("*",), frozenset({"open-data", "isa"}))):
        assert get_run(held, "r-both").area == AREA


def test_a_change_reaches_no_row_that_may_not_be_read(held: Workspace) -> None:
    with reading_as(OPEN_ONLY), transaction(held) as conn:
        conn.execute(update(run).where(run.c.area == AREA).values(target="changed"))
    with reading(held) as conn:
        changed = set(conn.execute(select(run.c.id).where(run.c.target == "changed")).scalars())
    assert changed == {f"r-{name}" for name in READABLE}


def test_a_reader_of_no_agreement_gets_what_rests_on_none(held: Workspace) -> None:
    with reading_as(Reader(("*",), ("*",))):
        assert {one.run_id for one in list_runs(held)} == {"r-none", "r-old", "r-odd"}
