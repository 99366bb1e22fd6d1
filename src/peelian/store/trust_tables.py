"""The catalogue's tables of trust: what audits are made by, deployments, challenges, fairness audits."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Float, Index, Integer, String, Table, Text

from peelian.store.tables import METADATA, Id, Instant, owner

audit_attribute = Table(
    "audit_attribute", METADATA,
    Column("id", Id, primary_key=True), *owner(),
    Column("attribute", String(40), nullable=False),  # income deprivation, ethnic composition, rurality
    Column("code", String(20), nullable=False),  # of a neighbourhood (LSOA)
    Column("class", String(60), nullable=False),  # decile 1, quintile 5, urban
    Column("value", Float, nullable=False),
    Index("audit_attribute_by_code", "attribute", "code"),
    info={"audit_only": True},  # the training role may not read it
)  # fmt: skip

deployment = Table(
    "deployment", METADATA,
    Column("id", Id, primary_key=True), *owner(),
    Column("area", String(80), nullable=False),  # an area's code, or * for every one
    Column("status", String(20), nullable=False),
    Column("senior_owner", String(200), nullable=False),  # a post, never a name
    Column("lawful_basis", Text, nullable=False), Column("ethics", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", Instant, nullable=False), Column("by", String(120), nullable=False),
    Index("deployment_by_area", "area", "id"),
)  # fmt: skip

challenge = Table(
    "challenge", METADATA,
    Column("id", String(24), primary_key=True), *owner(),  # the reference code that its sender keeps
    Column("area", String(80), nullable=False), Column("place", String(160), nullable=False),
    Column("kind", String(40), nullable=False), Column("text", Text, nullable=False),
    Column("state", String(12), nullable=False),  # received, considered, answered
    Column("at", Instant, nullable=False),
    Column("answer", Text, nullable=False, server_default=""), Column("answered", Instant),
    Column("answered_by", String(120), nullable=False, server_default=""),
    Index("challenge_by_state", "state", "at"),
)  # fmt: skip

fairness_audit = Table(
    "fairness_audit", METADATA,
    Column("id", Id, primary_key=True), *owner(),
    Column("run", String(100), nullable=False), Column("area", String(80), nullable=False),
    Column("target", String(60), nullable=False), Column("model", String(60), nullable=False),
    Column("made", Instant, nullable=False), Column("whole", Boolean, nullable=False),
    Column("alarms", Integer, nullable=False), Column("sentence", Text, nullable=False),
    Column("body", JSON, nullable=False), Column("snapshot", BigInteger, nullable=False),
    Index("fairness_audit_by_area", "area", "target", "made"),
)  # fmt: skip
