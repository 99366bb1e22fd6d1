"""The catalogue's tables of warnings: what was watched and raised, each step of its life, what to deliver."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from peelian.store.tables import METADATA, Id, Instant, in_area, owner

warning = Table(
    "warning", METADATA,
    Column("id", String(40), primary_key=True), *owner(),  # the same signals give the same id
    Column("area", String(80), nullable=False),
    Column("target", String(60), nullable=False),
    Column("kind", String(20), nullable=False),  # rise, repeats, escalation
    Column("as_of", Date, nullable=False),
    Column("raised", Instant, nullable=False),
    Column("changed", Instant, nullable=False),  # its newest step, or its newest raising
    Column("state", String(10), nullable=False, index=True),  # new, seen, assigned, acted, closed
    Column("owner_agency", String(120)), Column("assigned_to", String(120)),
    Column("outcome", String(40)),
    Column("plannable", Boolean, nullable=False),  # false: never in a patrol plan
    Column("strength", Float, nullable=False),
    Column("card", JSON, nullable=False),  # domain.warning.EarlyWarning
    Column("version", Integer, nullable=False, server_default="0"),
    Index("warning_by_area", "area", "target", "as_of"),
)  # fmt: skip

warning_step = Table(
    "warning_step", METADATA,
    Column("id", Id, primary_key=True), *owner(), in_area(),
    Column("warning", String(40), nullable=False, index=True),
    Column("step", String(10), nullable=False),  # a state; raised; again: raised again
    Column("actor", String(120), nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", JSON, nullable=False),  # agency, intervention, outcome; of raised and again, its card
    Column("at", Instant, nullable=False),
)  # fmt: skip

warning_watch = Table(
    "warning_watch", METADATA,
    Column("id", Id, primary_key=True), *owner(),
    Column("area", String(80), nullable=False), Column("target", String(60), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("places", Integer, nullable=False),  # looked at, whether or not anything was found
    Column("at", Instant, nullable=False),
    Index("warning_watch_newest", "area", "target", "id"),
)  # fmt: skip

outbox = Table(
    "outbox", METADATA,
    Column("id", Id, primary_key=True), *owner(), in_area(),
    Column("key", String(120), nullable=False),  # same key and channel: the same message, sent once
    Column("channel", String(10), nullable=False),  # email or webhook
    Column("recipient", String(120), nullable=False),  # a team's name in the settings; never a person
    Column("warning", String(40), nullable=False, index=True),
    Column("body", JSON, nullable=False),
    Column("state", String(10), nullable=False, index=True),  # waiting, sent, dead
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due", Instant, nullable=False),
    Column("worker", String(120)), Column("leased_until", Instant),
    Column("last_error", Text), Column("created", Instant, nullable=False), Column("sent", Instant),
    UniqueConstraint("key", "channel", "recipient", name="outbox_once"),
)  # fmt: skip
