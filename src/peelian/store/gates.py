"""Gates: which model may be served for a target and horizon. Each verdict is kept; the newest is in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Row, insert, select

from peelian.store.catalogue import now, reading, transaction
from peelian.store.owning import of_area
from peelian.store.tables import gate_verdict
from peelian.store.workspace import Workspace

Kind = Literal["backtest", "retrain"]


@dataclass(frozen=True)
class GateKey:
    """What a gate stands for."""

    area: str
    target: str
    every: str
    horizon: int
    window: int


@dataclass(frozen=True)
class Gate:
    """One verdict: of a backtest (model against plain count) or of a retraining (new fit against old).

    `versions` are those of the models compared, by id; `source` names the backtest; `last_origin` is the
    last forecast date compared (None in verdicts older than this record).
    """

    served_model: str
    verdict: dict[str, Any]
    at: datetime
    kind: str = "backtest"
    versions: dict[str, str] = field(default_factory=dict)
    source: str = ""
    last_origin: date | None = None
    key: GateKey | None = None


def set_gate(
    ws: Workspace, area: str, target: str, every: str, horizon: int, window: int,
    served_model: str, verdict: dict[str, Any], *, kind: Kind = "backtest",
    versions: Mapping[str, str] | None = None, source: str = "", last_origin: date | None = None,
) -> None:  # fmt: skip
    """Record what was decided. Earlier verdicts stay; this one is in force from now on."""
    with transaction(ws) as conn:
        conn.execute(
            insert(gate_verdict).values(
                area=area, target=target, every=every, horizon=horizon, window=window, kind=kind,
                served_model=served_model, versions=dict(versions or {}), source=source[-300:],
                last_origin=last_origin, verdict=verdict, at=now(), force=of_area(conn, area).force,
            )
        )  # fmt: skip


def get_gate(
    ws: Workspace, area: str, target: str, every: str, horizon: int, window: int, *, kind: Kind = "backtest"
) -> Gate | None:
    """Give the verdict in force, or None where nothing was decided."""
    found = gate_history(ws, area, target, every, horizon, window, kind=kind, last=1)
    return found[0] if found else None


def gate_history(
    ws: Workspace, area: str | None = None, target: str | None = None, every: str | None = None,
    horizon: int | None = None, window: int | None = None, *, kind: Kind | None = None, last: int = 1000,
) -> list[Gate]:  # fmt: skip
    """List verdicts, newest first; what is None is not asked for."""
    c = gate_verdict.c
    asked = {"area": area, "target": target, "every": every, "horizon": horizon, "window": window}
    query = select(gate_verdict).order_by(c.id.desc()).limit(last)
    for name, value in (asked | {"kind": kind}).items():
        if value is not None:
            query = query.where(c[name] == value)
    with reading(ws) as conn:
        return [_gate(row) for row in conn.execute(query)]


def _gate(row: Row[Any]) -> Gate:
    key = GateKey(row.area, row.target, row.every, row.horizon, row.window)
    return Gate(
        row.served_model, row.verdict, row.at, row.kind, dict(row.versions or {}), row.source,
        row.last_origin, key,
    )  # fmt: skip
