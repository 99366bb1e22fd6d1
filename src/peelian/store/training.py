"""The training role: a workspace whose database refuses to show what is for the audit only.

Protected characteristics, deprivation and the like are looked up to audit a model, never to make one. So what
trains opens the catalogue by this door, and the database itself refuses: PostgreSQL by the rights of the role
`peelian_training`, SQLite by its authorizer.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import event, text

from peelian.store.access_tables import APPENDED, audit_only
from peelian.store.catalogue import reading
from peelian.store.database_roles import TRAINING
from peelian.store.engine import make_engine
from peelian.store.workspace import Workspace

_GIVEN_BACK: Final = frozenset({"id", "ROWID", "seq", "hash"})


@contextmanager
def learning(ws: Workspace) -> Iterator[Workspace]:
    """Give the workspace as a model may read it, for as long as one learns.

    Where PostgreSQL has no training role for this database, or the login may not take it, it is the workspace
    as it is. (Roles are a server's, their rights a database's: another database's role opens nothing here.)
    """
    if not _has_door(ws):
        yield ws
        return
    theirs = as_training(ws)
    try:
        yield theirs
    finally:
        theirs.engine.dispose()


def _has_door(ws: Workspace) -> bool:
    if ws.engine.dialect.name != "postgresql":
        return True
    asked = text(
        "select pg_has_role(oid, 'member') and has_table_privilege(oid, 'snapshot', 'select') "
        "from pg_roles where rolname = :role"
    )
    with reading(ws) as conn:
        return bool(conn.execute(asked, {"role": TRAINING}).scalar())


def as_training(ws: Workspace) -> Workspace:
    """Give the same workspace by the training role. Its engine is its own: dispose of it.

    On PostgreSQL the roles must exist (`peelian db roles --create`), and the login be a member or the owner.
    """
    engine = make_engine(ws.engine.url.render_as_string(hide_password=False))
    if engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _become)
    else:
        event.listen(engine, "connect", _watch)
    return Workspace(ws.home, engine)


def _become(connection: Any, _record: Any) -> None:
    before = connection.autocommit
    connection.autocommit = True
    connection.execute(f"set role {TRAINING}")
    connection.autocommit = before


def _watch(connection: Any, _record: Any) -> None:
    hidden = frozenset(audit_only())

    def may(action: int, table: str | None, column: str | None, *_more: object) -> int:
        named = action == sqlite3.SQLITE_READ and table in hidden
        # A row just appended gives its number back, and the chain its head; nothing else of it.
        if named and not (table in APPENDED and column in _GIVEN_BACK):
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK

    connection.set_authorizer(may)
