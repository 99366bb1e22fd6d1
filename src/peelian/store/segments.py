"""Segments: immutable Parquet files, durable before the catalogue names them."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, cast

import polars as pl
from sqlalchemy import Connection, Row, and_, insert, or_, select
from sqlalchemy.sql.elements import ColumnElement

from peelian.domain.event import LEDGER_SCHEMA, OUTCOME_SCHEMA
from peelian.domain.records import AREA_COUNT_SCHEMA, PATROL_SCHEMA, SITE_SCHEMA
from peelian.store import tables
from peelian.store.workspace import Workspace

Records = Literal["events", "outcomes", "area_counts", "patrols", "sites"]

OWNED: Final = ("version", "op", "recorded_at", "source", "crs", "controller", "force", "agreement", "file")
_OWNER: Final = ("source", "controller", "force", "crs", "agreement")
_OURS: Final = {name: LEDGER_SCHEMA[name] for name in OWNED} | {"part": pl.String()}
STORED: Final[dict[Records, dict[str, pl.DataType]]] = {
    # `part` is ours alone: with it a key is unique, because an edition speaks for its own part only.
    "events": LEDGER_SCHEMA | {"part": pl.String()},
    "outcomes": OUTCOME_SCHEMA | _OURS,
    "area_counts": AREA_COUNT_SCHEMA | _OURS,
    "patrols": PATROL_SCHEMA | _OURS,
    "sites": SITE_SCHEMA | _OURS,
}
"""What the files of each kind of record hold, in this order."""


@dataclass(frozen=True)
class Segment:
    """One written file, not yet in the catalogue."""

    path: str
    records: Records
    source: str
    controller: str
    force: str
    crs: str
    agreement: str
    part: str | None
    occurred_lo: datetime | None
    occurred_hi: datetime | None
    available_lo: datetime | None
    available_hi: datetime | None
    rows: int
    bytes: int
    sha256: str
    corrections: bool


def write_segment(ws: Workspace, rows: pl.DataFrame, *, records: Records, corrections: bool) -> Segment:
    """Write rows of one source, controller, force, CRS and agreement; on return they survive a power cut.

    The file stays invisible until `add_segments` names it. Written as a temporary file, then synced, renamed,
    and the folder synced.
    """
    came = rows.schema
    rows = rows.select(_stored(name, came[name], kind) for name, kind in STORED[records].items())
    owner = {name: str(rows[name][0]) for name in _OWNER}
    folder = ws.segments / records / _safe(owner["source"]) / (_safe(owner["force"]) or "all")
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        for parent in (folder.parent, folder.parent.parent, ws.segments):
            _sync(parent)
    path = folder / f"{uuid.uuid4().hex}.parquet"
    temporary = path.with_suffix(".tmp")
    rows.write_parquet(temporary, compression="zstd", compression_level=1, statistics=True)
    _sync(temporary)
    size, digest = temporary.stat().st_size, _sha256(temporary)
    temporary.rename(path)
    _sync(folder)
    parts = rows["part"].unique()
    span = rows.select(
        pl.min("start").alias("occurred_lo"), pl.max("end").alias("occurred_hi"),
        pl.min("available_at").alias("available_lo"), pl.max("available_at").alias("available_hi"),
    ).row(0, named=True)  # fmt: skip
    return Segment(
        path=path.relative_to(ws.home).as_posix(), records=records, rows=rows.height, bytes=size,
        sha256=digest,
        part=parts[0] if len(parts) == 1 else None, corrections=corrections,
        **cast("dict[str, Any]", owner | span),
    )  # fmt: skip


def add_segments(conn: Connection, written: Sequence[Segment], snapshot: int) -> None:
    """Make written files part of the ledger, from `snapshot` on."""
    if written:
        conn.execute(insert(tables.segment), [vars(one) | {"added": snapshot} for one in written])


def discard(ws: Workspace, written: Sequence[Segment]) -> None:
    """Delete written files that no catalogue names."""
    for one in written:
        (ws.home / one.path).unlink(missing_ok=True)


def standing_segments(
    conn: Connection, records: Records, snapshot: int | None = None, *where: ColumnElement[bool]
) -> Sequence[Row[Any]]:
    """List the segments of a snapshot (default: now), oldest first, as catalogue rows."""
    c = tables.segment.c
    if snapshot is None:
        visible: ColumnElement[bool] = c.removed.is_(None)
    else:
        visible = and_(c.added <= snapshot, or_(c.removed.is_(None), c.removed > snapshot))
    query = select(tables.segment).where(c.records == records, visible, *where).order_by(c.added, c.path)
    return conn.execute(query).all()


def files_held(conn: Connection) -> dict[str, str]:
    """Give path and SHA-256 of every file that the catalogue names and nobody has collected yet."""
    asked = select(tables.segment.c.path, tables.segment.c.sha256).where(~tables.segment.c.collected)
    return {one.path: one.sha256 for one in conn.execute(asked.order_by(tables.segment.c.path))}


def rows_standing(conn: Connection) -> int:
    """Count the rows of events in the newest snapshot's files (every version of each)."""
    return sum(int(one.rows) for one in standing_segments(conn, "events"))


def empty_rows(records: Records) -> pl.DataFrame:
    """Give no rows, with every column."""
    return pl.DataFrame(schema=cast("dict[str, Any]", STORED[records]))


def _stored(name: str, came: pl.DataType, kind: pl.DataType) -> pl.Expr:
    # A text column that is one word throughout comes as an Enum of that word: half the time to write it, and
    # the file reads the same.
    if kind == pl.String and isinstance(came, pl.Enum):
        return pl.col(name)
    return pl.col(name).cast(kind)


def _safe(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in name)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
