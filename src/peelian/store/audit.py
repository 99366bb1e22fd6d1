"""The audit: who did what, to which kind of thing, why and when. Appended in the act's own transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from peelian.domain.actor import Actor, AuditEntry, Purpose
from peelian.store import chain, tables
from peelian.store.audit_together import together
from peelian.store.catalogue import now, reading
from peelian.store.workspace import Workspace


def append(
    conn: Connection, actor: Actor, purpose: Purpose, entry: AuditEntry, *, controller: str = ""
) -> None:
    """Append one row; it commits, or does not, with whatever else `conn` does."""
    append_all(conn, actor, purpose, [entry], controller=controller)


def append_all(
    conn: Connection, actor: Actor, purpose: Purpose, entries: Sequence[AuditEntry], *, controller: str = ""
) -> None:
    """Append a row for each entry, in the same way; each becomes a link of the chain as it commits."""
    write(conn, [row_of(actor, purpose, one, controller) for one in entries])


def row_of(actor: Actor, purpose: Purpose, entry: AuditEntry, controller: str = "") -> dict[str, Any]:
    """Give an entry as a row, but for its id."""
    return {
        "actor": actor.id, "role": actor.role, "force": actor.force, "controller": controller,
        "purpose": purpose, "at": now(), "verb": entry.verb, "what": entry.what[:300],
        "area": entry.area[:120], "window": entry.window[:120], "recipient": entry.recipient[:200],
    }  # fmt: skip


def write(conn: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows, in their order."""
    if rows:
        adding = insert(tables.audit).returning(tables.audit.c.id, sort_by_parameter_order=True)
        ids = conn.execute(adding, rows).scalars().all()
        chain.hold(conn, [{**row, "id": int(key)} for row, key in zip(rows, ids, strict=True)])


def record(ws: Workspace, actor: Actor, purpose: Purpose, entry: AuditEntry) -> None:
    """Append one row by itself, durable on return: for reads, before anything is given out."""
    together(ws, write).put(row_of(actor, purpose, entry))


def list_audit(ws: Workspace, *, last: int = 100) -> Sequence[Row[Any]]:
    """List the newest rows, newest first."""
    with reading(ws) as conn:
        return conn.execute(select(tables.audit).order_by(tables.audit.c.id.desc()).limit(last)).all()
