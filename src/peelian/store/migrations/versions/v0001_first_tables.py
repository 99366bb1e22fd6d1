"""The first tables: ledger catalogue, intake, audit, jobs, runs, gates."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_BIG = sa.BigInteger()


def _owned(name: str, *columns: sa.Column[Any] | sa.Index) -> None:
    op.create_table(
        name,
        *columns,
        sa.Column("controller", sa.String(120), nullable=False, server_default=""),
        sa.Column("force", sa.String(40), nullable=False, server_default=""),
    )


def _id() -> sa.Column[Any]:
    return sa.Column("id", _ID, primary_key=True)


def _text(name: str, length: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=False)


def _big(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, _BIG, nullable=False) for name in names]


def upgrade() -> None:
    """Create everything."""
    _ledger()
    _intake()
    _work()


def _ledger() -> None:
    _owned("snapshot", _id(), *_big("at"), _text("actor", 120), _text("what", 200))
    _owned(
        "segment",
        sa.Column("path", sa.String(300), primary_key=True),
        _text("records", 20), _text("source", 60), _text("crs", 60), sa.Column("part", sa.String(60)),
        *(sa.Column(name, _BIG) for name in ("occurred_lo", "occurred_hi", "available_lo", "available_hi")),
        *_big("rows", "bytes"), _text("sha256", 64),
        sa.Column("corrections", sa.Boolean, nullable=False),
        *_big("added"), sa.Column("removed", _BIG), sa.Column("removed_at", _BIG),
        sa.Column("collected", sa.Boolean, nullable=False, server_default="0"),
    )  # fmt: skip
    op.create_index("segment_by_owner", "segment", ["records", "source", "force", "part"])
    _owned(
        "delivery", _id(), _text("records", 20), _text("kind", 40), _text("source", 60), _text("crs", 60),
        sa.Column("part", sa.String(60), nullable=False, server_default=""),
        sa.Column("edition", sa.String(60), nullable=False, server_default=""),
        sa.Column("edition_at", _BIG),
        sa.Column("complete", sa.Boolean, nullable=False),
        sa.Column("groups", sa.JSON, nullable=False),
        sa.Column("start", sa.Date), sa.Column("end", sa.Date), sa.Column("available_at", _BIG),
        *_big("rows", "snapshot"),
    )  # fmt: skip
    op.create_index("delivery_by_part", "delivery", ["source", "force", "records", "part"])


def _intake() -> None:
    bins = ("read", "accepted", "duplicate", "revised", "retracted", "quarantined", "at")
    _owned(
        "ingest_file", _id(), _text("sha256", 64), _text("options", 64), _text("source", 60),
        _text("name", 300), _text("kind", 40), *_big(*bins), sa.Column("snapshot", _BIG),
    )  # fmt: skip
    op.create_index("ix_ingest_file_sha256", "ingest_file", ["sha256"])
    _owned(
        "quarantine", _id(), _text("sha256", 64), _text("options", 64), _text("records", 20), *_big("row"),
        sa.Column("reason", sa.Text, nullable=False),
    )  # fmt: skip
    op.create_index("ix_quarantine_sha256", "quarantine", ["sha256"])
    _owned(
        "audit", _id(), _text("actor", 120), _text("role", 40), _text("purpose", 40), _text("verb", 20),
        _text("what", 300), _text("area", 120), _text("window", 120), *_big("at"),
    )  # fmt: skip


def _work() -> None:
    _owned(
        "job", _id(), _text("kind", 40), sa.Column("arguments", sa.JSON, nullable=False),
        sa.Column("actor", sa.JSON, nullable=False), _text("state", 10),
        sa.Column("progress", sa.Float, nullable=False), sa.Column("message", sa.Text, nullable=False),
        sa.Column("worker", sa.String(120)), sa.Column("lease_until", _BIG),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        *_big("created"), sa.Column("started", _BIG), sa.Column("finished", _BIG),
    )  # fmt: skip
    op.create_index("ix_job_state", "job", ["state"])
    _owned(
        "run", sa.Column("id", sa.String(80), primary_key=True), _text("area", 80), _text("target", 60),
        _text("every", 10), *_big("created"), sa.Column("card", sa.JSON, nullable=False),
    )  # fmt: skip
    op.create_index("ix_run_created", "run", ["created"])
    _owned(
        "gate",
        sa.Column("area", sa.String(80), primary_key=True),
        sa.Column("target", sa.String(60), primary_key=True),
        sa.Column("every", sa.String(10), primary_key=True),
        sa.Column("horizon", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("window", sa.Integer, primary_key=True, autoincrement=False),
        _text("served_model", 60), sa.Column("verdict", sa.JSON, nullable=False), *_big("at"),
    )  # fmt: skip
