"""The outbox: messages queued with what they speak of, leased by workers, sent at least once.

A message keeps its key over all its attempts, so that whoever receives it can tell a second copy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, bindparam, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from peelian.domain.actor import Actor, AuditEntry, Purpose
from peelian.store import audit
from peelian.store.catalogue import now, reading, transaction
from peelian.store.warning_tables import outbox
from peelian.store.workers import THIS_WORKER, is_gone
from peelian.store.workspace import Workspace

HOLD: Final = timedelta(minutes=2)
_C: Final = outbox.c


@dataclass(frozen=True)
class Message:
    """Something to tell a team: `recipient` is its name in the settings, `body` has subject and text."""

    key: str
    channel: str
    recipient: str
    warning: str
    body: dict[str, Any]


@dataclass(frozen=True)
class Leased:
    """A message that is this worker's until `until`; `attempts` were made before."""

    id: int
    key: str
    channel: str
    recipient: str
    warning: str
    body: dict[str, Any]
    attempts: int
    created: datetime
    until: datetime


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt: sent where `error` is empty; else tried again at `due`, or dead if None."""

    message: Leased
    error: str = ""
    due: datetime | None = None


def enqueue(conn: Connection, messages: Sequence[Message], *, force: str = "", area: str = "") -> None:
    """Queue messages in the transaction of what they speak of; one already queued stays as it is."""
    if not messages:
        return
    moment = now()
    rows = [
        vars(one) | {"state": "waiting", "due": moment, "created": moment, "force": force, "area": area}
        for one in messages
    ]
    insert = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    conn.execute(insert(outbox).on_conflict_do_nothing(), rows)


def lease(
    ws: Workspace, *, worker: str = THIS_WORKER, most: int = 50, hold: timedelta = HOLD
) -> list[Leased]:
    """Take up to `most` messages that are due, the longest due first. No two workers hold the same one."""
    moment = now()
    free = and_(_C.state == "waiting", _C.due <= moment, _free(moment))
    waiting = select(_C.id).where(free).order_by(_C.due, _C.id).limit(most)
    with reading(ws) as conn:  # most of the time nothing is due, and then no lock is taken
        if conn.execute(waiting.limit(1)).first() is None:
            return []
    with transaction(ws) as conn:
        # PostgreSQL passes by rows another worker holds. SQLite has no row locks: the transaction is alone.
        ids = list(conn.execute(waiting.with_for_update(skip_locked=True)).scalars())
        until = moment + hold
        conn.execute(update(outbox).where(_C.id.in_(ids)).values(worker=worker, leased_until=until))
        rows = conn.execute(select(outbox).where(_C.id.in_(ids)).order_by(_C.due, _C.id)).all()
    return [_leased(row, until) for row in rows]


def settle(
    ws: Workspace, outcomes: Sequence[Outcome], actor: Actor, purpose: Purpose, *, worker: str = THIS_WORKER
) -> None:
    """Keep what became of attempts, with an audit row of each disclosure, in one transaction.

    What was sent is sent, whoever holds it now; a failure counts only while the message is this worker's.
    """
    sent = [one.message for one in outcomes if not one.error]
    failed = [one for one in outcomes if one.error]
    with transaction(ws) as conn:
        if sent:
            done = {"state": "sent", "sent": now(), "last_error": None, "worker": None, "leased_until": None}
            mine = and_(_C.id.in_([one.id for one in sent]), _C.state == "waiting")
            conn.execute(update(outbox).where(mine).values(**done, attempts=_C.attempts + 1))
        told = [f"warning {one.warning} to {one.recipient} by {one.channel}" for one in sent]
        audit.append_all(conn, actor, purpose, [AuditEntry("disclosure", said) for said in told])
        if failed:
            conn.execute(_failing(worker), [_failure(one) for one in failed])


def _failing(worker: str) -> Any:
    mine = and_(
        _C.id == bindparam("mine"), _C.state == "waiting", _C.worker == worker,
        _C.leased_until == bindparam("until"),
    )  # fmt: skip
    told: dict[str, Any] = {name: bindparam(f"new_{name}") for name in ("state", "due", "last_error")}
    return update(outbox).where(mine).values(**told, attempts=_C.attempts + 1, worker=None, leased_until=None)


def _failure(one: Outcome) -> dict[str, Any]:
    return {
        "mine": one.message.id, "until": one.message.until, "new_last_error": one.error[:500],
        "new_state": "dead" if one.due is None else "waiting", "new_due": one.due or now(),
    }  # fmt: skip


def give_back(ws: Workspace, messages: Sequence[Leased] = (), *, worker: str = THIS_WORKER) -> int:
    """Give back messages not tried, and those of workers of this machine that are gone; give how many."""
    held = and_(_C.state == "waiting", _C.leased_until > now())
    with reading(ws) as conn:
        workers = list(conn.execute(select(_C.worker).where(held).distinct()).scalars())
    gone = [one for one in workers if one and is_gone(one)]
    ids = [one.id for one in messages]
    if not gone and not ids:
        return 0
    theirs = or_(_C.worker.in_(gone), and_(_C.id.in_(ids), _C.worker == worker))
    with transaction(ws) as conn:
        back = update(outbox).where(held, theirs).values(worker=None, leased_until=None)
        return conn.execute(back).rowcount


def revive(conn: Connection) -> int:
    """Try the dead letters again from the start; give how many."""
    again = {"state": "waiting", "attempts": 0, "due": now(), "worker": None, "leased_until": None}
    return conn.execute(update(outbox).where(_C.state == "dead").values(again)).rowcount


def standing(ws: Workspace) -> dict[str, int]:
    """Count messages by state: waiting, sent, dead."""
    with reading(ws) as conn:
        rows = conn.execute(select(_C.state, func.count()).group_by(_C.state)).all()
    return dict.fromkeys(("waiting", "sent", "dead"), 0) | {str(state): int(many) for state, many in rows}


def list_messages(
    ws: Workspace, *, warning: str | None = None, state: str | None = None, last: int = 100
) -> Sequence[Row[Any]]:
    """List messages, newest first: who was told, how, whether it arrived, and why not."""
    query = select(outbox).order_by(_C.id.desc()).limit(last)
    if warning is not None:
        query = query.where(_C.warning == warning)
    if state is not None:
        query = query.where(_C.state == state)
    with reading(ws) as conn:
        return conn.execute(query).all()


def _free(moment: datetime) -> Any:
    return or_(_C.leased_until.is_(None), _C.leased_until < moment)


def _leased(row: Row[Any], until: datetime) -> Leased:
    return Leased(
        row.id, row.key, row.channel, row.recipient, row.warning, row.body, row.attempts, row.created, until
    )
