"""Steps of a warning's life, each with who, why and when; and who in this process wants to hear of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog
from sqlalchemy import Connection, func, insert, select, update

from peelian.domain.actor import Actor, AuditEntry, Purpose
from peelian.domain.errors import Refused
from peelian.domain.warning_life import Step, check_step
from peelian.store import audit
from peelian.store.catalogue import now, reading, transaction
from peelian.store.warning_records import HeldWarning, get_warning
from peelian.store.warning_tables import warning, warning_step
from peelian.store.workspace import Workspace

log = structlog.get_logger()


@dataclass(frozen=True)
class Change:
    """A warning was raised, raised again or took a step: its id and step (`raised`, `again` or a state)."""

    warning: str
    step: str


on_warning: Final[list[Callable[[Change], None]]] = []
"""Called after each change this process committed; must be quick. Other processes: `changes_since`."""


@dataclass(frozen=True)
class Lived:
    """One step as it was taken."""

    id: int
    step: str
    actor: str
    reason: str
    detail: dict[str, Any]
    at: datetime


def take_step(
    ws: Workspace, actor: Actor, purpose: Purpose, warning_id: str, step: Step, *, version: int | None = None
) -> HeldWarning:
    """Take a step: the warning's state, its history and the audit row change together or not at all.

    `version` is the one the person looked at; None takes whatever stands.

    Raises:
        NotFound: no such warning.
        Refused: the step may not follow, or the warning has changed since `version`.
    """
    with transaction(ws) as conn:
        held = get_warning(conn, warning_id)
        if version is not None and version != held.version:
            raise _changed()
        check_step(held.state, step.to)
        _move(conn, held, step)
        row = {
            "warning": held.id, "step": step.to, "actor": actor.id, "reason": step.reason,
            "detail": step.detail, "at": now(), "force": held.force,
            "area": held.area,
        }  # fmt: skip
        conn.execute(insert(warning_step).values(row))
        entry = AuditEntry("alteration", f"warning {held.id}: {held.state} to {step.to}", held.area)
        audit.append(conn, actor, purpose, entry)
        after = get_warning(conn, warning_id)
    tell([Change(after.id, step.to)])
    return after


def _move(conn: Connection, held: HeldWarning, step: Step) -> None:
    values: dict[str, Any] = {"state": step.to, "changed": now(), "version": held.version + 1}
    if step.to == "assigned":
        values |= {"owner_agency": step.agency, "assigned_to": step.team}
    if step.to == "closed":
        values |= {"outcome": step.outcome}
    # PostgreSQL lets two read the same version; the second to write finds it gone.
    mine = (warning.c.id == held.id) & (warning.c.version == held.version)
    if not conn.execute(update(warning).where(mine).values(values)).rowcount:
        raise _changed()


def _changed() -> Refused:
    return Refused(
        "the warning has changed since you looked at it",
        do="look at it again, then take the step if it still holds",
    )


def steps_of(ws: Workspace, warning_id: str) -> Sequence[Lived]:
    """Give a warning's history, oldest first: each raising and each step."""
    c = warning_step.c
    query = select(warning_step).where(c.warning == warning_id).order_by(c.id)
    with reading(ws) as conn:
        return [Lived(r.id, r.step, r.actor, r.reason, r.detail, r.at) for r in conn.execute(query)]


def changes_since(ws: Workspace, position: int, *, most: int = 1000) -> tuple[int, list[Change]]:
    """Give the changes after a position, of all processes, and the position reached.

    A step of a transaction that commits late may have a smaller number than one seen before (PostgreSQL
    numbers rows outside transactions): who must not miss any looks at the warnings themselves as well.
    """
    c = warning_step.c
    query = select(c.id, c.warning, c.step).where(c.id > position).order_by(c.id).limit(most)
    with reading(ws) as conn:
        rows = conn.execute(query).all()
    return (rows[-1].id if rows else position), [Change(row.warning, row.step) for row in rows]


def last_change(ws: Workspace) -> int:
    """Give the newest position, to begin `changes_since` from; 0 where nothing was ever raised."""
    with reading(ws) as conn:
        return int(conn.execute(select(func.max(warning_step.c.id))).scalar() or 0)


def tell(changes: Iterable[Change]) -> None:
    """Tell who listens; one that fails is logged and keeps nobody else from hearing."""
    for change in changes:
        for listener in on_warning:
            try:
                listener(change)
            except Exception as error:  # what was committed stands, whoever could not hear of it
                log.error("on_warning", kind=type(error).__name__)
