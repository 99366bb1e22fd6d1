"""Coverage: which days of which groups a force has published. What is not here is missing, not zero."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, Final

import polars as pl
from sqlalchemy import select

from peelian.domain.event import UTC
from peelian.domain.time import london_midnight
from peelian.store.agreements import closed_agreements
from peelian.store.catalogue import reading
from peelian.store.tables import delivery
from peelian.store.workspace import Workspace

COVERAGE_SCHEMA: Final[dict[str, Any]] = {
    "source": pl.String, "force": pl.String, "crs": pl.String, "kind": pl.String,
    "groups": pl.List(pl.String), "start": pl.Date, "end": pl.Date, "available_at": UTC, "rows": pl.Int64,
}  # fmt: skip


def coverage(ws: Workspace, *, snapshot: int | None = None, purpose: str | None = None) -> pl.DataFrame:
    """Give what is held of events: one row a delivered part, [start, end) in days, first `available_at`.

    A delivery whose rows were each available when they ended gives one row a day, available at its end, and
    all its `rows` stand on the first.

    `groups` is what the feed reports, over all its deliveries of that force and kind: a month in which a
    small force had no robbery is zero, not missing. `rows` is the newest edition's. What came under an
    agreement that is over is not held any more: its days are missing.
    """
    c = delivery.c
    query = select(delivery).where(c.records == "events", c.start.is_not(None)).order_by(c.id)
    if snapshot is not None:
        query = query.where(c.snapshot <= snapshot)
    with reading(ws) as conn:
        query = query.where(c.agreement.not_in(closed_agreements(conn, purpose)))
        found = [dict(row._mapping) for row in conn.execute(query)]
    spoken: dict[tuple[str, str, str], set[str]] = {}
    for one in found:
        spoken.setdefault((one["source"], one["force"], one["kind"]), set()).update(one["groups"])
    parts: dict[tuple[Any, ...], dict[str, Any]] = {}
    for one in found:
        owner = (one["source"], one["force"], one["kind"])
        # An edition replaces its part; deliveries of rows each stand for their own days.
        key = (*owner, one["crs"], one["part"] or (one["start"], one["end"], one["available_at"]))
        first = parts.get(key, one)["available_at"]
        parts[key] = one | {"groups": sorted(spoken[owner]), "available_at": first}
    rows = [{name: one[name] for name in COVERAGE_SCHEMA} for one in _by_day(parts.values())]
    frame = pl.DataFrame(rows, schema=COVERAGE_SCHEMA, orient="row")
    return frame.sort("source", "force", "crs", "kind", "start", "end", "available_at")


def _by_day(parts: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in parts:
        if one["available_at"] is not None:
            yield one
            continue
        for day in range((one["end"] - one["start"]).days):
            first = one["start"] + timedelta(days=day)
            last = first + timedelta(days=1)
            at = {"start": first, "end": last, "available_at": london_midnight(last)}
            yield one | at | {"rows": 0 if day else one["rows"]}
