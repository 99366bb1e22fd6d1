"""The audit, read: filtered, newest first, a page at a time; and where its chain stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, func, select

from peelian.domain.actor import ANY
from peelian.domain.time import london_midnight
from peelian.store import chain
from peelian.store.catalogue import reading
from peelian.store.row_cut import reader_now
from peelian.store.tables import audit
from peelian.store.workspace import Workspace

A_PAGE: Final = 50
_BATCH: Final = 1_000


@dataclass(frozen=True)
class Asked:
    """What of the audit is asked for; what is empty or None is not asked. `last` is included."""

    actor: str = ""
    verb: str = ""
    what: str = ""
    first: date | None = None
    last: date | None = None


def _within() -> list[ColumnElement[bool]]:
    """Cut to what accounts of the reader's force did; the table itself is open, for every account appends."""
    reader = reader_now()
    return [] if reader is None or ANY in reader.forces else [audit.c.force.in_(reader.forces)]


def _where(asked: Asked) -> list[ColumnElement[bool]]:
    c = audit.c
    out = _within()
    if asked.actor:
        out.append(c.actor == asked.actor)
    if asked.verb:
        out.append(c.verb == asked.verb)
    if asked.what:
        out.append(c.what.icontains(asked.what, autoescape=True))
    if asked.first:
        out.append(c.at >= london_midnight(asked.first))
    if asked.last:
        out.append(c.at < london_midnight(asked.last + timedelta(days=1)))
    return out


def read_page(ws: Workspace, asked: Asked, page: int) -> tuple[int, list[Row[Any]]]:
    """Give how many rows match, and those of a page (from 1), newest first."""
    matching = select(audit).where(*_where(asked))
    with reading(ws) as conn:
        total = conn.execute(select(func.count()).select_from(matching.subquery())).scalar_one()
        query = matching.order_by(audit.c.id.desc()).offset((page - 1) * A_PAGE).limit(A_PAGE)
        return int(total), list(conn.execute(query))


def read_all(ws: Workspace, asked: Asked, columns: tuple[str, ...]) -> Iterator[Row[Any]]:
    """Give every row that matches, oldest first, a batch a transaction; rows written meanwhile are not."""
    chosen = [audit.c[name] for name in columns]
    with reading(ws) as conn:
        newest = conn.execute(select(func.max(audit.c.id))).scalar() or 0
    after = 0
    while True:
        with reading(ws) as conn:
            rows = list(conn.execute(
                select(audit.c.id.label("_at"), *chosen)
                .where(audit.c.id > after, audit.c.id <= newest, *_where(asked))
                .order_by(audit.c.id).limit(_BATCH)
            ))  # fmt: skip
        if not rows:
            return
        yield from rows
        after = rows[-1][0]


def actors(ws: Workspace) -> list[str]:
    """Name everyone in the audit, as far as the present reader reaches."""
    with reading(ws) as conn:
        query = select(audit.c.actor).where(*_within()).distinct().order_by(audit.c.actor)
        return list(conn.execute(query).scalars())


@dataclass(frozen=True)
class ChainStatus:
    """Where the chain stands: `linked` rows, the head's first digits, rows put in past the program."""

    linked: int
    head: str
    unlinked: int
    checkpoints: int


def chain_status(ws: Workspace) -> ChainStatus:
    """Give the chain's head and count; whether it holds is for `peelian audit verify`, which reads it all."""
    with reading(ws) as conn:
        head = chain.newest_link(conn)
        return ChainStatus(head.seq, head.hash[:16], chain.unlinked(conn), len(chain.checkpoints(conn)))
