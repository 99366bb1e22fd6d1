"""Deliveries: what was handed over, which edition of which part, and what it speaks for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from peelian.domain.time import LONDON
from peelian.store.segments import Records
from peelian.store.tables import delivery


@dataclass(frozen=True)
class Delivery:
    """One file's statement about one part: from `start` to before `end` (days), all of `groups` is here."""

    records: Records
    kind: str
    source: str
    controller: str
    force: str
    crs: str
    part: str
    edition: str
    edition_at: datetime | None
    complete: bool
    groups: tuple[str, ...]
    start: date | None
    end: date | None
    available_at: datetime | None  # None: each day is available at its own end
    rows: int
    agreement: str = ""


@dataclass(frozen=True)
class HeldEditions:
    """What is held of a part: the oldest and newest edition, and whether the newest had no row put aside."""

    oldest: datetime
    newest: datetime
    complete: bool


def held_editions(
    conn: Connection, *, records: Records, source: str, force: str, part: str
) -> HeldEditions | None:
    """Give the editions held of a part, or None."""
    c = delivery.c
    rows = conn.execute(
        select(c.edition_at, c.complete)
        .where(c.records == records, c.source == source, c.force == force, c.part == part)
        .where(c.edition_at.is_not(None))
        .order_by(c.edition_at, c.complete, c.id)
    ).all()
    return HeldEditions(rows[0].edition_at, rows[-1].edition_at, rows[-1].complete) if rows else None


def is_new(conn: Connection, one: Delivery) -> bool:
    """Say whether the same statement is not yet held (the row count is no part of it)."""
    c = delivery.c
    same = select(c.groups).where(
        c.records == one.records, c.source == one.source, c.force == one.force, c.crs == one.crs,
        c.part == one.part, c.edition_at.is_not_distinct_from(one.edition_at), c.complete == one.complete,
        c.start.is_not_distinct_from(one.start), c.end.is_not_distinct_from(one.end),
    )  # fmt: skip
    held: Collection[list[str]] = [row.groups for row in conn.execute(same)]
    return all(not set(one.groups) <= set(groups) for groups in held)


def add_delivery(conn: Connection, one: Delivery, snapshot: int) -> None:
    """Record it, from `snapshot` on."""
    conn.execute(insert(delivery).values(**(vars(one) | {"groups": list(one.groups), "snapshot": snapshot})))


def add_rows(conn: Connection, one: Delivery) -> None:
    """Count more rows to a statement that is held: a live feed speaks of the same day many times."""
    c = delivery.c
    same = select(func.max(c.id)).where(
        c.records == one.records, c.source == one.source, c.force == one.force, c.crs == one.crs,
        c.part == one.part, c.start.is_not_distinct_from(one.start), c.end.is_not_distinct_from(one.end),
    )  # fmt: skip
    held = conn.execute(same).scalar()
    conn.execute(update(delivery).where(c.id == held).values(rows=c.rows + one.rows))


def forget_days(conn: Connection, agreement: str, before: datetime | None) -> None:
    """What was erased is held no more: its days become missing, never zero.

    `before` None forgets all deliveries under the agreement; else the days that ended before it.
    """
    c = delivery.c
    mine = c.agreement == agreement
    if before is None:
        conn.execute(delete(delivery).where(mine))
        return
    first = before.astimezone(LONDON).date()
    conn.execute(delete(delivery).where(mine, c.end <= first))
    conn.execute(update(delivery).where(mine, c.start < first).values(start=first))
