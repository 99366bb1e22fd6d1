"""Fairness audits as they were made, each whole; the newest of an area, target and period stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select

from peelian.domain.fairness_standing import Standing, standing
from peelian.store.audit_attributes import attributes_held
from peelian.store.catalogue import newest_snapshot, now, reading
from peelian.store.runs import RunRow
from peelian.store.trust_tables import fairness_audit
from peelian.store.workspace import Workspace

_LOOKED_AT: Final = 12


@dataclass(frozen=True)
class FairnessAudit:
    """One audit. `body` is its fairness.json; `whole`: every kind of lookup was there."""

    run: str
    area: str
    target: str
    model: str
    made: datetime
    whole: bool
    alarms: int
    sentence: str
    body: dict[str, Any]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Name the lookups it compared by."""
        return tuple(self.body.get("kinds", ()))


def add_fairness_audit(conn: Connection, made: FairnessAudit) -> None:
    """Keep an audit."""
    values = {name: getattr(made, name) for name in made.__dataclass_fields__}
    conn.execute(insert(fairness_audit).values(snapshot=newest_snapshot(conn), **values))


def fairness_audits(
    ws: Workspace, area: str | None = None, target: str | None = None, model: str | None = None, *,
    last: int = 200,
) -> list[FairnessAudit]:  # fmt: skip
    """List audits, newest first."""
    c = fairness_audit.c
    query = select(fairness_audit).order_by(c.made.desc(), c.id.desc()).limit(last)
    for column, value in ((c.area, area), (c.target, target), (c.model, model)):
        if value is not None:
            query = query.where(column == value)
    with reading(ws) as conn:
        return [_audit(row) for row in conn.execute(query)]


def _audit(row: Row[Any]) -> FairnessAudit:
    return FairnessAudit(
        row.run, row.area, row.target, row.model, row.made, row.whole, row.alarms, row.sentence, row.body
    )


def audit_of(ws: Workspace, run: RunRow) -> FairnessAudit | None:
    """Give the newest audit that stands for a run: of its area, target, period, window and model."""
    wanted = served_key(run.card)
    for one in fairness_audits(ws, run.area, run.target, wanted["model"], last=_LOOKED_AT):
        if {name: one.body.get(name) for name in wanted} == wanted:
            return one
    return None


def served_key(card: dict[str, Any]) -> dict[str, Any]:
    """Give what an audit must share with a run's card to stand for it; shifts share out their day's."""
    every = str(card["every"])
    model = card.get("model") or {}
    return {
        "every": "day" if every == "shift" else every, "window": int(card.get("window") or 1),
        "model": str(model.get("id", "")), "version": str(model.get("version", "")),
    }  # fmt: skip


def standing_of(ws: Workspace, run: RunRow, at: datetime | None = None) -> Standing:
    """Say how the audit of a run's model stands at an instant (now)."""
    found = audit_of(ws, run)
    if found is None:
        return standing(None, (), at or now(), lookups=bool(attributes_held(ws)))
    return standing(found.made, found.kinds, at or now(), lookups=True)
