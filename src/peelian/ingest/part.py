"""The rows of one file that share kind, owner, CRS and edition: gathered, then turned into ledger rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from peelian.domain.contracts import Edition, ParsedBatch
from peelian.domain.errors import Fault
from peelian.domain.event import LEDGER_SCHEMA, UTC
from peelian.domain.time import LONDON, london_midnight
from peelian.ingest.editions import edition_instant, part_days
from peelian.store.decide import Owned
from peelian.store.deliveries import Delivery
from peelian.store.segments import Records
from peelian.store.stage import Stage
from peelian.store.workspace import Workspace


@dataclass(frozen=True)
class PartKey:
    """What the rows share."""

    records: Records
    force: str
    crs: str
    edition: Edition | None

    @classmethod
    def of(cls, batch: ParsedBatch) -> PartKey:
        """Give the batch's key."""
        return cls(batch.table, batch.force, batch.crs, batch.edition)


class Part:
    """Rows being gathered: staged, counted, their days and groups noted; rejects kept with their reasons."""

    def __init__(self, ws: Workspace, key: PartKey, source: str, options: dict[str, Any]) -> None:
        self.key, self._options = key, options
        self.name = key.edition.part if key.edition else ""
        self.edition_at = edition_instant(key.edition.edition) if key.edition else None
        self.owned = Owned(key.records, source, key.force, self.name)
        self.stage = Stage(ws, by_edition=key.edition is not None)
        self.read = 0
        self.rejects: list[pl.DataFrame] = []
        self._groups: set[str] = set()
        self._first: datetime | None = None
        self._last: tuple[datetime, datetime] | None = None
        self._known: tuple[datetime, datetime] | None = None

    def add(self, batch: ParsedBatch) -> None:
        """Take a batch.

        Raises:
            Fault: when the source lost or doubled a row.
        """
        if batch.rows.height + batch.rejects.height != batch.read:
            raise Fault("a source gave another number of rows than it read; nothing of the file was taken")
        self.read += batch.read
        if batch.rejects.height:
            reason = pl.col("reason").cast(pl.Categorical)  # few sentences, many rows
            fields = pl.col("fields") if "fields" in batch.rejects.columns else pl.lit(None, pl.String)
            row = pl.col("row").cast(pl.UInt64)
            self.rejects.append(batch.rejects.select(row, reason, fields.alias("fields")))
        if batch.rows.height:
            rows = batch.rows.with_columns(pl.col("row").cast(pl.UInt64))
            self.stage.add(rows)
            self._note(rows)

    @property
    def rejected(self) -> int:
        """How many rows the source put aside."""
        return sum(frame.height for frame in self.rejects)

    def delivery(self, kind: str, controller: str, *, complete: bool, rows: int) -> Delivery:
        """Say what the file speaks for: its edition's month, its mapping's `covers`, else its own days."""
        start, end = self._days()
        at: datetime | None = self._options.get("available_at")
        if at is None and self.edition_at is not None and end is not None:
            at = london_midnight(end)
        elif at is None and end is not None and self._known and self._known[0] > london_midnight(end):
            at = self._known[1]  # no row was known before all had happened: handed over at once, later
        declared = self._options.get("groups")
        return Delivery(
            records=self.key.records, kind=kind, source=self.owned.source, controller=controller,
            force=self.key.force, crs=self.key.crs, part=self.name,
            edition=self.key.edition.edition if self.key.edition else "", edition_at=self.edition_at,
            complete=complete, groups=tuple(sorted(declared or self._groups)), start=start, end=end,
            available_at=at, rows=rows, agreement=str(self._options.get("agreement") or ""),
        )  # fmt: skip

    def _note(self, rows: pl.DataFrame) -> None:
        if "group" in rows.columns:
            self._groups.update(rows["group"].unique().cast(pl.String).drop_nulls().to_list())
        first, last = rows.select(pl.min("start"), pl.max("start").alias("last")).row(0)
        if first is None:
            return
        end = rows.filter(pl.col("start") == last)["end"].min()
        assert isinstance(end, datetime)
        self._first = min(self._first or first, first)
        self._last = max(self._last or (last, end), (last, end))
        low, high = rows.select(pl.min("available_at"), pl.max("available_at").alias("high")).row(0)
        if low is not None:
            held = self._known or (low, high)
            self._known = min(held[0], low), max(held[1], high)

    def _days(self) -> tuple[date | None, date | None]:
        if self.name and (month := part_days(self.name)):
            return month
        covers = self._options.get("covers") or {}
        start, end = covers.get("from"), covers.get("to")
        if self._first and self._last:
            # The last row's own end: a month when only months are known, else the day it happened.
            last = max(self._last[1] - timedelta(microseconds=1), self._last[0])
            start = start or self._first.astimezone(LONDON).date()
            end = end or last.astimezone(LONDON).date() + timedelta(days=1)
        return _date(start), _date(end)


def ledger_rows(piece: pl.DataFrame, *, later: datetime | None, constants: dict[str, Any]) -> pl.DataFrame:
    """Turn decided rows into ledger rows. In a `later` edition none was available before that edition."""
    at = pl.col("available_at")
    decided = pl.when(pl.col("bin") == "revised").then(pl.lit("revise")).otherwise(pl.lit("assert"))
    op = pl.col("op") if "op" in piece.columns else decided
    return piece.with_columns(
        pl.max_horizontal(at, pl.lit(later, UTC)) if later else at,
        op=op.cast(LEDGER_SCHEMA["op"]),
        **{name: _constant(value) for name, value in constants.items()},
    )


def _constant(value: str | datetime) -> pl.Expr:
    return pl.lit(value, pl.Enum([value]) if isinstance(value, str) else UTC)


def _date(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
