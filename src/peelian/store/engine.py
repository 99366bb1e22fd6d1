"""Open the records database: SQLite set for durability, or PostgreSQL by URL."""

from __future__ import annotations

import sqlite3
import time
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from peelian.domain.errors import Fault, Misuse
from peelian.store import row_cut, stopped
from peelian.store.chain import chain_on

_BUSY_MS = 60_000
CONNECT_S: Final = 10
"""A server that takes the connection and says nothing in so long is as good as down (libpq: 2 at least)."""
_SILENT_S: Final = 30
"""A connection that stood and of which nothing comes back any more is given up after about so long."""
_SCHEMES = {"sqlite", "postgresql", "postgres", "postgresql+psycopg"}


def make_engine(url: str) -> Engine:
    """Give an engine for `sqlite:///PATH` or `postgresql://...` (psycopg 3).

    A PostgreSQL that swallows packets is given up (`CONNECT_S`, then `OperationalError`) where the URL does
    not set libpq's `connect_timeout` and `tcp_user_timeout` itself.

    Raises:
        Misuse: for any other kind of URL.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = None
    if parsed is None or parsed.drivername not in _SCHEMES:
        raise Misuse(
            "--database is not a URL we can use", expected="sqlite:///PATH or postgresql://HOST/NAME"
        )
    if parsed.drivername != "sqlite":
        server = create_engine(
            parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True, connect_args=_patience(parsed)
        )
        _cut(server)
        chain_on(server)
        return server
    engine = create_engine(parsed, connect_args={"timeout": _BUSY_MS / 1000})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    _cut(engine)
    chain_on(engine)
    return engine


def away(error: OperationalError) -> Fault:
    """Say that the database is away, or that it takes a connection and then says nothing."""
    if type(error.orig).__name__ == "ConnectionTimeout":
        return Fault(
            "the records database took no connection in time: it, or what lies between, is silent",
            expected=f"an answer within {CONNECT_S} s, or as connect_timeout in --database says",
            do="check its host and port, the firewall, and that the server is not stuck",
        )
    return Fault("the records database does not answer", do="check --database, or that the disk is not full")


def _patience(url: URL) -> dict[str, int]:
    """Give how long libpq waits for a silent server; what the URL says of it stands."""
    waits = {
        "connect_timeout": CONNECT_S, "tcp_user_timeout": _SILENT_S * 1000, "keepalives_idle": _SILENT_S // 3,
        "keepalives_interval": _SILENT_S // 6, "keepalives_count": 4,
    }  # fmt: skip
    return {name: value for name, value in waits.items() if name not in url.query}


def _cut(engine: Engine) -> None:
    row_cut.listen(engine)
    stopped.listen(engine)


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    # None: the driver begins nothing by itself, `_begin_sqlite` decides; so DDL is transactional too.
    connection.isolation_level = None
    connection.execute(f"pragma busy_timeout={_BUSY_MS}")
    _use_wal(connection)
    connection.execute("pragma synchronous=full")
    connection.execute("pragma foreign_keys=on")
    connection.execute("pragma secure_delete=on")  # what is erased is overwritten, not only unlisted


def _use_wal(connection: Any) -> None:
    # The change to WAL needs the file alone and does not wait for it, so two first openings may collide.
    for _ in range(200):
        try:
            connection.execute("pragma journal_mode=wal")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            time.sleep(0.02)
    connection.execute("pragma journal_mode=wal")


def _begin_sqlite(connection: Connection) -> None:
    # A reader takes no lock and sees one snapshot; a writer takes the write lock before it reads, so that
    # what it read is still true when it commits.
    writes = connection.get_execution_options().get("writes", True)
    connection.exec_driver_sql("begin immediate" if writes else "begin")
