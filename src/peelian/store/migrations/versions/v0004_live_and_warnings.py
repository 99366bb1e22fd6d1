"""Live feeds, the inbox, the running state, warnings and the outbox."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_BIG = sa.BigInteger()
_TEXT = sa.Text


def upgrade() -> None:
    """Add the tables."""
    _live()
    _warnings()
    _outbox()


def _owned(name: str, *columns: Any) -> None:
    op.create_table(name, *columns, _default("controller", 120), _default("force", 40))


def _default(name: str, length: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=False, server_default="")


def _id() -> sa.Column[Any]:
    return sa.Column("id", _ID, primary_key=True)


def _need(name: str, kind: Any, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, **more)


def _string(name: str, length: int) -> sa.Column[Any]:
    return _need(name, sa.String(length))


def _live() -> None:
    _owned(
        "live_feed", _id(), _need("name", sa.String(60), unique=True), _string("source", 60),
        _need("options", sa.JSON), _need("cadence_minutes", sa.Integer),
        _need("live", sa.Boolean, server_default="0"), _string("secret", 64), _need("created", _BIG),
        sa.Column("revoked", _BIG), sa.Column("last_heard", _BIG), sa.Column("newest", _BIG),
    )  # fmt: skip
    _owned(
        "live_batch", _id(), _string("feed", 60), _string("key", 120), _string("body_sha256", 64),
        _need("received", _BIG), _need("answer", sa.JSON), sa.Column("parsed", sa.LargeBinary),
        _need("rows", sa.Integer), sa.Column("taken", _BIG),
        sa.UniqueConstraint("feed", "key", name="live_batch_once"),
    )  # fmt: skip
    op.create_index("live_batch_waiting", "live_batch", ["taken", "id"])
    _owned(
        "live_state", _id(), _string("run", 80), _need("position", _BIG), _need("version", _BIG),
        _string("path", 300), _string("sha256", 64), _need("at", _BIG),
    )  # fmt: skip


def _warnings() -> None:
    _owned(
        "warning", sa.Column("id", sa.String(40), primary_key=True), _string("area", 80),
        _string("target", 60), _string("kind", 20), _need("as_of", sa.Date), _need("raised", _BIG),
        _need("changed", _BIG), _string("state", 10), sa.Column("owner_agency", sa.String(120)),
        sa.Column("assigned_to", sa.String(120)), sa.Column("outcome", sa.String(40)),
        _need("plannable", sa.Boolean), _need("strength", sa.Float), _need("card", sa.JSON),
        _need("version", sa.Integer, server_default="0"),
    )  # fmt: skip
    op.create_index("ix_warning_state", "warning", ["state"])
    op.create_index("warning_by_area", "warning", ["area", "target", "as_of"])
    _owned(
        "warning_step", _id(), _string("warning", 40), _string("step", 10), _string("actor", 120),
        _need("reason", _TEXT), _need("detail", sa.JSON), _need("at", _BIG),
    )  # fmt: skip
    op.create_index("ix_warning_step_warning", "warning_step", ["warning"])
    _owned(
        "warning_watch", _id(), _string("area", 80), _string("target", 60), _need("as_of", sa.Date),
        _need("places", sa.Integer), _need("at", _BIG),
    )  # fmt: skip
    op.create_index("warning_watch_newest", "warning_watch", ["area", "target", "id"])


def _outbox() -> None:
    _owned(
        "outbox", _id(), _string("key", 120), _string("channel", 10), _string("recipient", 120),
        _string("warning", 40), _need("body", sa.JSON), _string("state", 10),
        _need("attempts", sa.Integer, server_default="0"), _need("due", _BIG),
        sa.Column("worker", sa.String(120)), sa.Column("leased_until", _BIG), sa.Column("last_error", _TEXT),
        _need("created", _BIG), sa.Column("sent", _BIG),
        sa.UniqueConstraint("key", "channel", "recipient", name="outbox_once"),
    )  # fmt: skip
    op.create_index("ix_outbox_state", "outbox", ["state"])
    op.create_index("ix_outbox_warning", "outbox", ["warning"])
