"""The inbox: batches that were acknowledged, each once, until the ledger holds them; then what was answered.

Positions are given in the order of commits, also on PostgreSQL, so that whoever read up to one missed none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, select, text, tuple_, update

from peelian.domain.errors import Refused
from peelian.store.catalogue import now, reading, transaction
from peelian.store.feeds import hear
from peelian.store.live_tables import live_batch
from peelian.store.workspace import Workspace

KEPT: Final = timedelta(days=30)
"""For how long a key is known: the same batch within it is answered as before."""
_LOCK: Final = 0x696E626F


@dataclass(frozen=True)
class Incoming:
    """A batch that passed the door. `answer` lacks its position; `parsed` is for the ledger."""

    feed: str
    key: str
    body_sha256: str
    answer: dict[str, Any]
    parsed: bytes
    rows: int
    newest: datetime | None
    controller: str
    force: str


@dataclass(frozen=True)
class Held:
    """A batch as the inbox has it; `new` when this very call put it there."""

    position: int
    body_sha256: str
    answer: dict[str, Any]
    new: bool = False


@dataclass(frozen=True)
class Waiting:
    """A batch that the ledger does not hold yet."""

    position: int
    feed: str
    body_sha256: str
    parsed: bytes
    rows: int
    received: datetime


def held_batch(conn: Connection, feed: str, key: str) -> Held | None:
    """Give a batch by its feed and key, or None."""
    c = live_batch.c
    query = select(c.id, c.body_sha256, c.answer).where(c.feed == feed, c.key == key)
    row = conn.execute(query).one_or_none()
    return None if row is None else Held(row.id, row.body_sha256, row.answer)


def put_all(ws: Workspace, batches: Sequence[Incoming]) -> list[Held]:
    """Put batches in, in one transaction; on return all of them survive a power cut.

    Of a feed and key that is there already, or stands twice among them, the first stays: that one is given.
    """
    c = live_batch.c
    with transaction(ws) as conn:
        if conn.dialect.name == "postgresql":
            conn.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        wanted = {(one.feed, one.key) for one in batches}
        rows = conn.execute(
            select(c.feed, c.key, c.id, c.body_sha256, c.answer).where(tuple_(c.feed, c.key).in_(wanted))
        )
        held = {(row.feed, row.key): Held(row.id, row.body_sha256, row.answer) for row in rows}
        fresh = {(one.feed, one.key): one for one in reversed(batches) if (one.feed, one.key) not in held}
        first = [one for one in batches if fresh.get((one.feed, one.key)) is one]
        if first:
            made = conn.execute(
                insert(live_batch).returning(c.id, sort_by_parameter_order=True), [_row(one) for one in first]
            ).scalars()
            new = {
                id(one): Held(place, one.body_sha256, one.answer, True)
                for one, place in zip(first, made, strict=True)
            }
            hear(conn, [(one.feed, one.newest) for one in first])
            held |= {(one.feed, one.key): Held(**vars(new[id(one)]) | {"new": False}) for one in first}
            return [new.get(id(one), held[one.feed, one.key]) for one in batches]
        return [held[one.feed, one.key] for one in batches]


def _row(one: Incoming) -> dict[str, Any]:
    return {
        "feed": one.feed, "key": one.key, "body_sha256": one.body_sha256, "received": now(),
        "answer": one.answer, "parsed": one.parsed, "rows": one.rows, "controller": one.controller,
        "force": one.force,
    }  # fmt: skip


def waiting(ws: Workspace, most_rows: int, most: int = 1000) -> list[Waiting]:
    """List the oldest batches that wait, up to a number of rows (at least one batch)."""
    c = live_batch.c
    sizes = select(c.id, c.rows).where(c.taken.is_(None)).order_by(c.id).limit(most)
    with reading(ws) as conn:
        chosen, total = list[int](), 0
        for position, rows in conn.execute(sizes):
            total += rows
            if chosen and total > most_rows:
                break
            chosen.append(position)
        query = select(c.id, c.feed, c.body_sha256, c.parsed, c.rows, c.received)
        return [Waiting(*row) for row in conn.execute(query.where(c.id.in_(chosen)).order_by(c.id))]


def waits(ws: Workspace, position: int) -> bool:
    """Say whether a batch waits still."""
    c = live_batch.c
    with reading(ws) as conn:
        return conn.execute(select(c.id).where(c.id == position, c.taken.is_(None))).first() is not None


def backlog(ws: Workspace) -> tuple[int, datetime | None]:
    """Say how many batches wait, and since when the oldest does."""
    c = live_batch.c
    with reading(ws) as conn:
        row = conn.execute(select(func.count(), func.min(c.received)).where(c.taken.is_(None))).one()
        return int(row[0]), row[1]


def mark_taken(conn: Connection, positions: Sequence[int], snapshot: int) -> None:
    """Say, in the ledger's own transaction, that it holds these batches now; their rows leave the inbox.

    Raises:
        Refused: another process took some of them meanwhile; nothing may be committed.
    """
    c = live_batch.c
    mine = update(live_batch).where(c.id.in_(positions), c.taken.is_(None))
    if conn.execute(mine.values(taken=snapshot, parsed=None)).rowcount != len(positions):
        raise Refused("another process took these batches")


def position_done(ws: Workspace) -> int:
    """Give the last position up to which the ledger holds every batch."""
    c = live_batch.c
    with reading(ws) as conn:
        first = conn.execute(select(func.min(c.id)).where(c.taken.is_(None))).scalar()
        if first is not None:
            return int(first) - 1
        return int(conn.execute(select(func.max(c.id))).scalar() or 0)


def forget_keys(ws: Workspace, *, after: timedelta = KEPT) -> int:
    """Forget answers older than `after`; give how many. The newest stays: positions never start again."""
    c = live_batch.c
    with transaction(ws) as conn:
        newest = conn.execute(select(func.max(c.id))).scalar() or 0
        old = delete(live_batch).where(c.taken.is_not(None), c.received < now() - after, c.id < newest)
        return conn.execute(old).rowcount
