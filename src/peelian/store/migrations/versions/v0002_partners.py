"""Partner data: agreements, erasures, feed profiles, reviews, links, context."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_BIG = sa.BigInteger()


def upgrade() -> None:
    """Add the columns and tables."""
    for table in ("segment", "delivery", "ingest_file"):
        op.add_column(table, _default("agreement", 80))
    op.add_column("ingest_file", sa.Column("rules", sa.JSON))
    op.add_column("quarantine", _default("source", 60))
    op.add_column("quarantine", sa.Column("fields", sa.JSON))
    op.add_column("quarantine", sa.Column("state", sa.String(10), nullable=False, server_default="aside"))
    op.add_column("quarantine", sa.Column("resolved", _BIG))
    _agreements()
    _feeds()
    _links()


def _owned(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(name, *columns, _default("controller", 120), _default("force", 40))


def _default(name: str, length: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=False, server_default="")


def _id() -> sa.Column[Any]:
    return sa.Column("id", _ID, primary_key=True)


def _text(name: str, length: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=False)


def _big(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, _BIG, nullable=False) for name in names]


def _json(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.JSON, nullable=False) for name in names]


def _agreements() -> None:
    _owned(
        "agreement", sa.Column("id", sa.String(80), primary_key=True), _text("title", 300),
        _text("gateway", 40), *_json("purposes", "recipients", "feeds", "fields"),
        sa.Column("start", sa.Date, nullable=False),
        sa.Column("expiry", sa.Date), sa.Column("ended", sa.Date),
        sa.Column("retention_days", sa.Integer),
        sa.Column("checksum_required", sa.Boolean, nullable=False, server_default="0"), *_big("added"),
    )  # fmt: skip
    _owned(
        "erasure", _id(), _default("agreement", 80), *_big("at"), _text("rule", 300), _text("source", 60),
        _text("records", 20), *_big("added", "rows", "snapshot"), sa.Column("removed", _BIG),
    )  # fmt: skip


def _feeds() -> None:
    _owned(
        "feed_profile", _id(), _text("source", 60), _text("kind", 40), _text("sha256", 64), *_big("at"),
        *_json("profile"),
    )  # fmt: skip
    op.create_index("feed_profile_by_feed", "feed_profile", ["source", "force", "kind"])
    _owned(
        "knife_review", _id(), _text("source", 60), _text("key", 32), _text("sha256", 64), *_big("row"),
        _text("band", 10), sa.Column("why", sa.Text, nullable=False),
        sa.Column("weight", sa.Float, nullable=False), *_big("queued"),
        sa.Column("decision", sa.String(10)), sa.Column("reviewer", sa.String(120)),
        sa.Column("decided", _BIG),
    )  # fmt: skip
    op.create_index("ix_knife_review_key", "knife_review", ["key"])
    _owned(
        "context_file", _id(), _text("kind", 40), _text("name", 300), _text("sha256", 64),
        *_big("rows", "at"),
    )  # fmt: skip


def _links() -> None:
    _owned(
        "link_run", sa.Column("id", sa.String(80), primary_key=True), *_big("created", "snapshot"),
        _text("path", 300), *_json("card"),
    )  # fmt: skip
    _owned(
        "link_review", _id(), _text("left", 32), _text("right", 32), _text("decision", 10),
        _text("reviewer", 120), *_big("decided"),
    )  # fmt: skip
