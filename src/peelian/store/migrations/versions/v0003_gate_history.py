"""Gates keep their history: every verdict stays, the newest is in force."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEPT = (
    "area", "target", "every", "horizon", "window", "controller", "force", "served_model", "verdict", "at",
)  # fmt: skip


def upgrade() -> None:
    """Make the table of all verdicts, take the old ones over, and drop the table that held the last only."""
    op.create_table(
        "gate_verdict", sa.Column("id", _ID, primary_key=True),
        sa.Column("controller", sa.String(120), nullable=False, server_default=""),
        sa.Column("force", sa.String(40), nullable=False, server_default=""),
        sa.Column("area", sa.String(80), nullable=False), sa.Column("target", sa.String(60), nullable=False),
        sa.Column("every", sa.String(10), nullable=False),
        sa.Column("horizon", sa.Integer, nullable=False), sa.Column("window", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False, server_default="backtest"),
        sa.Column("served_model", sa.String(60), nullable=False),
        sa.Column("versions", sa.JSON, nullable=False, server_default="{}"),
        sa.Column("source", sa.String(300), nullable=False, server_default=""),
        sa.Column("last_origin", sa.Date),
        sa.Column("verdict", sa.JSON, nullable=False), sa.Column("at", sa.BigInteger, nullable=False),
    )  # fmt: skip
    op.create_index("gate_verdict_by_key", "gate_verdict", ["area", "target", "every"])
    names = ", ".join(f'"{name}"' for name in _KEPT)
    op.execute(f'insert into gate_verdict ({names}) select {names} from gate order by "at"')
    op.drop_table("gate")
