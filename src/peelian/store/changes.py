"""What changed in the ledger between two snapshots: rows that came, and those that stood and do no more."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl
from sqlalchemy import Row, select

from peelian.domain.errors import Refused
from peelian.domain.event import LEDGER_SCHEMA
from peelian.store.catalogue import reading
from peelian.store.ledger import read_versions
from peelian.store.segments import STORED, empty_rows, standing_segments
from peelian.store.tables import segment, snapshot
from peelian.store.workspace import Workspace

_KEY: Final = ("source", "force", "part", "key_hi", "key_lo")


def changes_between(ws: Workspace, first: int, last: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give events (rows, undone) of the snapshots after `first`, up to and with `last`.

    `rows` is the newest version of each key that came, retractions too; `undone` what stood at `first` of the
    keys that were changed. A state that held `first` holds `last` once it took in `rows` and took
    back `undone`. Merging files changes nothing.

    Raises:
        Refused: the files of `first` are gone, or rows were erased; build the state anew.
    """
    c = segment.c
    with reading(ws) as conn:
        came = standing_segments(conn, "events", last, c.added > first)
        went = standing_segments(conn, "events", first, c.removed.is_not(None), c.removed <= last)
        erased = conn.execute(
            select(snapshot.c.id)
            .where(snapshot.c.id > first, snapshot.c.id <= last, snapshot.c.what.startswith("erasure"))
            .limit(1)
        ).first()
    if erased is not None or any(one.collected for one in (*came, *went)):
        raise Refused(f"the files of snapshot {first} are gone", do="build the state anew from the ledger")
    fresh = _read(ws, came).join(_read(ws, went), on=[*_KEY, "version"], how="anti")
    rows = (
        fresh.sort("version").unique(list(_KEY), keep="last", maintain_order=True).select(list(LEDGER_SCHEMA))
    )
    changed = fresh.filter(pl.col("version") > 0).select(_KEY).unique()
    if changed.is_empty():
        return rows, rows.clear()
    before = read_versions(ws, snapshot=first, columns=list(LEDGER_SCHEMA))
    stood = before.join(changed, on=list(_KEY), how="semi").sort("version")
    undone = stood.unique(list(_KEY), keep="last", maintain_order=True).filter(pl.col("op") != "retract")
    return rows, undone.select(list(LEDGER_SCHEMA))


def _read(ws: Workspace, files: Sequence[Row[Any]]) -> pl.DataFrame:
    parts = [pl.read_parquet(ws.home / Path(one.path)) for one in files]
    as_stored = [pl.col(name).cast(kind) for name, kind in STORED["events"].items()]
    return pl.concat([part.select(as_stored) for part in parts]) if parts else empty_rows("events")
