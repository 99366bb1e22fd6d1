"""Profiles of the files of a feed, kept in the transaction of each file."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, select

from peelian.store.catalogue import now
from peelian.store.tables import feed_profile


def past_profiles(
    conn: Connection, *, source: str, force: str, kind: str, last: int = 24
) -> list[dict[str, Any]]:
    """Give the newest profiles of a feed, oldest first."""
    c = feed_profile.c
    found = conn.execute(
        select(c.profile).where(c.source == source, c.force == force, c.kind == kind)
        .order_by(c.id.desc()).limit(last)
    ).scalars()  # fmt: skip
    return list(found)[::-1]


def add_profile(
    conn: Connection, *, source: str, controller: str, force: str, kind: str, sha256: str,
    profile: dict[str, Any],
) -> None:  # fmt: skip
    """Keep a file's profile."""
    conn.execute(
        insert(feed_profile).values(
            source=source, controller=controller, force=force, kind=kind, sha256=sha256, at=now(),
            profile=profile,
        )
    )  # fmt: skip
