"""Trust: what audits are made by, deployments, challenges, fairness audits."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_BIG = sa.BigInteger()


def upgrade() -> None:
    """Add the tables."""
    _owned(
        "audit_attribute", _id(), _text("attribute", 40), _text("code", 20), _text("class", 60),
        _need("value", sa.Float),
    )  # fmt: skip
    op.create_index("audit_attribute_by_code", "audit_attribute", ["attribute", "code"])
    _owned(
        "deployment", _id(), _text("area", 80), _text("status", 20), _text("senior_owner", 200),
        *(_need(name, sa.Text) for name in ("lawful_basis", "ethics", "why")), _need("at", _BIG),
        _text("by", 120),
    )  # fmt: skip
    op.create_index("deployment_by_area", "deployment", ["area", "id"])
    _owned(
        "challenge", sa.Column("id", sa.String(24), primary_key=True), _text("area", 80),
        _text("place", 160), _text("kind", 40), _need("text", sa.Text), _text("state", 12),
        _need("at", _BIG), _need("answer", sa.Text, server_default=""), sa.Column("answered", _BIG),
        _text("answered_by", 120, server_default=""),
    )  # fmt: skip
    op.create_index("challenge_by_state", "challenge", ["state", "at"])
    _owned(
        "fairness_audit", _id(), _text("run", 100), _text("area", 80), _text("target", 60),
        _text("model", 60), _need("made", _BIG), _need("whole", sa.Boolean), _need("alarms", sa.Integer),
        _need("sentence", sa.Text), _need("body", sa.JSON), _need("snapshot", _BIG),
    )  # fmt: skip
    op.create_index("fairness_audit_by_area", "fairness_audit", ["area", "target", "made"])


def _owned(name: str, *columns: Any) -> None:
    owners = (_text("controller", 120, server_default=""), _text("force", 40, server_default=""))
    op.create_table(name, *columns, *owners)


def _id() -> sa.Column[Any]:
    return sa.Column("id", _ID, primary_key=True)


def _need(name: str, kind: Any, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, **more)


def _text(name: str, length: int, **more: Any) -> sa.Column[Any]:
    return _need(name, sa.String(length), **more)
