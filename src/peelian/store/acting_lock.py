"""One process at a time may number or compare what is acted on: entries of the register, decisions."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, insert, text, update

from peelian.store.decision_tables import numbering

_LOCK: Final = 0x61637473


def alone(conn: Connection) -> None:
    """Wait for other writers of the register: two overlapping entries would each find the other absent.

    SQLite lets one writer in at a time by itself.
    """
    if conn.dialect.name == "postgresql":
        conn.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def next_number(conn: Connection, name: str) -> int:
    """Give the next number of a kind: one count for all forces, for a reader sees its own rows only."""
    row = numbering.c.name == name
    moved = update(numbering).where(row).values(last=numbering.c.last + 1).returning(numbering.c.last)
    last = conn.execute(moved).scalar()
    if last is None:
        conn.execute(insert(numbering).values(name=name, last=1))
    return int(last or 1)
