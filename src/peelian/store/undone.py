"""What one commit to the ledger changed: what `changes_between` gives for it, without reading the rest.

A live feed commits twice a second beside years of history: only the rows of the keys it corrects are read.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from peelian.domain.event import LEDGER_SCHEMA
from peelian.store.catalogue import reading
from peelian.store.duck import duck, files_sql, frame
from peelian.store.segments import STORED, empty_rows, standing_segments
from peelian.store.tables import segment
from peelian.store.workspace import Workspace

_KEY: Final = ("source", "force", "part", "key_hi", "key_lo")


def changed_by(ws: Workspace, snapshot: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give events (rows, undone) of one commit of one source and force, with the ledger's schema.

    `rows` is the newest version of each key that came, retractions too; `undone` what stood before of the
    keys that were there.
    """
    c = segment.c
    with reading(ws) as conn:
        came = standing_segments(conn, "events", snapshot, c.added == snapshot)
        owners = {(one.source, one.force) for one in came}
        before = [
            one
            for source, force in sorted(owners)
            for one in standing_segments(conn, "events", snapshot - 1, c.source == source, c.force == force)
        ]
    schema = STORED["events"]
    as_stored = [pl.col(name).cast(kind) for name, kind in schema.items()]
    parts = [pl.read_parquet(ws.home / Path(one.path)).select(as_stored) for one in came]
    fresh = pl.concat(parts) if parts else empty_rows("events")
    rows = _newest(fresh)
    keys = fresh.filter(pl.col("version") > 0).select("key_hi", "key_lo").unique()
    if keys.is_empty() or not before:
        return rows.select(list(LEDGER_SCHEMA)), rows.clear().select(list(LEDGER_SCHEMA))
    files = files_sql([ws.home / Path(one.path) for one in before])
    with duck() as db:
        db.register("changed", keys.to_arrow())
        held = frame(db, f"select b.* from {files} b semi join changed c using (key_hi, key_lo)")
    stood = _newest(held.select(as_stored)).filter(pl.col("op") != "retract")
    stood = stood.join(rows.filter(pl.col("version") > 0), on=list(_KEY), how="semi")
    return rows.select(list(LEDGER_SCHEMA)), stood.select(list(LEDGER_SCHEMA))


def _newest(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.sort("version").unique(list(_KEY), keep="last", maintain_order=True)
