"""Erasure: rewrite the segments that hold what must go, log how many rows went, delete the old files.

A rewritten segment takes the old one's place in every snapshot, so no snapshot shows an erased row again, and
a forecast pinned to an earlier one can say how many of its inputs are gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, Row, delete, insert, select, update

from peelian.domain.actor import Actor, AuditEntry, Purpose
from peelian.store import audit, tables
from peelian.store.catalogue import add_snapshot, ledger_transaction, now, reading
from peelian.store.deliveries import forget_days
from peelian.store.links import forget_link_runs
from peelian.store.mappings import forget_mapping
from peelian.store.segments import STORED, Records, Segment, discard, write_segment
from peelian.store.workspace import Workspace

_KEY: Final = ("source", "force", "part", "key_hi", "key_lo")


@dataclass(frozen=True)
class Due:
    """What must go: rows of an agreement, all (`before` None) or those that ended before an instant."""

    agreement: str
    rule: str  # why, in words
    before: datetime | None = None


@dataclass(frozen=True)
class _Rewritten:
    old: Row[Any]
    new: Segment | None  # None: nothing of it stays
    gone: int


def count_due(ws: Workspace, due: Due) -> int:
    """Count the standing rows that an erasure would delete."""
    with reading(ws) as conn:
        segments = _segments(conn, due)
    return sum(
        _gone(_read(ws, one), keys).height if keys is not None else one.rows
        for records, keys in ((records, _keys(ws, segments, records, due)) for records in STORED)
        for one in segments
        if one.records == records and one.removed is None
    )


def erase(ws: Workspace, due: Due, *, actor: Actor, purpose: Purpose) -> int:
    """Erase in one transaction; give how many standing rows went. What was put aside of them goes too."""
    while True:
        with reading(ws) as conn:
            segments = _segments(conn, due)
        rewritten: list[_Rewritten] = []
        for records in STORED:
            keys = _keys(ws, segments, records, due)
            for one in segments:
                if one.records == records:
                    rewritten += _rewrite(ws, one, records, keys)
        try:
            with ledger_transaction(ws) as conn:
                if [one.path for one in _segments(conn, due)] == [one.path for one in segments]:
                    gone = _record(conn, due, rewritten, actor, purpose)
                    linked = forget_link_runs(conn, {one.old.force for one in rewritten})
                    break
        except BaseException:
            discard(ws, [one.new for one in rewritten if one.new])
            raise
        discard(ws, [one.new for one in rewritten if one.new])  # someone changed the ledger: look again
    if due.before is None:
        _forget_mappings(ws, due.agreement)
    for path in [*linked, *(one.old.path for one in rewritten)]:
        (ws.home / path).unlink(missing_ok=True)
    _overwrite(ws)
    return gone


def touched(conn: Connection, snapshot: int) -> int:
    """Count the rows a snapshot showed that have been erased since."""
    c = tables.erasure.c
    rows = conn.execute(select(c.rows, c.removed).where(c.added <= snapshot, c.snapshot > snapshot))
    return sum(row.rows for row in rows if row.removed is None or row.removed > snapshot)


def _segments(conn: Connection, due: Due) -> Sequence[Row[Any]]:
    c = tables.segment.c
    query = select(tables.segment).where(c.agreement == due.agreement, c.collected.is_(False))
    if due.before is not None:
        query = query.where(c.occurred_lo < due.before)
    return conn.execute(query.order_by(c.added, c.path)).all()


def _keys(ws: Workspace, segments: Sequence[Row[Any]], records: Records, due: Due) -> pl.DataFrame | None:
    """Give the keys whose newest version ended before the instant; None: all of them."""
    if due.before is None:
        return None
    some = [pl.scan_parquet(ws.home / one.path) for one in segments if one.records == records]
    if not some:
        return pl.DataFrame(schema={name: STORED[records][name] for name in _KEY})
    rows = pl.concat([one.select(*_KEY, "version", "end") for one in some]).sort("version")
    newest = rows.group_by(_KEY).agg(pl.col("end").last())
    return newest.filter(pl.col("end") <= due.before).select(_KEY).collect()


def _read(ws: Workspace, one: Row[Any]) -> pl.DataFrame:
    return pl.read_parquet(ws.home / one.path)


def _gone(rows: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    return rows.join(keys, on=_KEY, how="semi", nulls_equal=True)


def _rewrite(ws: Workspace, one: Row[Any], records: Records, keys: pl.DataFrame | None) -> list[_Rewritten]:
    if keys is None:
        return [_Rewritten(one, None, one.rows)]
    rows = _read(ws, one)
    kept = rows.join(keys, on=_KEY, how="anti", nulls_equal=True)
    if kept.height == rows.height:
        return []
    new = None
    if kept.height:
        new = write_segment(ws, kept, records=records, corrections=one.corrections)
    return [_Rewritten(one, new, rows.height - kept.height)]


def _record(conn: Connection, due: Due, rewritten: list[_Rewritten], actor: Actor, purpose: Purpose) -> int:
    gone = sum(one.gone for one in rewritten if one.old.removed is None)
    snapshot = add_snapshot(conn, actor=actor.id, what=f"erasure: {due.rule}")
    for one in rewritten:
        where = tables.segment.c.path == one.old.path
        if one.new is None:
            conn.execute(delete(tables.segment).where(where))
        else:
            conn.execute(update(tables.segment).where(where).values(**vars(one.new)))
        conn.execute(insert(tables.erasure).values(
            at=now(), rule=due.rule, source=one.old.source, records=one.old.records, added=one.old.added,
            removed=one.old.removed, rows=one.gone, snapshot=snapshot, agreement=due.agreement,
            controller=one.old.controller, force=one.old.force,
        ))  # fmt: skip
    forget_days(conn, due.agreement, due.before)
    _forget_files(conn, due)
    for force in sorted({one.old.force for one in rewritten}):
        rows = sum(one.gone for one in rewritten if one.old.force == force and one.old.removed is None)
        entry = AuditEntry("erasure", f"{rows} rows under {due.agreement}: {due.rule}", area=force)
        audit.append(conn, actor, purpose, entry)
    return gone


def _forget_files(conn: Connection, due: Due) -> None:
    """What rows put aside and waiting for review still say goes too; that the files came stays on record."""
    file, aside, review = tables.ingest_file, tables.quarantine, tables.knife_review
    files = select(file.c.sha256).where(file.c.agreement == due.agreement)
    if due.before is not None:
        files = files.where(file.c.at < due.before)
    conn.execute(update(aside).where(aside.c.sha256.in_(files)).values(fields=None))
    conn.execute(delete(review).where(review.c.sha256.in_(files)))
    profile = tables.feed_profile
    if due.before is None:
        conn.execute(delete(profile).where(profile.c.sha256.in_(files)))
        # so that the same file may come again under a renewed agreement
        conn.execute(update(file).where(file.c.agreement == due.agreement).values(options=""))


def _forget_mappings(ws: Workspace, agreement: str) -> None:
    """Delete the copies of mappings that only files of this agreement were read by."""
    c = tables.ingest_file.c
    with reading(ws) as conn:
        rows = conn.execute(select(c.agreement, c.rules).where(c.rules.is_not(None))).all()
    of = [(row.agreement == agreement, (row.rules or {}).get("mapping_sha256")) for row in rows]
    theirs, others = ({str(sha) for ended, sha in of if sha and ended is mine} for mine in (True, False))
    for sha256 in theirs - others:
        forget_mapping(ws, sha256)


def _overwrite(ws: Workspace) -> None:
    """Empty SQLite's write-ahead log, which still holds the rows as they were."""
    if ws.engine.dialect.name == "sqlite":
        with ws.engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            raw.execute("pragma wal_checkpoint(truncate)")
