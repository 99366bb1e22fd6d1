"""The audit: who did what, to which kind of thing, why and when. Appended in the act's own transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from peelian.domain.actor import Actor, AuditEntry, Purpose
from peelian.store import tables
from peelian.store.catalogue import now, reading, transaction
from peelian.store.workspace import Workspace


def append(
    conn: Connection, actor: Actor, purpose: Purpose, entry: AuditEntry, *, controller: str = ""
) -> None:
    """Append one row; it commits, or does not, with whatever else `conn` does."""
    append_all(conn, actor, purpose, [entry], controller=controller)


def append_all(
    conn: Connection, actor: Actor, purpose: Purpose, entries: Sequence[AuditEntry], *, controller: str = ""
) -> None:
    """Append a row for each entry, in the same way."""
    same = {
        "actor": actor.id, "role": actor.role, "force": actor.force, "controller": controller,
        "purpose": purpose, "at": now(),
    }  # fmt: skip
    rows = [
        same | {"verb": one.verb, "what": one.what[:300], "area": one.area[:120], "window": one.window[:120]}
        for one in entries
    ]
    if rows:
        conn.execute(insert(tables.audit), rows)


def record(ws: Workspace, actor: Actor, purpose: Purpose, entry: AuditEntry) -> None:
    """Append one row in its own transaction: for reads, before anything is given out."""
    with transaction(ws) as conn:
        append(conn, actor, purpose, entry)


def list_audit(ws: Workspace, *, last: int = 100) -> Sequence[Row[Any]]:
    """List the newest rows, newest first."""
    with reading(ws) as conn:
        return conn.execute(select(tables.audit).order_by(tables.audit.c.id.desc()).limit(last)).all()
