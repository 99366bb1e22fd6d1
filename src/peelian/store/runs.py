"""Forecast runs: the card in the catalogue, the arrays in the run's folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from peelian.domain.errors import NotFound
from peelian.store.catalogue import now, reading, transaction
from peelian.store.row_cut import shut_too
from peelian.store.stopped import check_running, say_if_stopped, stopped_too
from peelian.store.tables import run
from peelian.store.workspace import Workspace


@dataclass(frozen=True)
class RunRow:
    """One run."""

    run_id: str
    area: str
    target: str
    every: str
    created: datetime
    card: dict[str, Any]
    folder: Path
    force: str = ""


def add_run(where: Workspace | Connection, run_id: str, card: dict[str, Any], *, force: str = "") -> None:
    """Record a run whose folder is already complete; replaces the card of a run with the same id.

    The card needs `area` (its `code`), `target`, `every`; see the run folder's `run.json`.
    """
    if isinstance(where, Workspace):
        with transaction(where) as conn:
            return add_run(conn, run_id, card, force=force)
    area = card.get("area", "")
    with shut_too():
        where.execute(delete(run).where(run.c.id == run_id))
    where.execute(
        insert(run).values(
            id=run_id, area=str(area.get("code", "") if isinstance(area, dict) else area),
            target=str(card.get("target", "")), every=str(card.get("every", "")), created=now(), card=card,
            force=force,
        )
    )  # fmt: skip
    return None


def list_runs(
    ws: Workspace, area: str | None = None, target: str | None = None, *, last: int = 100
) -> list[RunRow]:
    """List runs, newest first."""
    query = select(run).order_by(run.c.created.desc(), run.c.id.desc()).limit(last)
    for column, value in ((run.c.area, area), (run.c.target, target)):
        if value is not None:
            query = query.where(column == value)
    with reading(ws) as conn:
        return [_run(ws, row) for row in conn.execute(query)]


def run_ids(conn: Connection) -> set[str]:
    """Give the id of every run, of stopped areas too: a backup keeps them."""
    with stopped_too():
        return set(conn.execute(select(run.c.id)).scalars())


def latest_run(ws: Workspace, area: str | None = None, target: str | None = None) -> RunRow | None:
    """Give the newest run, if there is one.

    Raises:
        Refused: the area asked for is stopped.
    """
    found = list_runs(ws, area, target, last=1)
    if not found and area is not None:
        with reading(ws) as conn:
            check_running(conn, area)
    return found[0] if found else None


def stopped_runs(ws: Workspace) -> list[RunRow]:
    """List the newest runs, stopped ones too: to say why they are not served, never to serve them."""
    with stopped_too():
        return list_runs(ws)


def get_run(ws: Workspace, run_id: str) -> RunRow:
    """Give one run.

    Raises:
        NotFound: for an unknown id.
        Refused: its area is stopped.
    """
    with reading(ws) as conn:
        row = conn.execute(select(run).where(run.c.id == run_id)).one_or_none()
        if row is None:
            say_if_stopped(conn, run, run_id)
    if row is None:
        raise NotFound("no such run", do="see `peelian forecast`, or ask for runs/latest")
    return _run(ws, row)


def _run(ws: Workspace, row: Row[Any]) -> RunRow:
    return RunRow(row.id, row.area, row.target, row.every, row.created, row.card, ws.runs / row.id, row.force)
