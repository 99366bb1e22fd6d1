"""Which local context files were read: kind, name, hash, rows. The places themselves lie in the gazetteer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from peelian.store.catalogue import now, reading
from peelian.store.tables import context_file
from peelian.store.workspace import Workspace


@dataclass(frozen=True)
class ContextFile:
    """One file as read: its newest reading stands for its kind."""

    kind: str
    name: str
    sha256: str
    rows: int
    at: datetime


def replace_context_file(conn: Connection, kind: str, name: str, sha256: str, rows: int) -> None:
    """Record a file read; it takes the place of the kind's earlier one."""
    conn.execute(delete(context_file).where(context_file.c.kind == kind))
    conn.execute(insert(context_file).values(kind=kind, name=name[-300:], sha256=sha256, rows=rows, at=now()))


def list_context_files(ws: Workspace) -> list[ContextFile]:
    """List what is held, by kind."""
    c = context_file.c
    query = select(c.kind, c.name, c.sha256, c.rows, c.at).order_by(c.kind, c.id)
    with reading(ws) as conn:
        return [ContextFile(*row) for row in conn.execute(query)]
