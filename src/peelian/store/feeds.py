"""Live feeds: who may send, with which credential, and when each was last heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from peelian.domain.errors import NotFound, Refused
from peelian.store.catalogue import now, reading
from peelian.store.live_tables import live_feed
from peelian.store.workspace import Workspace


@dataclass(frozen=True)
class Feed:
    """One feed. `options` is what `ingest` would be asked with; `secret` the SHA-256 of the credential."""

    id: int
    name: str
    source: str
    options: dict[str, Any]
    cadence_minutes: int
    live: bool
    secret: str
    created: datetime
    revoked: datetime | None
    last_heard: datetime | None
    newest: datetime | None
    controller: str
    force: str


def add_feed(
    conn: Connection, *, name: str, source: str, options: dict[str, Any], cadence_minutes: int, live: bool,
    secret: str, controller: str, force: str,
) -> None:  # fmt: skip
    """Register a feed.

    Raises:
        Refused: the name is taken, also by a feed that was revoked: its batches are known by the name.
    """
    if conn.execute(select(live_feed.c.id).where(live_feed.c.name == name)).first() is not None:
        raise Refused(
            f"there is a feed {name} already",
            do="choose another name, or give it a new credential with: peelian feed rotate",
        )
    conn.execute(
        insert(live_feed).values(
            name=name, source=source, options=options, cadence_minutes=cadence_minutes, live=live,
            secret=secret, created=now(), controller=controller, force=force,
        )
    )  # fmt: skip


def find_feed(conn: Connection, name: str) -> Feed:
    """Give a feed, revoked or not.

    Raises:
        NotFound: there is none of this name.
    """
    row = conn.execute(select(live_feed).where(live_feed.c.name == name)).one_or_none()
    if row is None:
        raise NotFound("there is no feed of this name", do="see those there are with: peelian feed list")
    return _feed(row)


def get_feed(ws: Workspace, name: str) -> Feed:
    """Give a feed, revoked or not.

    Raises:
        NotFound: there is none of this name.
    """
    with reading(ws) as conn:
        return find_feed(conn, name)


def list_feeds(ws: Workspace) -> list[Feed]:
    """List the feeds by name, revoked ones too."""
    with reading(ws) as conn:
        return [_feed(row) for row in conn.execute(select(live_feed).order_by(live_feed.c.name))]


def revoke_feed(conn: Connection, name: str) -> None:
    """Let a feed send no more, from now on.

    Raises:
        NotFound: there is none of this name.
    """
    find_feed(conn, name)
    c = live_feed.c
    conn.execute(update(live_feed).where(c.name == name, c.revoked.is_(None)).values(revoked=now()))


def rotate_feed(conn: Connection, name: str, secret: str) -> None:
    """Replace a feed's credential; a revoked feed may send again with the new one.

    Raises:
        NotFound: there is none of this name.
    """
    find_feed(conn, name)
    conn.execute(update(live_feed).where(live_feed.c.name == name).values(secret=secret, revoked=None))


def hear(conn: Connection, heard: Sequence[tuple[str, datetime | None]]) -> None:
    """Note that feeds were heard now, each with the newest time of occurrence it told."""
    newest: dict[str, datetime | None] = {}
    for name, told in heard:
        held = newest.get(name)
        newest[name] = max(told, held) if told and held else told or held
    for name, told in newest.items():
        c = live_feed.c
        conn.execute(update(live_feed).where(c.name == name).values(last_heard=now()))
        if told is not None:
            later = (c.newest.is_(None)) | (c.newest < told)
            conn.execute(update(live_feed).where(c.name == name, later).values(newest=told))


def _feed(row: Row[Any]) -> Feed:
    return Feed(
        row.id, row.name, row.source, dict(row.options), row.cadence_minutes, row.live, row.secret,
        row.created, row.revoked, row.last_heard, row.newest, row.controller, row.force,
    )  # fmt: skip
