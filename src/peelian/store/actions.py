"""Actions of problems: what an agency is to do by a day, after a decision, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from peelian.domain.actor import Actor, AuditEntry, Purpose
from peelian.domain.errors import NotFound, Refused
from peelian.domain.problem import NewAction
from peelian.store import audit
from peelian.store.catalogue import reading
from peelian.store.decision_tables import action, problem
from peelian.store.decisions import must_be_decided
from peelian.store.problems import touch_problem
from peelian.store.workspace import Workspace


@dataclass(frozen=True)
class HeldAction:
    """One action: of which problem, by which decision, who owes it by when; `done` and how it ended."""

    id: int
    problem: int
    decision: int
    what: str
    agency: str
    due: date
    done: date | None
    outcome: str


def add_action(
    conn: Connection, actor: Actor, purpose: Purpose, problem_id: int, new: NewAction
) -> HeldAction:
    """Add an action to a problem. It follows from a decision about the problem, or one taken within it.

    Raises:
        NotFound: there is no such problem or decision.
        Refused: the problem is closed, or the decision does not stand for it.
    """
    held = touch_problem(conn, problem_id)
    must_be_decided(conn, "problem", str(problem_id), new.decision)
    row = vars(new) | {"problem": problem_id, "force": held.force, "area": held.problem.area}
    key = conn.execute(insert(action).values(row)).inserted_primary_key
    assert key is not None
    said = f"problem {problem_id}: action {key[0]} for {new.agency}, by decision {new.decision}"
    audit.append(conn, actor, purpose, AuditEntry("collection", said, held.problem.area, str(new.due)))
    return get_action(conn, int(key[0]))


def finish_action(
    conn: Connection, actor: Actor, purpose: Purpose, id_: int, done: date, outcome: str
) -> HeldAction:
    """Say that an action is over and how it ended; not done is an end too.

    Raises:
        NotFound: there is none of that id.
        Refused: it is over already, or its problem is closed.
    """
    held = get_action(conn, id_)
    area = touch_problem(conn, held.problem).problem.area
    mine = (action.c.id == id_) & action.c.done.is_(None)
    if not conn.execute(update(action).where(mine).values(done=done, outcome=outcome)).rowcount:
        raise Refused("the action is over already")
    said = f"problem {held.problem}: action {id_} ended"
    audit.append(conn, actor, purpose, AuditEntry("alteration", said, area))
    return get_action(conn, id_)


def get_action(where: Workspace | Connection, id_: int) -> HeldAction:
    """Give one action.

    Raises:
        NotFound: there is none of that id.
    """
    if isinstance(where, Workspace):
        with reading(where) as conn:
            return get_action(conn, id_)
    row = where.execute(select(action).where(action.c.id == id_)).one_or_none()
    if row is None:
        raise NotFound("there is no such action here", expected="a number that the problem's page shows")
    return _held(row)


def list_actions(
    where: Workspace | Connection, *, problem_id: int | None = None, area: str | None = None,
    agency: str | None = None, waiting: bool = False,
) -> list[HeldAction]:  # fmt: skip
    """List actions by the day they are due: of one problem or area or agency, or only those not over."""
    if isinstance(where, Workspace):
        with reading(where) as conn:
            return list_actions(conn, problem_id=problem_id, area=area, agency=agency, waiting=waiting)
    query = select(action).order_by(action.c.due, action.c.id)
    if problem_id is not None:
        query = query.where(action.c.problem == problem_id)
    if area is not None:
        query = query.where(action.c.problem.in_(select(problem.c.id).where(problem.c.area == area)))
    if agency is not None:
        query = query.where(action.c.agency == agency)
    if waiting:
        query = query.where(action.c.done.is_(None))
    return [_held(row) for row in where.execute(query)]


def _held(row: Row[Any]) -> HeldAction:
    return HeldAction(
        row.id, row.problem, row.decision, row.what, row.agency, row.due, row.done, row.outcome or ""
    )  # fmt: skip
