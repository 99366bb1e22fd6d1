"""Merge small segments into larger ones: the same rows, fewer files. Readers of the old ones read on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl
from sqlalchemy import Row, update

from peelian.domain.actor import Actor, AuditEntry, Purpose
from peelian.store import audit
from peelian.store.catalogue import add_snapshot, ledger_transaction, now, reading
from peelian.store.segments import (
    STORED,
    Records,
    Segment,
    add_segments,
    discard,
    standing_segments,
    write_segment,
)
from peelian.store.tables import segment
from peelian.store.workspace import Workspace

SMALL_ROWS: Final = 100_000
MERGED_ROWS: Final = 1_000_000
_RECORDS: Final[tuple[Records, ...]] = tuple(STORED)


def compact(
    ws: Workspace,
    *,
    actor: Actor,
    purpose: Purpose,
    small_rows: int = SMALL_ROWS,
    merged_rows: int = MERGED_ROWS,
) -> int:
    """Merge segments of fewer than `small_rows` rows, up to `merged_rows` a file; give how many went.

    Old segments leave the newest snapshot and the merged ones enter it in one transaction. The old files stay
    for whoever still reads them, until `collect` deletes them after an hour.
    """
    gone = 0
    for records in _RECORDS:
        with reading(ws) as conn:
            small = [one for one in standing_segments(conn, records) if one.rows < small_rows]
        for batch in _batches(small, merged_rows):
            gone += _merge(ws, records, batch, actor, purpose)
    return gone


def _batches(small: Sequence[Row[Any]], merged_rows: int) -> list[list[Row[Any]]]:
    owned: dict[tuple[Any, ...], list[Row[Any]]] = defaultdict(list)
    for one in small:
        owned[(one.source, one.controller, one.force, one.crs, one.agreement, one.corrections)].append(one)
    batches: list[list[Row[Any]]] = []
    for same in owned.values():
        same.sort(key=lambda one: (one.occurred_lo, one.path))
        batches.append([])
        for one in same:
            if sum(held.rows for held in batches[-1]) + one.rows > merged_rows:
                batches.append([])
            batches[-1].append(one)
    return [batch for batch in batches if len(batch) > 1]


def _merge(ws: Workspace, records: Records, batch: Sequence[Row[Any]], actor: Actor, purpose: Purpose) -> int:
    paths = [one.path for one in batch]
    as_stored = [pl.col(name).cast(kind) for name, kind in STORED[records].items()]
    rows = pl.concat([pl.read_parquet(ws.home / Path(path)).select(as_stored) for path in paths])
    written: list[Segment] = [
        write_segment(
            ws, rows.sort("start", "key_hi", "key_lo"), records=records, corrections=batch[0].corrections
        )
    ]
    with ledger_transaction(ws) as conn:
        snapshot = add_snapshot(
            conn, actor=actor.id, what=f"compact {len(paths)} segments", controller=batch[0].controller,
            force=batch[0].force,
        )  # fmt: skip
        c = segment.c
        removed = conn.execute(
            update(segment).where(c.path.in_(paths), c.removed.is_(None))
            .values(removed=snapshot, removed_at=now())
        ).rowcount  # fmt: skip
        if removed == len(paths):
            add_segments(conn, written, snapshot)
            audit.append(
                conn, actor, purpose,
                AuditEntry("alteration", f"merge of {len(paths)} segments of {records}", area=batch[0].force),
                controller=batch[0].controller,
            )  # fmt: skip
            return removed
        conn.rollback()
    discard(ws, written)  # another compaction was faster
    return 0
