"""Warnings nobody has looked at in time, with the teams that were told of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, exists, or_, select

from peelian.store.warning_records import HeldWarning, held_of
from peelian.store.warning_tables import outbox, warning


@dataclass(frozen=True)
class Unseen:
    """A warning that is still new, and who was told of it."""

    warning: HeldWarning
    told: tuple[str, ...]


def unseen_warnings(conn: Connection, before: datetime, *, most: int = 1000) -> list[Unseen]:
    """Give warnings raised by `before`, or whose message is a dead letter, that are new and were told.

    Those of which a next team was told already are left out: it is told once.
    """
    w, o = warning.c, outbox.c
    told = exists().where(o.warning == w.id, o.key == w.id + ":raised")
    again = exists().where(o.warning == w.id, o.key == w.id + ":unseen")
    dead = exists().where(o.warning == w.id, o.state == "dead")
    late = or_(w.raised <= before, dead)
    query = select(warning).where(and_(w.state == "new", told, ~again, late)).order_by(w.raised, w.id)
    rows = conn.execute(query.limit(most)).all()
    teams: dict[str, list[str]] = {row.id: [] for row in rows}
    names = select(o.warning, o.recipient).where(o.warning.in_(list(teams))).order_by(o.id)
    for warning_id, recipient in conn.execute(names):
        teams[warning_id].append(recipient)
    return [Unseen(held_of(row), tuple(teams[row.id])) for row in rows]
