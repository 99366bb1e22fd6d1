"""How fresh the live feeds are, as their rows say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from peelian.store.catalogue import reading
from peelian.store.live_tables import live_feed
from peelian.store.workspace import Workspace


@dataclass(frozen=True)
class FeedHeard:
    """One feed that is not revoked."""

    name: str
    source: str
    cadence_minutes: int
    live: bool
    last_heard: datetime | None
    newest: datetime | None


def feeds_heard(ws: Workspace) -> list[FeedHeard]:
    """List the feeds that may send, by name."""
    c = live_feed.c
    query = select(c.name, c.source, c.cadence_minutes, c.live, c.last_heard, c.newest)
    with reading(ws) as conn:
        return [FeedHeard(*row) for row in conn.execute(query.where(c.revoked.is_(None)).order_by(c.name))]
