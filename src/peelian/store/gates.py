"""Gates: which model may be served for a target and horizon, and the comparison that decided it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from peelian.store.catalogue import now, reading, transaction
from peelian.store.tables import gate
from peelian.store.workspace import Workspace


@dataclass(frozen=True)
class Gate:
    """The last decision for one area, target, period, horizon and window."""

    served_model: str
    verdict: dict[str, Any]
    at: datetime


def set_gate(
    ws: Workspace, area: str, target: str, every: str, horizon: int, window: int,
    served_model: str, verdict: dict[str, Any],
) -> None:  # fmt: skip
    """Record what a backtest decided, in place of the last decision."""
    key = {"area": area, "target": target, "every": every, "horizon": horizon, "window": window}
    with transaction(ws) as conn:
        conn.execute(delete(gate).where(*(gate.c[name] == value for name, value in key.items())))
        conn.execute(insert(gate).values(**key, served_model=served_model, verdict=verdict, at=now()))


def get_gate(ws: Workspace, area: str, target: str, every: str, horizon: int, window: int) -> Gate | None:
    """Give the last decision, or None where no backtest has decided."""
    key = {"area": area, "target": target, "every": every, "horizon": horizon, "window": window}
    with reading(ws) as conn:
        row = conn.execute(
            select(gate).where(*(gate.c[name] == value for name, value in key.items()))
        ).one_or_none()
    return None if row is None else Gate(row.served_model, row.verdict, row.at)
