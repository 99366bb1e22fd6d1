"""An account of one force writes no row that names another, however the row comes in."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from peelian.domain.errors import Forbidden
from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.store.catalogue import now, reading, transaction
from peelian.store.ledger import read_events
from peelian.store.row_cut import Reader, reading_as
from peelian.store.runs import list_runs
from peelian.store.tables import run, snapshot
from peelian.store.workspace import Workspace
from tests.live.world import CELLS, NOW
from tests.pipeline.live.given import put, rows_at

KENT = Reader(("kent",), ("north",), frozenset({"open-data", "own-records", "simulated"}))


def row(id_: str, **owner: str) -> dict[str, Any]:
    return {
        "id": id_,
        "area": "north",
        "target": "asb",
        "every": "week",
        "created": now(),
        "card": {},
        **owner,
    }


@pytest.mark.parametrize(
    "owner", [{"force": "essex"}, {"force": "several"}, {"force": "kent", "area": "south"}]
)
@pytest.mark.parametrize("how", ["values", "many", "lists", "params"])
def test_a_row_of_another_force_or_area_is_refused(ws: Workspace, owner: dict[str, str], how: str) -> None:
    with reading_as(KENT), pytest.raises(Forbidden, match="does not act for"):
        write(ws, how, row("mine", force="kent"), row("theirs", **owner))
    assert list_runs(ws) == []  # nor what stood beside it


def write(ws: Workspace, how: str, mine: dict[str, Any], theirs: dict[str, Any]) -> None:
    with transaction(ws) as conn:
        match how:
            case "values":
                conn.execute(insert(run).values(theirs))
            case "many":
                conn.execute(insert(run), [mine, theirs])
            case "lists":
                conn.execute(insert(run).values([mine, theirs]))
            case "params":
                conn.execute(insert(run).values(id=theirs.pop("id")), theirs)


def test_its_own_is_kept_and_so_is_what_names_no_force(ws: Workspace) -> None:
    with reading_as(KENT), transaction(ws) as conn:
        conn.execute(insert(run), [row("mine", force="kent")])
        conn.execute(insert(run).values(row("of the workspace", force="")))
        conn.execute(insert(snapshot).values(at=now(), actor="x", what="a table of everyone's"))
    with reading_as(Reader(("*",), ("*",))), transaction(ws) as conn:
        conn.execute(insert(run).values(row("by one of every force", force="essex")))
    with reading(ws) as conn:
        assert len(conn.execute(select(run.c.id)).all()) == 3


def test_a_file_of_another_force_adds_nothing_to_its_ledger(ws: Workspace, tmp_path: Path) -> None:
    x, y = GRID.centre(CELLS[:1])
    put(ws, tmp_path / "theirs.csv", rows_at([NOW - timedelta(minutes=5)], x, y, first=1), "essex")
    rows = rows_at([NOW - timedelta(minutes=9)], x, y, first=100)
    with reading_as(KENT), pytest.raises(Forbidden):
        put(ws, tmp_path / "mine.csv", rows, "essex")
    assert read_events(ws).height == 1
    with reading_as(KENT):
        put(ws, tmp_path / "mine.csv", rows, "kent")
    assert sorted(read_events(ws)["force"]) == ["essex", "kent"]
