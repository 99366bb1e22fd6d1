"""Runs of linking and what people decided of pairs. The pairs are a Parquet file; the card says how."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, Row, delete, insert, select

from peelian.domain.event import UTC
from peelian.store.catalogue import now, reading
from peelian.store.tables import link_review, link_run
from peelian.store.workspace import Workspace

DECISIONS: Final = ("same", "different")
REVIEW_SCHEMA: Final[dict[str, Any]] = {
    "left": pl.String, "right": pl.String, "decision": pl.String, "reviewer": pl.String, "decided": UTC,
}  # fmt: skip


@dataclass(frozen=True)
class LinkRun:
    """One run of linking: `path` holds its pairs."""

    id: str
    force: str
    created: datetime
    snapshot: int
    path: Path
    card: dict[str, Any]


def add_link_run(
    conn: Connection,
    ws: Workspace,
    run_id: str,
    *,
    force: str,
    snapshot: int,
    path: Path,
    card: dict[str, Any],
) -> None:
    """Record a run whose file is already whole, in place of one with the same id."""
    conn.execute(delete(link_run).where(link_run.c.id == run_id))
    conn.execute(
        insert(link_run).values(
            id=run_id, force=force, created=now(), snapshot=snapshot,
            path=path.relative_to(ws.home).as_posix(), card=card,
        )
    )  # fmt: skip


def latest_link_run(ws: Workspace, force: str) -> LinkRun | None:
    """Give the newest run of a force, if there is one."""
    query = select(link_run).where(link_run.c.force == force)
    with reading(ws) as conn:
        row = conn.execute(query.order_by(link_run.c.created.desc(), link_run.c.id.desc()).limit(1)).first()
    return None if row is None else _run(ws, row)


def latest_link_runs(ws: Workspace) -> list[LinkRun]:
    """Give the newest run of each force, by force."""
    with reading(ws) as conn:
        forces = list(conn.execute(select(link_run.c.force).distinct().order_by(link_run.c.force)).scalars())
    found = [latest_link_run(ws, force) for force in forces]
    return [run for run in found if run is not None]


def add_decision(
    conn: Connection, left: str, right: str, decision: str, *, reviewer: str, force: str
) -> None:
    """Keep what a person decided of two reports (hex keys); a later decision of the same two stands."""
    conn.execute(
        insert(link_review).values(
            left=min(left, right), right=max(left, right), decision=decision, reviewer=reviewer,
            decided=now(), force=force,
        )
    )  # fmt: skip


def decisions(ws: Workspace, force: str, *, as_of: datetime | None = None) -> pl.DataFrame:
    """Give the decision that stands for each two reports, of those taken by `as_of`: `REVIEW_SCHEMA`."""
    c = link_review.c
    query = select(*(c[name] for name in REVIEW_SCHEMA)).where(c.force == force).order_by(c.id)
    with reading(ws) as conn:
        rows = [tuple(row) for row in conn.execute(query)]
    frame = pl.DataFrame(rows, schema=REVIEW_SCHEMA, orient="row")
    if as_of is not None:
        frame = frame.filter(pl.col("decided") <= as_of)
    return frame.unique(["left", "right"], keep="last", maintain_order=True)


def _run(ws: Workspace, row: Row[Any]) -> LinkRun:
    return LinkRun(row.id, row.force, row.created, row.snapshot, ws.home / row.path, row.card)


def forget_link_runs(conn: Connection, forces: Collection[str]) -> list[str]:
    """Delete the runs of linking of some forces; give the paths of their files, to delete after the commit.

    Forecasts link anew from what stands, so nothing but the display of the last run is lost.
    """
    mine = link_run.c.force.in_(sorted(forces))
    paths = list(conn.execute(select(link_run.c.path).where(mine)).scalars())
    conn.execute(delete(link_run).where(mine))
    return paths
