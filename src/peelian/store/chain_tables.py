"""The catalogue's tables of the audit's chain: a link for each row, and signed checkpoints."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, String, Table

from peelian.store.tables import METADATA, Id, Instant, owner

audit_link = Table(
    "audit_link", METADATA,
    Column("seq", Id, primary_key=True, autoincrement=False), *owner(),
    Column("audit", BigInteger, nullable=False, unique=True),
    Column("hash", String(64), nullable=False),  # of the link before and the row: domain.audit_chain
)  # fmt: skip

audit_checkpoint = Table(
    "audit_checkpoint", METADATA,
    Column("id", Id, primary_key=True), *owner(),
    Column("seq", BigInteger, nullable=False), Column("hash", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("key", String(64), nullable=False),  # public, Ed25519, hexadecimal
    Column("next_key", String(64), nullable=False, server_default=""),  # from here on, where it changes
    Column("before", String(64), nullable=False),  # SHA-256 of the last one's signature
    Column("signature", String(128), nullable=False),
)  # fmt: skip
