"""The catalogue's tables of access: accounts, passkeys, sessions. No one's name: an account has an id."""

from __future__ import annotations

from typing import Final

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table

from peelian.store.tables import METADATA, Instant, owner

account = Table(
    "account", METADATA,
    Column("id", String(80), primary_key=True), *owner(),
    Column("origin", String(300), nullable=False),  # local, or the issuer of an OIDC identity
    Column("role", String(40), nullable=False), Column("agency", String(120), nullable=False),
    *(Column(name, JSON, nullable=False) for name in ("areas", "agreements", "purposes")),
    Column("password", String(300)),  # argon2id, with its salt and cost
    Column("change_password", Boolean, nullable=False),
    Column("totp", String(80)), Column("totp_step", BigInteger, nullable=False, server_default="0"),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("locked_until", Instant),
    Column("added", Instant, nullable=False),  # or reset: when its first password was made
    Column("revoked", Instant),
    info={"audit_only": True},
)  # fmt: skip

passkey = Table(
    "passkey", METADATA,
    Column("id", String(400), primary_key=True),  # credential id, base64url
    *owner(),
    Column("account", String(80), nullable=False, index=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("uses", BigInteger, nullable=False),  # the authenticator's counter
    Column("added", Instant, nullable=False),
    info={"audit_only": True},
)  # fmt: skip

session = Table(
    "session", METADATA,
    Column("id", String(64), primary_key=True),  # SHA-256 of the cookie's value: a copy opens nothing
    *owner(),
    Column("account", String(80), nullable=False, server_default=""),  # empty until someone has signed in
    Column("purpose", String(40), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("begun", Instant, nullable=False), Column("seen", Instant, nullable=False),
    Column("ends", Instant, nullable=False),
    Column("held", JSON, nullable=False),  # while signing in: step, challenge, state, nonce, verifier
    Index("session_by_end", "ends"),
    info={"audit_only": True},
)  # fmt: skip

AUDIT_ONLY: Final = ("audit", "audit_link", "audit_checkpoint", "release")
"""Tables a model may never learn from, beside those whose `info` says `audit_only`."""
EVERYONES: Final = frozenset({
    "snapshot", "agreement", "audit", "audit_link", "audit_checkpoint", "account", "passkey", "session",
    "alembic_version", "numbering", "deployment", "challenge", "fairness_audit",
})  # fmt: skip
"""Not cut by force: they hold no records of crime, or (audit) are read by role and appended to by all."""


APPENDED: Final = frozenset({"audit", "audit_link", "audit_checkpoint"})
"""No role may change or delete their rows."""


def audit_only() -> tuple[str, ...]:
    """Give the names of the tables that the training role may not read."""
    marked = {name for name, table in METADATA.tables.items() if table.info.get("audit_only")}
    return tuple(sorted(marked | set(AUDIT_ONLY)))
