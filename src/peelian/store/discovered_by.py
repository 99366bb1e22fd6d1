"""Who reported what each feed holds, as far as its rows say: the public, officers, or not known."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import polars as pl

from peelian.store.agreements import closed_agreements
from peelian.store.catalogue import reading
from peelian.store.ledger import latest_snapshot, read_events
from peelian.store.row_cut import Reader, reader_now
from peelian.store.workspace import Workspace


def who_reported(ws: Workspace) -> list[dict[str, Any]]:
    """Give, by source, how many reports stand and how many say `public`, `officer` or neither (`unknown`)."""
    with reading(ws) as conn:
        closed = closed_agreements(conn)
    return [dict(row) for row in _counted(ws, latest_snapshot(ws), closed, reader_now())]


@lru_cache(maxsize=8)
def _counted(
    ws: Workspace, snapshot: int, _closed: tuple[str, ...], _reader: Reader | None
) -> tuple[dict[str, Any], ...]:
    """Count once for each state of the ledger, of its agreements and of who reads."""
    if snapshot == 0:
        return ()
    rows = read_events(ws, columns=["source", "discovered_by", "n"])
    by = pl.col("discovered_by").cast(pl.String)
    reports = pl.col("n").cast(pl.Int64)
    counts = rows.group_by(pl.col("source").cast(pl.String)).agg(
        reports=reports.sum(), public=reports.filter(by == "public").sum(),
        officer=reports.filter(by == "officer").sum(),
    )  # fmt: skip
    told = counts.with_columns(unknown=pl.col("reports") - pl.col("public") - pl.col("officer"))
    return tuple(told.sort("source").to_dicts())
