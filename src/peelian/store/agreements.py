"""Agreements as the catalogue holds them, and which of them no longer let anything be read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, or_, select, update

from peelian.domain.agreement import BUILT_IN, Agreement
from peelian.domain.errors import Misuse, NotFound
from peelian.domain.time import LONDON
from peelian.store.catalogue import now
from peelian.store.tables import agreement, segment

_LISTS: Final = ("purposes", "recipients", "feeds", "fields")


def today() -> date:
    """Give the day in London: agreements begin and end by it."""
    return now().astimezone(LONDON).date()


def add_agreement(conn: Connection, one: Agreement, *, force: str = "") -> None:
    """Register an agreement. `force` empty: of any force.

    Raises:
        Misuse: the id is taken, or built in.
    """
    taken = conn.execute(select(agreement.c.id).where(agreement.c.id == one.id)).first()
    if one.id in BUILT_IN or taken:
        raise Misuse(
            f"there is an agreement {one.id!r} already",
            do="choose another id, or renew it with: peelian agreement renew",
        )
    values = vars(one) | {name: list(getattr(one, name)) for name in _LISTS}
    conn.execute(insert(agreement).values(**values, force=force, added=now()))


def list_agreements(conn: Connection) -> list[tuple[Agreement, str]]:
    """Give each registered agreement and its force, by id; the built-in ones are not among them."""
    return [(_agreement(row), row.force) for row in conn.execute(select(agreement).order_by(agreement.c.id))]


def get_agreement(conn: Connection, id_: str) -> tuple[Agreement, str]:
    """Give an agreement, built in or registered, and its force (empty: any).

    Raises:
        NotFound: there is none, with the ids there are.
    """
    if id_ in BUILT_IN:
        return BUILT_IN[id_], ""
    row = conn.execute(select(agreement).where(agreement.c.id == id_)).one_or_none()
    if row is None:
        known = [*BUILT_IN, *(one.id for one, _ in list_agreements(conn))]
        raise NotFound(
            f"there is no agreement {id_!r}",
            expected=", ".join(known),
            do="register it with: peelian agreement add FILE.yaml",
        )
    return _agreement(row), row.force


def change_term(conn: Connection, id_: str, *, expiry: date | None = None, ended: date | None = None) -> None:
    """Set the last day of an agreement: renewed to `expiry`, or `ended` early.

    Raises:
        NotFound: there is no such registered agreement.
    """
    values = {"expiry": expiry, "ended": None} if expiry is not None else {"ended": ended}
    if conn.execute(update(agreement).where(agreement.c.id == id_).values(**values)).rowcount == 0:
        raise NotFound(f"there is no registered agreement {id_!r}", do="see: peelian agreement list")


def closed_agreements(conn: Connection, purpose: str | None = None) -> tuple[str, ...]:
    """Give the ids of agreements of which nothing may be read today (or not for this purpose), by id."""
    c, day = agreement.c, today()
    over = conn.execute(select(c.id).where(or_(c.expiry < day, c.ended < day))).scalars()
    closed = set(over)
    if purpose is not None:
        rows = conn.execute(select(c.id, c.purposes))
        closed |= {row.id for row in rows if purpose not in row.purposes}
    return tuple(sorted(closed))


def _agreement(row: Row[Any]) -> Agreement:
    lists = {name: tuple(getattr(row, name)) for name in _LISTS}
    return Agreement(
        id=row.id, title=row.title, controller=row.controller, gateway=row.gateway, start=row.start,
        expiry=row.expiry, retention_days=row.retention_days, checksum_required=row.checksum_required,
        ended=row.ended, **lists,
    )  # fmt: skip


def agreements_read(conn: Connection, forces: Sequence[str]) -> list[str]:
    """Give the ids of the agreements under which events of these forces stand, by id."""
    c = segment.c
    rows = conn.execute(
        select(c.agreement).where(c.records == "events", c.removed.is_(None), c.force.in_(forces)).distinct()
    ).scalars()
    return sorted(set(rows) - set(closed_agreements(conn)) - {""})
