"""Batches of one feed and agreement, taken into the ledger as one file would be: all or none of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from peelian.domain.contracts import ParsedBatch
from peelian.domain.time import LONDON
from peelian.ingest.report import FileReport
from peelian.ingest.take import Caller, Taking, record_file
from peelian.pipeline.context import Context
from peelian.pipeline.live.door import sender
from peelian.pipeline.live.opened import OpenFeeds
from peelian.pipeline.live.packing import Packed
from peelian.store.catalogue import Connection, newest_snapshot
from peelian.store.feeds import Feed
from peelian.store.inbox import Waiting, mark_taken


@dataclass
class Together:
    """Batches on their way, in the order of their positions."""

    feed: Feed
    agreement: str
    batches: list[Waiting] = field(default_factory=list)
    packed: list[Packed] = field(default_factory=list)

    def add(self, batch: Waiting, packed: Packed) -> None:
        """Take one more."""
        self.batches.append(batch)
        self.packed.append(packed)

    def singly(self) -> list[Together]:
        """Give each batch by itself."""
        return [
            Together(self.feed, self.agreement, [batch], [packed])
            for batch, packed in zip(self.batches, self.packed, strict=True)
        ]

    @property
    def sha256(self) -> str:
        """Name these batches as a file is named: by their content and its order."""
        names = "".join(f"{one.position}:{one.body_sha256};" for one in self.batches)
        return hashlib.sha256(f"{self.feed.name};{names}".encode()).hexdigest()

    def parts(self) -> Iterator[ParsedBatch]:
        """Give the parts with rows numbered through; those alike as one, which costs as much as one batch."""
        before, alike = 0, dict[object, list[tuple[int, ParsedBatch]]]()
        for packed in self.packed:
            for part in packed.parts:
                key = (part.table, part.force, part.crs, part.edition, *part.rows.schema.items())
                alike.setdefault(key, []).append((before, part))
            before += packed.read
        for same in alike.values():
            yield replace(
                same[0][1], rows=_through([(k, part.rows) for k, part in same]),
                rejects=_through([(k, part.rejects) for k, part in same]),
                read=sum(part.read for _, part in same), shape=None,
            )  # fmt: skip


def _through(frames: list[tuple[int, pl.DataFrame]]) -> pl.DataFrame:
    some = [(before, frame) for before, frame in frames if frame.height] or frames[:1]
    shift = np.repeat(np.array([k for k, _ in some], np.uint64), [frame.height for _, frame in some])
    whole = pl.concat([frame for _, frame in some], how="diagonal_relaxed")
    return whole.with_columns(pl.col("row").cast(pl.UInt64) + pl.Series(shift))


def take_together(ctx: Context, feeds: OpenFeeds, group: Together) -> tuple[int, bool]:
    """Take the batches; give the snapshot, and whether it was made for them.

    The ledger's rows, the counts, the audit row and the inbox's marks commit together, so that each batch is
    in the ledger exactly once whatever is killed when.

    Raises:
        Refused: another process took some of them.
    """
    opened = feeds.get(group.feed)
    spec, first, last = opened.source.SPEC, group.batches[0].position, group.batches[-1].position
    named = f"feed {group.feed.name}, batch {first}" + (f" to {last}" if last > first else "")
    raw = replace(opened.raw, name=named, sha256=group.sha256)
    plain = {name: value for name, value in opened.options.items() if value is not None}
    options = plain | raw.options | {"agreement": group.agreement}
    digest = feeds.digest(group.feed, options)
    caller = Caller(sender(group.feed), ctx.purpose, options | _covers(group), digest)
    controller = str(options.get("controller") or spec.controller)
    positions = [one.position for one in group.batches]
    made: list[tuple[int, bool]] = []

    def book(conn: Connection, report: FileReport) -> None:
        snapshot = newest_snapshot(conn)
        mark_taken(conn, positions, snapshot)
        made[:] = [(snapshot, report.snapshot is not None)]
        record_file(conn, spec, raw, caller, report, report.snapshot, controller, group.feed.force)

    taking = Taking(ctx.ws, spec, raw, caller, book)
    try:
        for part in group.parts():
            taking.add(part)
        taking.commit()
    finally:
        taking.close()
    return made[-1]


def _covers(group: Together) -> dict[str, Any]:
    """Say of which days these batches speak: the newest day told, and those before it without a gap.

    One late row of last week does not say that nothing happened since.
    """
    days = {
        day
        for packed in group.packed
        for part in packed.parts
        if "start" in part.rows.columns
        for day in _days(part.rows["start"])
    }
    if not days:
        return {}
    first: date = max(days)
    last = first
    while first - timedelta(days=1) in days:
        first -= timedelta(days=1)
    return {"covers": {"from": first, "to": last + timedelta(days=1)}}


def _days(starts: pl.Series) -> list[date]:
    return starts.dt.convert_time_zone(str(LONDON)).dt.date().unique().drop_nulls().to_list()
