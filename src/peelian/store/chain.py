"""Rows of the audit become links of the chain as their transaction commits: one at a time, in one order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, event, insert, select, text

from peelian.domain.audit_chain import START, Link, link_of
from peelian.store.chain_tables import audit_checkpoint, audit_link
from peelian.store.tables import Instant, audit

_LOCK: Final = 0x61756474
_WAITING: Final = "audit rows not linked"
_INSTANT: Final = Instant()
_PAGE: Final = 20_000


def hold(conn: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep rows just written until their transaction commits."""
    conn.info.setdefault(_WAITING, []).extend(rows)


def chain_on(engine: Engine) -> None:
    """Link what a transaction wrote in the audit as its last act before it commits.

    Last, so that the lock which puts writers in one order on PostgreSQL is held for a moment only, and no
    two transactions can wait for each other. (SQLite has one writer at a time anyway.)
    """
    event.listen(engine, "commit", _link)
    event.listen(engine, "rollback", _forget)


def _forget(conn: Connection) -> None:
    if not conn.invalidated:  # what was noted of a connection that broke went with it
        conn.info.pop(_WAITING, None)


def _link(conn: Connection) -> None:
    rows = conn.info.pop(_WAITING, None)
    if not rows:
        return
    if conn.dialect.name == "postgresql":
        conn.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    at, links = newest_link(conn), []
    for row in rows:
        at = link_of(at, as_linked(row))
        links.append({"seq": at.seq, "hash": at.hash, "audit": row["id"], "force": row["force"],
                      "controller": row["controller"]})  # fmt: skip
    conn.execute(insert(audit_link), links)


def as_linked(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give a row as a link speaks of it: its instant as whole microseconds."""
    at = row["at"]
    return {**row, "at": _INSTANT.process_bind_param(at, None) if isinstance(at, datetime) else at}  # type: ignore[arg-type]


def newest_link(conn: Connection) -> Link:
    """Give the chain's head; `START` for an empty audit."""
    found = conn.execute(
        select(audit_link.c.seq, audit_link.c.hash).order_by(audit_link.c.seq.desc()).limit(1)
    ).first()
    return START if found is None else Link(int(found.seq), found.hash)


def read_links(conn: Connection, after: int = 0) -> Iterator[tuple[Link, dict[str, Any]]]:
    """Give links with their rows in the chain's order, a page at a time; a row that is gone is empty."""
    columns = (audit_link.c.seq, audit_link.c.hash, audit_link.c.audit, *audit.c)
    joined = audit_link.join(audit, audit.c.id == audit_link.c.audit, isouter=True)
    while True:
        asked = select(*columns).select_from(joined).where(audit_link.c.seq > after)
        page = conn.execute(asked.order_by(audit_link.c.seq).limit(_PAGE)).all()
        for one in page:
            yield Link(int(one.seq), one.hash), _row(one)
        if len(page) < _PAGE:
            return
        after = int(page[-1].seq)


def _row(one: Row[Any]) -> dict[str, Any]:
    said = one._mapping
    return as_linked({column.name: said[column] for column in audit.c})


def unlinked(conn: Connection) -> int:
    """Count rows of the audit without a link: put in past the program."""
    joined = audit.join(audit_link, audit.c.id == audit_link.c.audit, isouter=True)
    asked = select(audit.c.id).select_from(joined).where(audit_link.c.seq.is_(None))
    return len(conn.execute(asked).all())


def add_checkpoint(conn: Connection, values: Mapping[str, Any]) -> None:
    """Keep a signed checkpoint."""
    conn.execute(insert(audit_checkpoint).values(**values))


def checkpoints(conn: Connection) -> Sequence[Row[Any]]:
    """List the checkpoints, oldest first."""
    return conn.execute(select(audit_checkpoint).order_by(audit_checkpoint.c.id)).all()
