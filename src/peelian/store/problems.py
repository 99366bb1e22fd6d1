"""Problems that partners work on: opened, written part by part, closed with an assessment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, func, insert, select, update

from peelian.domain.actor import Actor, AuditEntry, Purpose
from peelian.domain.errors import NotFound, Refused
from peelian.domain.problem import PARTS, Part, Problem
from peelian.store import audit
from peelian.store.catalogue import now, reading
from peelian.store.decision_tables import action, problem
from peelian.store.owning import of_area, of_row
from peelian.store.warning_records import get_warning
from peelian.store.warning_tables import warning
from peelian.store.workspace import Workspace

ProblemState = Literal["open", "closed"]


@dataclass(frozen=True)
class HeldProblem:
    """A problem as held; `version` goes up with every change of it."""

    id: int
    problem: Problem
    state: ProblemState
    opened: datetime
    closed: datetime | None
    closed_why: str
    version: int
    force: str

    @property
    def stage(self) -> str:
        """The first part that is not written yet, or `closed`."""
        if self.state == "closed":
            return "closed"
        return next((one for one in PARTS if not self.problem.parts.get(one)), "to be closed")


def open_problem(conn: Connection, actor: Actor, purpose: Purpose, new: Problem) -> HeldProblem:
    """Open a problem.

    Raises:
        NotFound: a warning it joins is not held.
        Refused: a warning it joins is of another area.
        Forbidden: the area lies outside what the present reader reaches.
    """
    owned = of_row(conn, warning, new.warnings[0], new.area) if new.warnings else of_area(conn, new.area)
    for one in new.warnings:
        if get_warning(conn, one).area != new.area:
            raise Refused(
                "a warning of another area cannot join this problem", expected="warnings of its area"
            )
    row = {
        "title": new.title, "target": new.target, "state": "open", "owner_agency": new.owner_agency,
        "card": _card(new), "opened": now(), "version": 0, **owned.columns,
    }  # fmt: skip
    key = conn.execute(insert(problem).values(row)).inserted_primary_key
    assert key is not None
    audit.append(conn, actor, purpose, AuditEntry("collection", f"problem {key[0]} opened", new.area))
    return get_problem(conn, int(key[0]))


def write_part(
    conn: Connection, actor: Actor, purpose: Purpose, id_: int, part: Part, text: str, *,
    version: int | None = None,
) -> HeldProblem:  # fmt: skip
    """Write one part of a problem's record; `version` is the one that was looked at.

    Raises:
        NotFound: there is none of that id.
        Refused: it is closed, or has changed since.
    """
    held = _to_change(conn, id_, version)
    parts = {**held.problem.parts, part: text}
    card = _card(held.problem) | {"parts": parts}
    _change(conn, actor, purpose, held, f"problem {id_}: {part} written", card=card)
    return get_problem(conn, id_)


def close_problem(
    conn: Connection, actor: Actor, purpose: Purpose, id_: int, why: str, *, version: int | None = None
) -> HeldProblem:
    """Close a problem; it stays closed.

    Raises:
        NotFound: there is none of that id.
        Refused: it is closed already, has changed, has no assessment, or an action of it is not done.
    """
    held = _to_change(conn, id_, version)
    if not held.problem.parts.get("assessment"):
        raise Refused(
            "the problem has no assessment", do="write the assessment, then close it",
            expected="what changed and how sure that is; nothing changed is one",
        )  # fmt: skip
    waiting = action.c.done.is_(None) & (action.c.problem == id_)
    many = conn.execute(select(func.count()).select_from(action).where(waiting)).scalar() or 0
    if many:
        raise Refused(f"{many} of its actions are not done", do="say how each ended, then close the problem")
    card = _card(held.problem) | {"closed_why": why}
    _change(conn, actor, purpose, held, f"problem {id_} closed", card=card, state="closed", closed=now())
    return get_problem(conn, id_)


def touch_problem(conn: Connection, id_: int) -> HeldProblem:
    """Give an open problem and move its version on: something that belongs to it changed.

    Raises:
        NotFound: there is none of that id.
        Refused: it is closed.
    """
    held = _to_change(conn, id_, None)
    conn.execute(update(problem).where(problem.c.id == id_).values(version=held.version + 1))
    return held


def get_problem(where: Workspace | Connection, id_: int) -> HeldProblem:
    """Give one problem.

    Raises:
        NotFound: there is none of that id.
    """
    if isinstance(where, Workspace):
        with reading(where) as conn:
            return get_problem(conn, id_)
    row = where.execute(select(problem).where(problem.c.id == id_)).one_or_none()
    if row is None:
        raise NotFound("there is no such problem here", expected="a number that `peelian problem list` shows")
    return _held(row)


def list_problems(
    where: Workspace | Connection, *, area: str | None = None, state: ProblemState | None = None,
    last: int = 200,
) -> list[HeldProblem]:  # fmt: skip
    """List problems: open ones first, then the newest."""
    if isinstance(where, Workspace):
        with reading(where) as conn:
            return list_problems(conn, area=area, state=state, last=last)
    query = select(problem).order_by(problem.c.state.desc(), problem.c.id.desc()).limit(last)
    for column, value in ((problem.c.area, area), (problem.c.state, state)):
        if value is not None:
            query = query.where(column == value)
    return [_held(row) for row in where.execute(query)]


def _to_change(conn: Connection, id_: int, version: int | None) -> HeldProblem:
    held = get_problem(conn, id_)
    if held.state == "closed":
        raise Refused("the problem is closed", do="open a new one: what comes back is a new problem")
    if version is not None and version != held.version:
        raise _changed()
    return held


def _change(
    conn: Connection, actor: Actor, purpose: Purpose, held: HeldProblem, said: str, **values: Any
) -> None:
    mine = (problem.c.id == held.id) & (problem.c.version == held.version)
    if not conn.execute(update(problem).where(mine).values(**values, version=held.version + 1)).rowcount:
        raise _changed()
    audit.append(conn, actor, purpose, AuditEntry("alteration", said, held.problem.area))


def _changed() -> Refused:
    return Refused(
        "the problem has changed since you looked at it", do="look at it again, then write what still holds"
    )


def _card(one: Problem) -> dict[str, Any]:
    return {
        "area_kind": one.area_kind, "places": list(one.places), "names": list(one.names),
        "warnings": list(one.warnings), "parts": dict(one.parts),
    }  # fmt: skip


def _held(row: Row[Any]) -> HeldProblem:
    card = row.card
    one = Problem(
        row.title, row.area, row.target, row.owner_agency, card["area_kind"], tuple(card["places"]),
        tuple(card["names"]), tuple(card["warnings"]), card["parts"],
    )  # fmt: skip
    why = str(card.get("closed_why", ""))
    return HeldProblem(row.id, one, row.state, row.opened, row.closed, why, row.version, row.force)
