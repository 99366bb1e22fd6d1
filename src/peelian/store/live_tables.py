"""The catalogue's tables of live feeds: credentials, the inbox, and how far the running state has read."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from peelian.store.tables import METADATA, Id, Instant, owner

live_feed = Table(
    "live_feed", METADATA,
    Column("id", Id, primary_key=True), *owner(),
    Column("name", String(60), nullable=False, unique=True),  # in the address: /api/v1/feeds/NAME/batches
    Column("source", String(60), nullable=False),
    Column("options", JSON, nullable=False),  # mapping, force, agreement: what `ingest` is asked with
    Column("cadence_minutes", Integer, nullable=False),  # declared: how often it says it sends
    Column("live", Boolean, nullable=False, server_default="0"),  # sends within the quarter hour
    Column("secret", String(64), nullable=False),  # SHA-256 of the credential, which is shown once
    Column("created", Instant, nullable=False),
    Column("revoked", Instant),
    Column("last_heard", Instant),
    Column("newest", Instant),  # newest time of occurrence it told
)  # fmt: skip

live_batch = Table(
    "live_batch", METADATA,
    Column("id", Id, primary_key=True), *owner(),
    Column("feed", String(60), nullable=False),
    Column("key", String(120), nullable=False),  # the sender's idempotency key
    Column("body_sha256", String(64), nullable=False),
    Column("received", Instant, nullable=False),
    Column("answer", JSON, nullable=False),  # what was answered, and is answered again to the same batch
    Column("parsed", LargeBinary),  # rows that passed the door, Arrow; null once the ledger holds them
    Column("rows", Integer, nullable=False),
    Column("taken", BigInteger),  # the snapshot in which the ledger took them
    UniqueConstraint("feed", "key", name="live_batch_once"),
    Index("live_batch_waiting", "taken", "id"),
)  # fmt: skip

live_state = Table(
    "live_state", METADATA,
    Column("id", Id, primary_key=True), *owner(),
    Column("run", String(80), nullable=False),
    Column("position", BigInteger, nullable=False),  # every batch up to this one is in the state
    Column("version", BigInteger, nullable=False),  # as sent to browsers
    Column("path", String(300), nullable=False),  # the state's file, relative to the workspace
    Column("sha256", String(64), nullable=False),
    Column("at", Instant, nullable=False),
)  # fmt: skip
