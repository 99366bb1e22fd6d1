"""Read the ledger: what stood at an instant, or every version. The only way to events."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import polars as pl
from sqlalchemy import Row
from sqlalchemy.sql.elements import ColumnElement

from peelian.domain.errors import Refused
from peelian.domain.event import LEDGER_SCHEMA
from peelian.store.agreements import closed_agreements
from peelian.store.catalogue import newest_snapshot, reading
from peelian.store.duck import Duck, duck, files_sql, frame
from peelian.store.segments import STORED, Records, standing_segments
from peelian.store.tables import segment
from peelian.store.workspace import Workspace

_STATE: Final = ("key_hi", "key_lo", "version", "op", "content", "available_at")
_ORDER: Final = ("start", "key_hi", "key_lo", "version", "part")


def latest_snapshot(ws: Workspace) -> int:
    """Give the id of the newest snapshot; 0 when nothing was ever ingested."""
    with reading(ws) as conn:
        return newest_snapshot(conn)


def read_events(
    ws: Workspace,
    *,
    as_of: datetime | None = None,
    before: datetime | None = None,
    crs: str | None = None,
    force: str | None = None,
    groups: Collection[str] | None = None,
    snapshot: int | None = None,
    columns: Sequence[str] | None = None,
    source: str | None = None,
    purpose: str | None = None,
) -> pl.DataFrame:
    """Give the events standing at `as_of` (default: all known now), one row a key, none retracted.

    A row stands when it is the highest version of its key with `available_at` <= `as_of`. `before` keeps
    events that began before it. `columns` (of `LEDGER_SCHEMA`; default all) come in that order; rows are
    ordered by start and key, whatever the segments, so equal ledgers give equal frames. Nothing is read of
    an agreement that is over, or that does not name `purpose` where one is given.

    Raises:
        Refused: when `snapshot` is so old that its files were compacted and collected.
    """
    files = _list(ws, "events", snapshot, as_of, purpose, crs=crs, force=force, source=source)
    base = [one for one in files if not one.corrections and (before is None or one.occurred_lo < before)]
    corrections = [one for one in files if one.corrections]
    wanted = list(columns or LEDGER_SCHEMA)
    row_test, row_values = _row_test(as_of, before, groups)
    known, known_values = _row_test(as_of, None, None)
    parts: list[str] = []
    values: list[object] = []
    with duck() as db:
        if corrections:
            db.execute(
                f"create temp table top as select * from {_sql(ws, corrections)} where {known} "
                "qualify row_number() over (partition by source, force, part, key_hi, key_lo "
                "order by version desc) = 1",
                known_values,
            )
        if base:
            unchanged = (
                " and not exists (select 1 from top where top.key_hi = b.key_hi and top.key_lo = b.key_lo "
                "and top.part = b.part and top.force = b.force and top.source = b.source)"
            )
            parts.append(
                f"select {_columns(wanted)} from {_sql(ws, base)} b where {row_test}"
                + (unchanged if corrections else "")
            )
            values += row_values
        if corrections:
            parts.append(f"select {_columns(wanted)} from top where op <> 'retract' and {row_test}")
            values += row_values
        return _gather(db, " union all ".join(parts), values, wanted)


def read_versions(
    ws: Workspace,
    *,
    as_of: datetime | None = None,
    crs: str | None = None,
    force: str | None = None,
    groups: Collection[str] | None = None,
    snapshot: int | None = None,
    columns: Sequence[str] | None = None,
    records: Records = "events",
    purpose: str | None = None,
) -> pl.DataFrame:
    """Give every version of every row, retractions too: for cutting at many instants without re-reading.

    Beside `columns` (default: all the files hold) there is always what a cut needs: key, `part`, version,
    operation, `available_at`; see `standing`.
    """
    files = _list(ws, records, snapshot, as_of, purpose, crs=crs, force=force)
    wanted = list(dict.fromkeys([*(columns or STORED[records]), *_CUT]))
    test, values = _row_test(as_of, None, groups)
    with duck() as db:
        sql = f"select {_columns(wanted)} from {_sql(ws, files)} where {test}" if files else ""
        return _gather(db, sql, values, wanted, records)


_CUT: Final = ("key_hi", "key_lo", "part", "version", "op", "available_at", "source", "force")


def standing(versions: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    """Cut versions (from `read_versions`) at an instant, in memory: what `read_events` gives for `as_of`."""
    known = versions.filter(pl.col("available_at") <= as_of)
    key = ["source", "force", "part", "key_hi", "key_lo"]
    changed = known.filter(pl.col("version") > 0)
    if changed.is_empty():
        return known.filter(pl.col("op") != "retract")
    top = changed.sort("version").unique(key, keep="last", maintain_order=True)
    unchanged = known.filter(pl.col("version") == 0).join(top, on=key, how="anti")
    return pl.concat([unchanged, top.filter(pl.col("op") != "retract")])


def state(ws: Workspace, records: Records = "events") -> pl.DataFrame:
    """Give the ledger's state: (key, version, op, content, available_at), sorted. Equal ledgers are equal."""
    return read_versions(ws, records=records, columns=_STATE).select(_STATE).sort(_STATE)


def _list(
    ws: Workspace,
    records: Records,
    snapshot: int | None,
    as_of: datetime | None,
    purpose: str | None,
    **owner: str | None,
) -> Sequence[Row[Any]]:
    where: list[ColumnElement[bool]] = [
        segment.c[name] == value for name, value in owner.items() if value is not None
    ]
    if as_of is not None:
        where.append(segment.c.available_lo <= as_of)
    with reading(ws) as conn:
        closed = closed_agreements(conn, purpose)
        files = standing_segments(conn, records, snapshot, *where, segment.c.agreement.not_in(closed))
    if any(one.collected for one in files):
        raise Refused(
            f"snapshot {snapshot} can no longer be read: its files were compacted and collected",
            do="leave the snapshot out: the same --as-of gives the same rows",
        )
    return files


def _sql(ws: Workspace, files: Sequence[Row[Any]]) -> str:
    return files_sql([ws.home / Path(one.path) for one in files])


def _columns(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in dict.fromkeys([*names, *_ORDER]))


def _row_test(
    as_of: datetime | None, before: datetime | None, groups: Collection[str] | None
) -> tuple[str, list[object]]:
    tests, values = ["true"], list[object]()
    if as_of is not None:
        tests.append("available_at <= ?")
        values.append(as_of)
    if before is not None:
        tests.append('"start" < ?')
        values.append(before)
    if groups is not None:
        tests.append('list_contains(?, "group")')
        values.append(sorted(groups))
    return " and ".join(tests), values


def _gather(
    db: Duck, sql: str, values: Sequence[object], wanted: Sequence[str], records: Records = "events"
) -> pl.DataFrame:
    schema: dict[str, Any] = {name: STORED[records][name] for name in wanted}
    if not sql:
        return pl.DataFrame(schema=schema)
    return (
        frame(db, sql, values).sort(_ORDER).select(pl.col(name).cast(kind) for name, kind in schema.items())
    )
