"""A correction of our own: a new version of a held row, appended; nothing is overwritten."""

from __future__ import annotations

from typing import Any, Final

import polars as pl
from sqlalchemy import Connection

from peelian.domain.errors import NotFound, Refused
from peelian.store.agreements import closed_agreements
from peelian.store.catalogue import add_snapshot, now
from peelian.store.segments import STORED, Segment, add_segments, standing_segments, write_segment
from peelian.store.tables import segment
from peelian.store.workspace import Workspace

_MOST: Final = 65_535


def standing_row(conn: Connection, ws: Workspace, *, key: str, source: str, force: str) -> pl.DataFrame:
    """Give the newest version of an event, one row as the ledger stores it. `key`: 32 hex digits.

    Raises:
        NotFound: no such event is held, or its agreement has ended.
        Refused: it was retracted.
    """
    c = segment.c
    hi, lo = int(key[:16], 16), int(key[16:], 16)
    files = standing_segments(
        conn, "events", None, c.source == source, c.force == force,
        c.agreement.not_in(closed_agreements(conn)),
    )  # fmt: skip
    mine = (pl.col("key_hi") == pl.lit(hi, pl.UInt64)) & (pl.col("key_lo") == pl.lit(lo, pl.UInt64))
    found = [pl.scan_parquet(ws.home / one.path).filter(mine).collect() for one in files]
    rows = [one for one in found if one.height]
    if not rows:
        raise NotFound("the event is not held (any more)", do="nothing is to be decided of it")
    same = [one.select(pl.col(name).cast(kind) for name, kind in STORED["events"].items()) for one in rows]
    newest = pl.concat(same).sort("version", "part").tail(1)
    if newest["op"].cast(pl.String).item() == "retract":
        raise Refused("the event was retracted by its source", do="nothing is to be decided of it")
    if newest["version"].item() >= _MOST:
        raise Refused("the event already has 65,535 versions", do="nothing can be added to it")
    return newest


def append_correction(
    conn: Connection, ws: Workspace, row: pl.DataFrame, changes: dict[str, Any], *, actor: str, what: str
) -> Segment:
    """Append `row` (from `standing_row`) with `changes` as its next version, known from now on.

    In a ledger transaction. Its `content` stays the source's: the same row delivered again is the same row,
    and does not undo what a person decided. Whoever calls discards the segment when the transaction fails.
    """
    at = now()
    later = pl.max_horizontal(pl.col("available_at"), pl.lit(at).dt.convert_time_zone("UTC"))
    new = row.with_columns(
        (pl.col("version") + 1).alias("version"), pl.lit("revise").alias("op"),
        later.alias("available_at"), pl.lit(at).dt.convert_time_zone("UTC").alias("recorded_at"),
        **{name: pl.lit(value) for name, value in changes.items()},
    )  # fmt: skip
    written = write_segment(ws, new, records="events", corrections=True)
    snapshot = add_snapshot(conn, actor=actor, what=what, controller=written.controller, force=written.force)
    add_segments(conn, [written], snapshot)
    return written
