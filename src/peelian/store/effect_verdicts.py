"""Verdicts on interventions as they were found, null results too: added, never overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from peelian.domain.actor import Actor, AuditEntry, Purpose
from peelian.domain.errors import NotFound
from peelian.store import audit
from peelian.store.catalogue import now, reading
from peelian.store.decision_tables import effect_verdict
from peelian.store.decision_tables import intervention as intervention_row
from peelian.store.owning import of_row
from peelian.store.workspace import Workspace


@dataclass(frozen=True)
class HeldVerdict:
    """One verdict: by which method, by which locked design (None: by none), what was found (JSON)."""

    id: int
    intervention: str
    design: str | None
    method: str
    verdict: dict[str, Any]
    at: datetime


def add_verdict(
    conn: Connection, actor: Actor, purpose: Purpose, intervention: str, method: str,
    verdict: dict[str, Any], *, design: str | None = None,
) -> int:  # fmt: skip
    """Keep a verdict beside earlier ones, with its audit row; give its number."""
    row = {
        "intervention": intervention, "design": design, "method": method, "verdict": verdict, "at": now(),
        **of_row(conn, intervention_row, intervention).columns,
    }  # fmt: skip
    made = conn.execute(insert(effect_verdict).values(row))
    said = f"effect of intervention {intervention} estimated by {method}"
    audit.append(conn, actor, purpose, AuditEntry("combination", said))
    key = made.inserted_primary_key
    assert key is not None
    return int(key[0])


def get_verdict(ws: Workspace, number: int) -> HeldVerdict:
    """Give one verdict.

    Raises:
        NotFound: there is none of that number.
    """
    query = select(effect_verdict).where(effect_verdict.c.id == number)
    with reading(ws) as conn:
        row = conn.execute(query).one_or_none()
    if row is None:
        raise NotFound("there is no such verdict here", expected="a number that /evaluation shows")
    return _held(row)


def list_verdicts(where: Workspace | Connection, intervention: str | None = None) -> list[HeldVerdict]:
    """List verdicts, of one intervention or all, the newest first."""
    if isinstance(where, Workspace):
        with reading(where) as conn:
            return list_verdicts(conn, intervention)
    c = effect_verdict.c
    query = select(effect_verdict).order_by(c.id.desc())
    if intervention is not None:
        query = query.where(c.intervention == intervention)
    return [_held(row) for row in where.execute(query)]


def _held(row: Row[Any]) -> HeldVerdict:
    return HeldVerdict(row.id, row.intervention, row.design, row.method, row.verdict, row.at)
