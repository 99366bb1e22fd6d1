"""PostgreSQL's own wall: row-level security, and two roles that own nothing.

The owner of the tables (who migrates) is not cut; what serves should log in as a member of `peelian_app`.
There a transaction sees rows only of the forces in its setting `peelian.force`, and none where it is unset.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from sqlalchemy import Connection, inspect, text

from peelian.store.access_tables import APPENDED, EVERYONES, audit_only

APP: Final = "peelian_app"
TRAINING: Final = "peelian_training"
SETTING: Final = "peelian.force"
AREAS: Final = "peelian.areas"
_FORCE: Final = (
    "(current_setting('peelian.force', true) = '*' "
    "or force = any(string_to_array(current_setting('peelian.force', true), ',')))"
)
_AREA: Final = (
    "(current_setting('peelian.areas', true) = '*' "
    "or area = any(string_to_array(current_setting('peelian.areas', true), ',')))"
)


def protect_sql(table: str, columns: Collection[str]) -> Iterator[str]:
    """Give the statements that put a table of records behind its policy; none for a table of no force."""
    if table in EVERYONES or "force" not in columns:
        return
    test = _FORCE + (f" and {_AREA}" if "area" in columns else "")
    yield f'alter table "{table}" enable row level security'
    yield f'drop policy if exists peelian_force on "{table}"'
    yield f'create policy peelian_force on "{table}" using ({test}) with check ({test})'


def roles_sql(conn: Connection) -> list[str]:
    """Give the statements that make both roles and their rights on the tables there are now."""
    looked = inspect(conn)
    schema = conn.execute(text("select current_schema()")).scalar_one()
    tables = sorted(looked.get_table_names())
    hidden = set(audit_only())
    said: list[str] = []
    for role in (APP, TRAINING):
        said.append(
            f"do $$ begin create role {role} nologin nosuperuser nobypassrls; "
            "exception when duplicate_object or unique_violation then null; end $$"
        )
        said.append(f'grant usage on schema "{schema}" to {role}')
        said.append(f'grant usage, select on all sequences in schema "{schema}" to {role}')
    for name in tables:
        said += protect_sql(name, {column["name"] for column in looked.get_columns(name)})
        said += _rights(name, name in hidden)
    return said


def _rights(name: str, hidden: bool) -> list[str]:
    if name == "alembic_version":
        return [f'grant select on "{name}" to {role}' for role in (APP, TRAINING)]
    append_only = name in APPENDED
    rights = "select, insert" if append_only else "select, insert, update, delete"
    said = [f'grant {rights} on "{name}" to {APP}', f'revoke all on "{name}" from {TRAINING}']
    if append_only:  # what a run did is written down: the new row's number is all that comes back
        back = "seq, hash" if name == "audit_link" else "id"
        said.append(f'grant insert, select ({back}) on "{name}" to {TRAINING}')
    elif not hidden:
        said.append(f'grant {rights} on "{name}" to {TRAINING}')
    return said


def create_roles(conn: Connection) -> int:
    """Make the roles and their rights; give how many statements ran. Needs the right to create roles."""
    statements = roles_sql(conn)
    for statement in statements:
        conn.execute(text(statement))
    return len(statements)
