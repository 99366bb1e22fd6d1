"""On which agreements what is held came in, by feed and force; and what is held beside events."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from peelian.store.catalogue import reading
from peelian.store.tables import delivery
from peelian.store.workspace import Workspace


def grounds(ws: Workspace) -> dict[tuple[str, str], tuple[str, ...]]:
    """Give the ids of the agreements of each (source, force), in order."""
    c = delivery.c
    asked = select(c.source, c.force, c.agreement).distinct().order_by(c.source, c.force, c.agreement)
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    with reading(ws) as conn:
        for source, force, agreement in conn.execute(asked):
            found[(source, force)] = (*found.get((source, force), ()), str(agreement))
    return found


def beside_events(ws: Workspace) -> list[tuple[str, str, int, date, date]]:
    """Give what is held of counts and other records than events: source, force, rows, first day, end."""
    c = delivery.c
    asked = (
        select(c.source, c.force, func.sum(c.rows), func.min(c.start), func.max(c.end))
        .where(c.records.not_in(("events", "outcomes")), c.start.is_not(None))
        .group_by(c.source, c.force).order_by(c.source, c.force)
    )  # fmt: skip
    with reading(ws) as conn:
        return [(str(s), str(f), int(n), first, end) for s, f, n, first, end in conn.execute(asked)]
