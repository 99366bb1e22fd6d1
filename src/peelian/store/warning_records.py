"""Warnings as held: raised, raised again, looked up and listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, case, func, select

from peelian.domain.errors import NotFound
from peelian.domain.warning import EarlyWarning, State
from peelian.domain.warning_card import warning_of
from peelian.store.catalogue import reading
from peelian.store.stopped import say_if_stopped
from peelian.store.warning_tables import warning, warning_watch
from peelian.store.workspace import Workspace

_C: Final = warning.c


@dataclass(frozen=True)
class HeldWarning:
    """A warning and where it is in its life. `version` goes up with every step and raising."""

    id: str
    area: str
    target: str
    kind: str
    as_of: date
    raised: datetime
    changed: datetime
    state: State
    agency: str | None
    team: str | None
    outcome: str | None
    plannable: bool
    version: int
    force: str
    card: EarlyWarning


@dataclass(frozen=True)
class Listed:
    """A page of warnings, and how many there are in all."""

    rows: tuple[HeldWarning, ...]
    total: int


def get_warning(where: Workspace | Connection, warning_id: str) -> HeldWarning:
    """Give one warning.

    Raises:
        NotFound: there is none of that id.
        Refused: its area is stopped.
    """
    if isinstance(where, Workspace):
        with reading(where) as conn:
            return get_warning(conn, warning_id)
    row = where.execute(select(warning).where(_C.id == warning_id)).one_or_none()
    if row is None:
        say_if_stopped(where, warning, warning_id)
        raise NotFound(
            "there is no such warning here", expected="an id that `peelian warning list` shows",
        )  # fmt: skip
    return held_of(row)


def readable_warnings(conn: Connection, ids: Sequence[str]) -> list[HeldWarning]:
    """Give those of these warnings that may be read now, in their order: not of a stopped area, nor shut."""
    rows = conn.execute(select(warning).where(_C.id.in_(ids)))
    found = {row.id: held_of(row) for row in rows}
    return [found[one] for one in ids if one in found]


def list_warnings(
    ws: Workspace, *, state: str | None = None, target: str | None = None, area: str | None = None,
    kind: str | None = None, last: int = 50, skip: int = 0,
) -> Listed:  # fmt: skip
    """List warnings: those not closed first, the newest, then the strongest first.

    `state` is one of the states, or `open` for all that are not closed; what is None is not asked for.
    """
    asked = {"target": target, "area": area, "kind": kind} | ({} if state == "open" else {"state": state})
    query: Select[Any] = select(warning)
    for name, value in asked.items():
        if value is not None:
            query = query.where(_C[name] == value)
    if state == "open":
        query = query.where(_C.state != "closed")
    ended = case((_C.state == "closed", 1), else_=0)
    order = (ended, _C.as_of.desc(), _C.strength.desc(), _C.id)
    with reading(ws) as conn:
        total = conn.execute(select(func.count()).select_from(query.subquery())).scalar() or 0
        rows = conn.execute(query.order_by(*order).limit(last).offset(skip)).all()
    return Listed(tuple(held_of(row) for row in rows), int(total))


def list_areas(ws: Workspace) -> list[tuple[str, str]]:
    """List the (area, target) pairs that warnings are held of."""
    with reading(ws) as conn:
        pairs = conn.execute(select(_C.area, _C.target).distinct().order_by(_C.area, _C.target))
        return [(str(area), str(target)) for area, target in pairs]


def count_states(ws: Workspace) -> dict[str, int]:
    """Count warnings by state."""
    with reading(ws) as conn:
        rows = conn.execute(select(_C.state, func.count()).group_by(_C.state))
        return {str(state): int(many) for state, many in rows}


def list_watched(ws: Workspace) -> Sequence[Row[Any]]:
    """Say what was looked at last, by area and target: places, as of, at."""
    w = warning_watch.c
    newest = select(func.max(w.id)).group_by(w.area, w.target)
    with reading(ws) as conn:
        query = select(warning_watch).where(w.id.in_(newest)).order_by(w.area, w.target)
        return conn.execute(query).all()


def held_of(row: Row[Any]) -> HeldWarning:
    """Make a warning of its row."""
    return HeldWarning(
        row.id, row.area, row.target, row.kind, row.as_of, row.raised, row.changed, row.state,
        row.owner_agency, row.assigned_to, row.outcome, row.plannable, row.version, row.force,
        warning_of(row.card),
    )  # fmt: skip
