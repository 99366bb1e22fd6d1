"""Intake: the files taken, their counts, and the rows put aside with a reason."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import polars as pl
from sqlalchemy import Connection, Row, func, insert, select

from peelian.store import tables
from peelian.store.catalogue import now, reading
from peelian.store.segments import Records
from peelian.store.workspace import Workspace

_AT_ONCE = 10_000


def earlier_intake(conn: Connection, *, sha256: str, options: str, source: str) -> Row[Any] | None:
    """Give the counts of the last time these very bytes were taken with these options, or None."""
    c = tables.ingest_file.c
    return conn.execute(
        select(tables.ingest_file).where(c.sha256 == sha256, c.options == options, c.source == source)
        .order_by(c.id.desc()).limit(1)
    ).one_or_none()  # fmt: skip


def add_file(
    conn: Connection, *, sha256: str, options: str, source: str, name: str, kind: str, controller: str,
    force: str, counts: dict[str, int], snapshot: int | None, agreement: str = "",
    rules: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """Record that a file was taken, and where each of its rows went."""
    conn.execute(
        insert(tables.ingest_file).values(
            sha256=sha256, options=options, source=source, name=name[-300:], kind=kind, controller=controller,
            force=force, at=now(), snapshot=snapshot, agreement=agreement, rules=rules, **counts,
        )
    )  # fmt: skip


def add_quarantine(
    conn: Connection,
    rejects: pl.DataFrame,
    *,
    sha256: str,
    options: str,
    records: Records,
    controller: str,
    force: str,
    source: str = "",
) -> None:
    """Put rows aside: `rejects` has `row` (1-based data line), `reason` and perhaps `fields` (JSON text).

    No more of a row is kept than the fields a source gave: mapped, scanned and no narrative.
    """
    same = {
        "sha256": sha256, "options": options, "records": records, "controller": controller, "force": force,
        "source": source,
    }  # fmt: skip
    if "fields" not in rejects.columns:
        rejects = rejects.with_columns(fields=pl.lit(None, pl.String))
    for start in range(0, rejects.height, _AT_ONCE):
        rows = rejects.slice(start, _AT_ONCE).select("row", "reason", "fields").to_dicts()
        for row in rows:
            row["fields"] = json.loads(row["fields"]) if row["fields"] else None
        conn.execute(insert(tables.quarantine), [same | row for row in rows])


def list_quarantine(ws: Workspace, *, sha256: str | None = None, last: int = 1000) -> pl.DataFrame:
    """List rows put aside: [sha256, records, row, reason], newest file first."""
    c = tables.quarantine.c
    query = select(c.sha256, c.records, c.row, c.reason).order_by(c.id.desc()).limit(last)
    if sha256 is not None:
        query = query.where(c.sha256 == sha256)
    schema: dict[str, Any] = {"sha256": pl.String, "records": pl.String, "row": pl.Int64, "reason": pl.String}
    with reading(ws) as conn:
        return pl.DataFrame([tuple(row) for row in conn.execute(query)], schema=schema, orient="row")


def list_files(ws: Workspace) -> Sequence[Row[Any]]:
    """List the files taken, oldest first."""
    with reading(ws) as conn:
        return conn.execute(select(tables.ingest_file).order_by(tables.ingest_file.c.id)).all()


def count_aside(conn: Connection) -> list[Row[Any]]:
    """Count the rows that lie aside, by feed and reason, most first: source, reason, rows."""
    c = tables.quarantine.c
    many = func.count().label("rows")
    query = (
        select(c.source, c.reason, many).where(c.state == "aside").group_by(c.source, c.reason)
        .order_by(many.desc(), c.source, c.reason)
    )  # fmt: skip
    return list(conn.execute(query).all())
