"""Owners: every record of acting and warning names its force and area; one row of numbers for all forces.

Rows that named no force take that of the run they came from, of their area's runs, or of what they belong to.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

from peelian.store.database_roles import protect_sql

revision = "0009"
down_revision = "0008"

_OF_AREA: Final = ("plan", "problem", "intervention", "warning", "warning_watch", "gate_verdict", "release")
_CHILDREN: Final = (  # child, its column, the parent: an intervention's problem is no parent of its area
    ("warning_step", "warning", "warning"), ("outbox", "warning", "warning"),
    ("action", "problem", "problem"), ("study_design", "intervention", "intervention"),
    ("effect_verdict", "intervention", "intervention"),
)  # fmt: skip
_SUBJECTS: Final = ("run", "warning", "plan", "problem", "intervention")


def upgrade() -> None:
    """Add the columns and the table, fill them, and put all behind their policy where there is one."""
    for table in (*(child for child, _, _ in _CHILDREN), "decision"):
        op.add_column(table, _text("area", 80))
    op.create_table(
        "numbering", sa.Column("name", sa.String(40), primary_key=True), _text("controller", 120),
        _text("force", 40), sa.Column("last", sa.Integer, nullable=False),
    )  # fmt: skip
    bind = op.get_bind()
    bind.execute(
        sa.text("insert into numbering (name, last) select 'intervention', count(*) from intervention")
    )
    _fill(bind)
    if bind.dialect.name == "postgresql":
        for name in sorted(sa.inspect(bind).get_table_names()):
            columns = {column["name"] for column in sa.inspect(bind).get_columns(name)}
            for statement in protect_sql(name, columns):
                op.execute(statement)


def _fill(bind: sa.Connection) -> None:
    bind.execute(sa.text(
        "update plan set force = coalesce((select r.force from run r where r.id = plan.run), '') "
        "where force = ''"
    ))  # fmt: skip
    # A release was given its area's code for a force: right only where a force of that code is held.
    bind.execute(sa.text(
        "update release set force = '' where force = area and exists "
        "(select 1 from run r where r.area = release.area and r.force <> '')"
    ))  # fmt: skip
    for table in _OF_AREA:
        areas = bind.execute(sa.text(f"select distinct area from {table} where force = ''")).scalars().all()
        for area in areas:
            force = _force_of(bind, area)
            if force:
                said = sa.text(f"update {table} set force = :force where force = '' and area = :area")
                bind.execute(said, {"force": force, "area": area})
    for child, column, parent in _CHILDREN:
        _take_over(bind, child, f"p.id = {child}.{column}", parent)
    for kind in _SUBJECTS:
        _take_over(
            bind, "decision", "cast(p.id as varchar(80)) = decision.about", kind,
            f"decision.about_kind = '{kind}'",
        )  # fmt: skip


def _take_over(bind: sa.Connection, child: str, same: str, parent: str, only: str = "1 = 1") -> None:
    for name in ("area", "force"):
        bind.execute(sa.text(
            f"update {child} set {name} = (select p.{name} from {parent} p where {same}) "
            f"where {name} = '' and {only} and exists (select 1 from {parent} p where {same})"
        ))  # fmt: skip


def _force_of(bind: sa.Connection, area: str) -> str:
    asked = sa.text("select distinct force from run where area = :area and force <> '' limit 2")
    forces = bind.execute(asked, {"area": area}).scalars().all()
    if forces:
        return str(forces[0]) if len(forces) == 1 else "several"
    told = sa.text("select force from delivery where force = :area limit 1")
    return str(bind.execute(told, {"area": area}).scalar() or "")


def _text(name: str, length: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=False, server_default="")
