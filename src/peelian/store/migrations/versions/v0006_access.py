"""Access: accounts, passkeys, sessions; row-level security of the records on PostgreSQL."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from peelian.store.database_roles import protect_sql

revision = "0006"
down_revision = "0005"

_BIG = sa.BigInteger()


def upgrade() -> None:
    """Add the tables, and the policies where the database has such."""
    op.create_table(
        "account", sa.Column("id", sa.String(80), primary_key=True), *_owner(),
        _string("origin", 300), _string("role", 40), _string("agency", 120),
        *(_need(name, sa.JSON) for name in ("areas", "agreements", "purposes")),
        sa.Column("password", sa.String(300)), _need("change_password", sa.Boolean),
        sa.Column("totp", sa.String(80)), _need("totp_step", _BIG, server_default="0"),
        _need("failures", sa.Integer, server_default="0"), sa.Column("locked_until", _BIG),
        _need("added", _BIG), sa.Column("revoked", _BIG),
    )  # fmt: skip
    op.create_table(
        "passkey", sa.Column("id", sa.String(400), primary_key=True), *_owner(), _string("account", 80),
        _need("public_key", sa.LargeBinary), _need("uses", _BIG), _need("added", _BIG),
    )  # fmt: skip
    op.create_index("ix_passkey_account", "passkey", ["account"])
    op.create_table(
        "session", sa.Column("id", sa.String(64), primary_key=True), *_owner(),
        _string("account", 80, server_default=""), _string("purpose", 40), _string("csrf", 64),
        _need("begun", _BIG), _need("seen", _BIG), _need("ends", _BIG), _need("held", sa.JSON),
    )  # fmt: skip
    op.create_index("session_by_end", "session", ["ends"])
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        for name in sorted(sa.inspect(bind).get_table_names()):
            columns = {column["name"] for column in sa.inspect(bind).get_columns(name)}
            for statement in protect_sql(name, columns):
                op.execute(statement)


def _owner() -> tuple[sa.Column[Any], ...]:
    return _string("controller", 120, server_default=""), _string("force", 40, server_default="")


def _need(name: str, kind: Any, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, **more)


def _string(name: str, length: int, **more: Any) -> sa.Column[Any]:
    return _need(name, sa.String(length), **more)
