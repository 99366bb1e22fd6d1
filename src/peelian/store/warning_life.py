"""Steps of a warning's life, each with who, why and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from peelian.domain.actor import Actor, AuditEntry, Purpose
from peelian.domain.errors import Refused
from peelian.domain.warning_life import Step, check_step
from peelian.store import audit
from peelian.store.catalogue import now, reading, transaction
from peelian.store.warning_records import HeldWarning, get_warning
from peelian.store.warning_tables import warning, warning_step
from peelian.store.workspace import Workspace


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
        return get_warning(conn, warning_id)


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
