"""Plans as made: the card in the catalogue, the visits in a Parquet file of the plan's folder."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, Literal

import polars as pl
from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from peelian.domain.actor import Actor, AuditEntry, Purpose
from peelian.domain.errors import NotFound, Refused
from peelian.store import audit
from peelian.store.catalogue import now, reading, transaction
from peelian.store.decision_tables import plan
from peelian.store.owning import of_run
from peelian.store.stopped import say_if_stopped
from peelian.store.workspace import Workspace

PlanState = Literal["draft", "decided", "refused"]
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")


@dataclass(frozen=True)
class HeldPlan:
    """A plan: of which run, for which days [start, end), and whether it was decided on.

    `card` is JSON: rules, gap, rivals, places with their options, what is left uncovered.
    """

    id: str
    area: str
    target: str
    run: str
    start: date
    end: date
    card: dict[str, Any]
    created: datetime
    state: PlanState = "draft"
    force: str = ""


def keep_plan(
    ws: Workspace, actor: Actor, purpose: Purpose, made: HeldPlan, visits: pl.DataFrame,
    outlines: pl.DataFrame | None = None,
) -> HeldPlan:  # fmt: skip
    """Keep a new plan with its visits, as a draft; its `created` and `state` are set here.

    `outlines` has place and outline (GeoJSON geometry, WGS84) of each place visited.

    The folder is written before the row is committed: a plan in the catalogue always has its visits.

    Raises:
        Refused: a plan of that id is held.
        Forbidden: its area lies outside what the present reader reaches.
    """
    folder = _folder(ws, made.id)
    with transaction(ws) as conn:
        held = add_plan(conn, actor, purpose, made)  # first: whose row stands owns the folder
        shutil.rmtree(folder, ignore_errors=True)  # left by a plan that was never recorded
        folder.mkdir(parents=True)
        visits.write_parquet(folder / "visits.parquet")
        if outlines is not None:
            outlines.write_parquet(folder / "outlines.parquet")
    return held


def add_plan(conn: Connection, actor: Actor, purpose: Purpose, made: HeldPlan) -> HeldPlan:
    """Record a plan as a draft, with its audit row; the caller has written its folder (see `keep_plan`).

    Raises:
        Refused: a plan of that id is held, if need be by a force that the present reader does not see.
        Forbidden: its area lies outside what the present reader reaches.
    """
    _must_be_free(conn, made.id)
    owned = of_run(conn, made.run, made.area)
    row = vars(made) | owned.columns | {"created": now(), "state": "draft"}
    try:
        conn.execute(insert(plan).values(row))
    except IntegrityError:
        raise _taken() from None
    entry = AuditEntry("combination", f"plan {made.id} made: a draft", made.area, f"{made.start}/{made.end}")
    audit.append(conn, actor, purpose, entry)
    return get_plan(conn, made.id)


def get_plan(where: Workspace | Connection, plan_id: str) -> HeldPlan:
    """Give one plan.

    Raises:
        NotFound: there is none of that id.
        Refused: its area is stopped.
    """
    if isinstance(where, Workspace):
        with reading(where) as conn:
            return get_plan(conn, plan_id)
    row = where.execute(select(plan).where(plan.c.id == plan_id)).one_or_none()
    if row is None:
        say_if_stopped(where, plan, plan_id)
        raise NotFound("there is no such plan here", expected="an id that /plans shows")
    return _held(row)


def list_plans(
    where: Workspace | Connection, *, area: str | None = None, target: str | None = None,
    state: PlanState | None = None, last: int = 100,
) -> list[HeldPlan]:  # fmt: skip
    """List plans, the newest first; what is None is not asked for."""
    if isinstance(where, Workspace):
        with reading(where) as conn:
            return list_plans(conn, area=area, target=target, state=state, last=last)
    query = select(plan).order_by(plan.c.created.desc(), plan.c.id.desc()).limit(last)
    for column, value in ((plan.c.area, area), (plan.c.target, target), (plan.c.state, state)):
        if value is not None:
            query = query.where(column == value)
    return [_held(row) for row in where.execute(query)]


def set_plan_state(conn: Connection, plan_id: str, state: PlanState) -> None:
    """Say what was decided about a plan, inside the transaction of the decision (which is audited).

    Raises:
        NotFound: there is none of that id.
    """
    if not conn.execute(update(plan).where(plan.c.id == plan_id).values(state=state)).rowcount:
        get_plan(conn, plan_id)


def read_visits(ws: Workspace, plan_id: str) -> pl.DataFrame:
    """Give a plan's visits, as they were kept.

    Raises:
        NotFound: its folder is gone.
    """
    path = _folder(ws, plan_id) / "visits.parquet"
    if not path.is_file():
        raise NotFound("the visits of this plan are not here", do="make the plan again")
    return pl.read_parquet(path)


def read_outlines(ws: Workspace, plan_id: str) -> dict[str, str]:
    """Give the outline of each place of a plan (GeoJSON geometry, WGS84); none where none were kept."""
    path = _folder(ws, plan_id) / "outlines.parquet"
    return dict(pl.read_parquet(path).select("place", "outline").iter_rows()) if path.is_file() else {}


def _folder(ws: Workspace, plan_id: str) -> Path:
    if not _ID.fullmatch(plan_id):  # an id is a folder's name: nothing that could leave the folder
        raise NotFound("there is no such plan here", expected="letters, digits, - and _ only")
    return ws.home / "plans" / plan_id


def _must_be_free(conn: Connection, plan_id: str) -> None:
    if conn.execute(select(plan.c.id).where(plan.c.id == plan_id)).first():
        raise _taken()


def _taken() -> Refused:
    return Refused("a plan of this id is held already", do="give the new plan an id of its own")


def _held(row: Row[Any]) -> HeldPlan:
    return HeldPlan(
        row.id, row.area, row.target, row.run, row.start, row.end, row.card, row.created, row.state, row.force
    )  # fmt: skip
