"""Accounts of those who may sign in: how far each reaches, what proves it, and whether it still may."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from peelian.domain.actor import ANY, PURPOSES, Actor
from peelian.domain.errors import Misuse, NotFound
from peelian.store.access_tables import account, passkey, session
from peelian.store.catalogue import now

LOCAL: Final = "local"
_ID: Final = re.compile(r"[a-z0-9][a-z0-9._@:/-]{1,78}[a-z0-9]")
_TAKEN: Final = frozenset({"local", "anonymous", "public"})
FIRST_HOLDS: Final = timedelta(days=3)
"""How long a first password may lie unused."""
_FREE: Final = 5
"""Wrong tries without a wait; each more doubles it."""
_LONGEST: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Account:
    """One account, without what proves it."""

    id: str
    role: str
    force: str = ""
    agency: str = ""
    areas: tuple[str, ...] = ()
    agreements: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    origin: str = LOCAL
    change_password: bool = False
    locked_until: datetime | None = None
    revoked: datetime | None = None
    has_totp: bool = field(default=False)

    @property
    def actor(self) -> Actor:
        """Give whoever signed in by this account."""
        return Actor(self.id, self.role, self.force, self.agency, self.areas, self.agreements, self.purposes)


@dataclass(frozen=True)
class Proof:
    """What a sign-in is compared with."""

    password: str | None
    totp: str | None
    totp_step: int
    failures: int
    given: datetime
    """When the account was added, or reset: a first password is as old as this."""


def add_account(conn: Connection, one: Account, *, password: str | None = None) -> None:
    """Add an account; `password` is its argon2 hash, to be changed at the first sign-in.

    Raises:
        Misuse: the id is taken or unfit, or the reach names a purpose that there is not.
    """
    _check(one)
    if conn.execute(select(account.c.id).where(account.c.id == one.id)).first():
        raise Misuse("there is an account of this id already", do="see: peelian account list")
    conn.execute(insert(account).values(
        id=one.id, origin=one.origin, password=password, change_password=password is not None,
        added=now(), **_reach(one),
    ))  # fmt: skip


def set_reach(conn: Connection, one: Account) -> None:
    """Set role, force, agency, areas, agreements and purposes of an account anew; takes effect at once."""
    _check(one)
    conn.execute(update(account).where(account.c.id == one.id).values(**_reach(one)))


def get_account(conn: Connection, id_: str) -> Account:
    """Give an account.

    Raises:
        NotFound: there is none.
    """
    row = conn.execute(select(account).where(account.c.id == id_)).one_or_none()
    if row is None:
        raise NotFound("there is no such account", do="see: peelian account list")
    return account_of(row)


def list_accounts(conn: Connection) -> list[Account]:
    """List every account by id, revoked ones too."""
    return [account_of(row) for row in conn.execute(select(account).order_by(account.c.id))]


def any_account(conn: Connection) -> bool:
    """Say whether anyone could sign in by an account of this workspace."""
    return conn.execute(select(account.c.id).where(account.c.revoked.is_(None)).limit(1)).first() is not None


def proof_of(conn: Connection, id_: str) -> Proof:
    """Give what to compare a sign-in with; nothing to compare for an unknown account."""
    row = conn.execute(select(account).where(account.c.id == id_)).one_or_none()
    if row is None:
        return Proof(None, None, 0, 0, now())
    return Proof(row.password, row.totp, row.totp_step, row.failures, row.added)


def revoke(conn: Connection, id_: str) -> None:
    """Let an account in no more, and end its sessions."""
    get_account(conn, id_)
    conn.execute(update(account).where(account.c.id == id_).values(revoked=now()))
    end_sessions(conn, id_)


def reset(conn: Connection, id_: str, password: str) -> None:
    """Give an account a new first password (its argon2 hash); second factors and sessions are gone."""
    get_account(conn, id_)
    conn.execute(delete(passkey).where(passkey.c.account == id_))
    conn.execute(update(account).where(account.c.id == id_).values(
        password=password, change_password=True, totp=None, totp_step=0, failures=0, locked_until=None,
        revoked=None, added=now(),
    ))  # fmt: skip
    end_sessions(conn, id_)


def end_sessions(conn: Connection, id_: str, *, but: str = "") -> None:
    """End an account's sessions, but one."""
    conn.execute(delete(session).where(session.c.account == id_, session.c.id != but))


def set_password(conn: Connection, id_: str, password: str) -> None:
    """Keep a password the person chose (its argon2 hash)."""
    conn.execute(update(account).where(account.c.id == id_).values(password=password, change_password=False))


def set_totp(conn: Connection, id_: str, secret: str, step: int) -> None:
    """Keep a second factor whose first code (of time step `step`) was right."""
    conn.execute(update(account).where(account.c.id == id_).values(totp=secret, totp_step=step))


def use_totp(conn: Connection, id_: str, step: int) -> bool:
    """Use up a time step: False when this or a later one was used before."""
    done = conn.execute(
        update(account).where(account.c.id == id_, account.c.totp_step < step).values(totp_step=step)
    )
    return done.rowcount == 1


def failed(conn: Connection, id_: str) -> None:
    """Count a wrong try; after five, each more locks the account for twice as long, up to an hour."""
    conn.execute(update(account).where(account.c.id == id_).values(failures=account.c.failures + 1))
    failures = proof_of(conn, id_).failures
    if failures >= _FREE:
        wait = min(timedelta(seconds=30) * 2 ** min(failures - _FREE, 10), _LONGEST)
        conn.execute(update(account).where(account.c.id == id_).values(locked_until=now() + wait))


def succeeded(conn: Connection, id_: str) -> None:
    """Forget wrong tries."""
    conn.execute(update(account).where(account.c.id == id_).values(failures=0, locked_until=None))


def count_passkeys(conn: Connection, id_: str) -> int:
    """Count an account's passkeys."""
    query = select(func.count()).select_from(passkey).where(passkey.c.account == id_)
    return int(conn.execute(query).scalar() or 0)


def account_of(row: Row[Any]) -> Account:
    """Read a row of the account table."""
    return Account(
        row.id, row.role, row.force, row.agency, tuple(row.areas), tuple(row.agreements),
        tuple(row.purposes), row.origin, row.change_password, row.locked_until, row.revoked,
        row.totp is not None,
    )  # fmt: skip


def _reach(one: Account) -> dict[str, Any]:
    lists = {name: list(getattr(one, name)) for name in ("areas", "agreements", "purposes")}
    return {"role": one.role, "force": one.force, "agency": one.agency, **lists}


def _check(one: Account) -> None:
    if not _ID.fullmatch(one.id) or one.id in _TAKEN:
        raise Misuse(
            "the account's id is unfit", expected="3 to 80 small letters, digits and . _ @ : / -",
            do="a staff number will do; no name is needed",
        )  # fmt: skip
    if not set(one.purposes) <= {*PURPOSES, ANY}:
        raise Misuse("a purpose is none of ours", expected=", ".join(PURPOSES))
    if "," in one.force or any("," in area for area in one.areas):
        raise Misuse("a force or area code holds a comma", do="give each by itself")
