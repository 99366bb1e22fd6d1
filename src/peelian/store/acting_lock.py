"""One process at a time may number or compare what is acted on: entries of the register, decisions."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, text

_LOCK: Final = 0x61637473


def alone(conn: Connection) -> None:
    """Wait for other writers of the register: two overlapping entries would each find the other absent.

    SQLite lets one writer in at a time by itself.
    """
    if conn.dialect.name == "postgresql":
        conn.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
