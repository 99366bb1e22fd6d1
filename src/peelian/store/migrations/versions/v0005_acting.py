"""Acting: plans, problems, actions, decisions, interventions, locked designs and verdicts."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_BIG = sa.BigInteger()


def upgrade() -> None:
    """Add the tables."""
    _plans()
    _problems()
    _decisions()
    _interventions()


def _owned(name: str, *columns: Any) -> None:
    op.create_table(name, *columns, _default("controller", 120), _default("force", 40))


def _default(name: str, length: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=False, server_default="")


def _id() -> sa.Column[Any]:
    return sa.Column("id", _ID, primary_key=True)


def _named() -> sa.Column[Any]:
    return sa.Column("id", sa.String(80), primary_key=True)


def _need(name: str, kind: Any, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, **more)


def _string(name: str, length: int) -> sa.Column[Any]:
    return _need(name, sa.String(length))


def _plans() -> None:
    _owned(
        "plan", _named(), _string("area", 80), _string("target", 60), _string("run", 80),
        _need("start", sa.Date), _need("end", sa.Date), _need("created", _BIG), _string("state", 12),
        _need("card", sa.JSON),
    )  # fmt: skip


def _problems() -> None:
    _owned(
        "problem", _id(), _string("title", 300), _string("area", 80), _string("target", 60),
        _string("state", 12), _string("owner_agency", 120), _need("card", sa.JSON), _need("opened", _BIG),
        sa.Column("closed", _BIG), _need("version", sa.Integer, server_default="0"),
    )  # fmt: skip
    _owned(
        "action", _id(), _need("problem", sa.Integer), _need("what", sa.Text), _string("agency", 120),
        _need("decision", sa.Integer), _need("due", sa.Date), sa.Column("done", sa.Date),
        sa.Column("outcome", sa.Text),
    )  # fmt: skip
    op.create_index("ix_action_problem", "action", ["problem"])


def _decisions() -> None:
    _owned(
        "decision", _id(), _string("about_kind", 20), _string("about", 80), _string("decided", 300),
        _need("refused", sa.Boolean), _string("by_role", 120), _need("why", sa.Text),
        _need("options", sa.JSON), _need("cites_forecast", sa.Boolean), _default("kind", 60),
        _need("needs_second", sa.Boolean), sa.Column("second_role", sa.String(120)),
        sa.Column("second_approved", sa.Boolean), sa.Column("second_why", sa.Text),
        sa.Column("second_at", _BIG), _default("queue", 12), sa.Column("problem", sa.Integer),
        _need("at", _BIG),
    )  # fmt: skip
    op.create_index("decision_about", "decision", ["about_kind", "about"])


def _interventions() -> None:
    _owned(
        "intervention", _named(), _string("kind", 60), _string("area", 80), _need("start", sa.Date),
        _need("end", sa.Date), _string("agency", 120), _need("dose", sa.Float), sa.Column("cost", sa.Float),
        _need("card", sa.JSON), sa.Column("problem", sa.Integer), _need("added", _BIG),
        sa.Column("withdrawn", _BIG),
    )  # fmt: skip
    op.create_index("intervention_by_area", "intervention", ["area", "start"])
    _owned(
        "study_design", _named(), _string("intervention", 80), _string("sha256", 64),
        _need("design", sa.JSON), _need("locked", _BIG), _string("by_role", 120),
    )  # fmt: skip
    op.create_index("ix_study_design_intervention", "study_design", ["intervention"])
    _owned(
        "effect_verdict", _id(), _string("intervention", 80), sa.Column("design", sa.String(80)),
        _string("method", 40), _need("verdict", sa.JSON), _need("at", _BIG),
    )  # fmt: skip
    op.create_index("ix_effect_verdict_intervention", "effect_verdict", ["intervention"])
