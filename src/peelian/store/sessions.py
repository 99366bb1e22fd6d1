"""Sessions as rows: the browser holds a random value, the catalogue its hash. Read again at each request."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select, update

from peelian.domain.actor import Actor, Purpose
from peelian.store.access_tables import account, session
from peelian.store.accounts import Account, account_of
from peelian.store.catalogue import now, reading, transaction
from peelian.store.grants import reader_of
from peelian.store.row_cut import Reader
from peelian.store.workspace import Workspace

SIGNING_IN: Final = timedelta(minutes=10)
"""How long a sign-in may take."""
_TOUCH: Final = timedelta(seconds=30)


@dataclass(frozen=True)
class Limits:
    """After how long without a request, and in all, a session ends."""

    idle: timedelta = timedelta(minutes=15)
    absolute: timedelta = timedelta(hours=12)


@dataclass(frozen=True)
class Session:
    """A session that holds now. `account` is None while someone is still signing in."""

    id: str
    purpose: Purpose
    csrf: str
    held: dict[str, Any]
    account: Account | None = None
    reader: Reader = field(default_factory=Reader)
    seen: datetime | None = None
    """The last request that counted, and when the session ends in any case; None while signing in."""
    ends: datetime | None = None

    @property
    def actor(self) -> Actor | None:
        """Give who signed in; None before."""
        return self.account.actor if self.account else None


@dataclass(frozen=True)
class Begun:
    """One of an account's sessions as its person may see it; `id` is the hash, which opens nothing."""

    id: str
    purpose: Purpose
    begun: datetime
    seen: datetime


def hashed(token: str) -> str:
    """Give a session's id from the cookie's value."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(conn: Connection, held: dict[str, Any], *, ends_in: timedelta = SIGNING_IN) -> str:
    """Begin a session of nobody, for signing in; give the cookie's value."""
    conn.execute(delete(session).where(session.c.ends < now()))
    return _insert(conn, "", "prevention", held, ends_in)


def sign_in(conn: Connection, old: str, one: Account, purpose: Purpose, limits: Limits) -> str:
    """Begin an account's session with a new value, so that one planted before opens nothing; end the old."""
    conn.execute(delete(session).where(session.c.id == old))
    return _insert(conn, one.id, purpose, {}, limits.absolute)


def hold(conn: Connection, id_: str, held: dict[str, Any]) -> None:
    """Keep what a sign-in needs at its next step."""
    conn.execute(update(session).where(session.c.id == id_).values(held=held))


def choose_purpose(conn: Connection, id_: str, purpose: Purpose) -> None:
    """Act for another purpose from now on."""
    conn.execute(update(session).where(session.c.id == id_).values(purpose=purpose))


def sign_out(conn: Connection, id_: str) -> None:
    """End a session."""
    conn.execute(delete(session).where(session.c.id == id_))


def sessions_of(conn: Connection, account_id: str, limits: Limits) -> list[Begun]:
    """List an account's sessions that hold now, the last seen first."""
    moment = now()
    rows = conn.execute(
        select(session)
        .where(
            session.c.account == account_id, session.c.ends >= moment, session.c.seen >= moment - limits.idle
        )
        .order_by(session.c.seen.desc())
    )
    return [Begun(row.id, row.purpose, row.begun, row.seen) for row in rows]


def end_one(conn: Connection, account_id: str, which: str) -> None:
    """End a session of an account, named by its id; one of another account is not touched."""
    conn.execute(delete(session).where(session.c.account == account_id, session.c.id == which[:64]))


def find_session(ws: Workspace, token: str, limits: Limits, home: str) -> Session | None:
    """Give the session of a cookie's value, with what its account may read this moment; None when it is over.

    Over: unknown, past either limit, or its account revoked. Role, reach and agreements are read each time.
    """
    moment, id_ = now(), hashed(token)
    with reading(ws) as conn:
        row = conn.execute(select(session).where(session.c.id == id_)).one_or_none()
        if row is None or row.ends < moment:
            return None
        if not row.account:
            return Session(id_, row.purpose, row.csrf, row.held)
        if row.seen + limits.idle < moment:
            return None
        found = conn.execute(select(account).where(account.c.id == row.account)).one_or_none()
        if found is None or found.revoked is not None:
            return None
        one = account_of(found)
        reader = reader_of(conn, one.actor, row.purpose, home)
    seen = row.seen
    if row.seen + _TOUCH < moment:
        seen = moment
        with transaction(ws) as conn:
            conn.execute(update(session).where(session.c.id == id_).values(seen=moment))
    return Session(id_, row.purpose, row.csrf, row.held, one, reader, seen, row.ends)


def _insert(conn: Connection, account_id: str, purpose: str, held: dict[str, Any], ends_in: timedelta) -> str:
    token, moment = secrets.token_urlsafe(32), now()
    conn.execute(insert(session).values(
        id=hashed(token), account=account_id, purpose=purpose, csrf=secrets.token_urlsafe(32),
        begun=moment, seen=moment, ends=moment + ends_in, held=held,
    ))  # fmt: skip
    return token
