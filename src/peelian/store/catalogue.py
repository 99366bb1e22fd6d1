"""Transactions on the catalogue, and its snapshots."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Connection, Row, func, insert, select, text

from peelian.store import tables
from peelian.store.workspace import Workspace

__all__ = [
    "Connection", "Row", "add_snapshot", "ledger_transaction", "newest_snapshot", "now", "reading",
    "transaction",
]  # fmt: skip

_LEDGER_LOCK = 0x6C656467


def now() -> datetime:
    """Give the present instant, UTC: for `recorded_at`, leases and audit only, never for a forecast."""
    return datetime.now(UTC)


@contextmanager
def transaction(ws: Workspace) -> Iterator[Connection]:
    """Give a connection that may write; commits at the end, rolls back on any error."""
    with ws.engine.begin() as connection:
        yield connection


@contextmanager
def reading(ws: Workspace) -> Iterator[Connection]:
    """Give a connection that only reads, in one consistent view; never waits for a writer."""
    with ws.engine.connect().execution_options(writes=False) as connection:
        yield connection


@contextmanager
def ledger_transaction(ws: Workspace) -> Iterator[Connection]:
    """Give a connection that may change the ledger: one at a time, so snapshots commit in their order.

    Without the lock, snapshot 4 could commit after 5 on PostgreSQL, and a forecast pinned to 5 would change.
    """
    with ws.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LEDGER_LOCK})
        yield connection


def add_snapshot(conn: Connection, *, actor: str, what: str, controller: str = "", force: str = "") -> int:
    """Begin a new snapshot inside a ledger transaction; give its id."""
    # Not a sequence: those leave gaps and, being outside transactions, give no order of commits.
    snapshot_id = (conn.execute(select(func.max(tables.snapshot.c.id))).scalar() or 0) + 1
    conn.execute(
        insert(tables.snapshot).values(
            id=snapshot_id, at=now(), actor=actor, what=what[:200], controller=controller, force=force
        )
    )
    return snapshot_id


def newest_snapshot(conn: Connection) -> int:
    """Give the newest snapshot's id as this transaction sees it; 0 for an empty ledger."""
    return int(conn.execute(select(func.max(tables.snapshot.c.id))).scalar() or 0)
