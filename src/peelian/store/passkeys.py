"""Passkeys of accounts: public keys only."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from peelian.store.access_tables import passkey
from peelian.store.catalogue import now


@dataclass(frozen=True)
class Passkey:
    """One: its credential id (base64url), whose it is, its public key (COSE) and the uses it has told."""

    id: str
    account: str
    public_key: bytes
    uses: int


def add_passkey(conn: Connection, one: Passkey) -> None:
    """Keep a passkey."""
    values = {"id": one.id, "account": one.account, "public_key": one.public_key, "uses": one.uses}
    conn.execute(insert(passkey).values(values | {"added": now()}))


def passkeys_of(conn: Connection, account: str) -> list[Passkey]:
    """Give an account's passkeys."""
    rows = conn.execute(select(passkey).where(passkey.c.account == account).order_by(passkey.c.added))
    return [Passkey(row.id, row.account, bytes(row.public_key), row.uses) for row in rows]


def find_passkey(conn: Connection, id_: str) -> Passkey | None:
    """Give a passkey by its credential id."""
    row = conn.execute(select(passkey).where(passkey.c.id == id_)).one_or_none()
    return None if row is None else Passkey(row.id, row.account, bytes(row.public_key), row.uses)


def used(conn: Connection, id_: str, uses: int) -> None:
    """Keep the counter it told."""
    conn.execute(update(passkey).where(passkey.c.id == id_).values(uses=uses))
