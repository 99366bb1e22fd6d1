"""The catalogue's tables of proof: the audit's links, signed checkpoints, and what was released to whom."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Date, String, Table, Text

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

release = Table(
    "release", METADATA,
    Column("id", String(80), primary_key=True), *owner(),
    Column("tier", String(12), nullable=False), Column("kind", String(12), nullable=False),
    Column("area", String(80), nullable=False), Column("target", String(60), nullable=False),
    Column("start", Date, nullable=False), Column("end", Date, nullable=False),
    Column("state", String(12), nullable=False),  # proposed, approved, refused, withdrawn
    Column("proposed_by", String(120), nullable=False), Column("proposed_at", Instant, nullable=False),
    Column("second_by", String(120), nullable=False, server_default=""), Column("second_at", Instant),
    Column("why", Text, nullable=False, server_default=""),
    Column("table", JSON, nullable=False),  # what is shown
    Column("told", JSON, nullable=False),  # what it tells an attacker who knows the rules
)  # fmt: skip
