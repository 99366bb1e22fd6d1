"""The audit's chain, which is only appended to, and the ledger of releases."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from peelian.domain.audit_chain import START, link_of

revision = "0007"
down_revision = "0006"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEPT = ("audit", "audit_link", "audit_checkpoint")


def upgrade() -> None:
    """Add the tables, link the rows held, and refuse changes from now on."""
    op.add_column("audit", _default("recipient", 200))
    _owned(
        "audit_link", sa.Column("seq", _ID, primary_key=True, autoincrement=False),
        sa.Column("audit", sa.BigInteger, nullable=False, unique=True), _text("hash", 64),
    )  # fmt: skip
    _owned(
        "audit_checkpoint", sa.Column("id", _ID, primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False), _text("hash", 64),
        sa.Column("at", sa.BigInteger, nullable=False), _text("key", 64), _default("next_key", 64),
        _text("before", 64), _text("signature", 128),
    )  # fmt: skip
    _owned(
        "release", sa.Column("id", sa.String(80), primary_key=True), _text("tier", 12), _text("kind", 12),
        _text("area", 80), _text("target", 60), sa.Column("start", sa.Date, nullable=False),
        sa.Column("end", sa.Date, nullable=False), _text("state", 12), _text("proposed_by", 120),
        sa.Column("proposed_at", sa.BigInteger, nullable=False), _default("second_by", 120),
        sa.Column("second_at", sa.BigInteger), sa.Column("why", sa.Text, nullable=False, server_default=""),
        sa.Column("table", sa.JSON, nullable=False), sa.Column("told", sa.JSON, nullable=False),
    )  # fmt: skip
    _link_what_is_held()
    for name in _KEPT:
        _only_append(name)


def _owned(name: str, *columns: Any) -> None:
    op.create_table(name, *columns, _default("controller", 120), _default("force", 40))


def _default(name: str, length: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=False, server_default="")


def _text(name: str, length: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=False)


def _link_what_is_held() -> None:
    conn, at = op.get_bind(), START
    new = sa.table("audit_link", *map(sa.column, ("seq", "audit", "hash", "controller", "force")))
    rows = conn.execute(sa.text("select * from audit order by id")).mappings().all()
    for row in rows:
        at = link_of(at, dict(row))
        conn.execute(
            sa.insert(new).values(
                seq=at.seq, audit=row["id"], hash=at.hash, controller=row["controller"], force=row["force"]
            )
        )


def _only_append(name: str) -> None:
    """Refuse to change or take away rows: a mistake is caught here, a crime by the chain."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(
                f"create trigger {name}_no_{act} before {act} on {name} "
                "begin select raise(abort, 'the audit is only appended to'); end"
            )
        return
    op.execute(
        "create or replace function peelian_only_append() returns trigger language plpgsql as "
        "$$ begin raise exception 'the audit is only appended to'; end $$"
    )
    op.execute(
        f"create trigger {name}_only_append before update or delete or truncate on {name} "
        "for each statement execute function peelian_only_append()"
    )
