"""The database's own wall: roles and row-level security on PostgreSQL."""

from __future__ import annotations

from peelian.domain.errors import Misuse
from peelian.pipeline.context import Context
from peelian.store.catalogue import transaction
from peelian.store.database_roles import create_roles, roles_sql


def make_roles(ctx: Context, *, create: bool) -> list[str]:
    """Give the statements; run them where asked.

    Raises:
        Misuse: the records are in SQLite, which has no roles.
    """
    ctx.allow("alteration", "database roles")
    if ctx.ws.engine.dialect.name != "postgresql":
        raise Misuse(
            "SQLite has no roles: who may open the file may read it", expected="--database postgresql://..."
        )
    with transaction(ctx.ws) as conn:
        said = roles_sql(conn)
        if create:
            create_roles(conn)
            ctx.record(conn, "alteration", "database roles")
    return said
