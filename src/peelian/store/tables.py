"""The catalogue's tables: one definition for SQLite and PostgreSQL. `migrations` builds them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Dialect,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

METADATA = MetaData()
Id = BigInteger().with_variant(Integer(), "sqlite")  # only INTEGER keys number themselves in SQLite
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Instant(TypeDecorator[datetime]):
    """An instant as whole microseconds since 1970 UTC: the same bits and order in both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Refuse a time without a zone: it would be a guess."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return (value - _EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give the instant in UTC."""
        return None if value is None else _EPOCH + timedelta(microseconds=int(value))


def owner() -> tuple[Column[str], Column[str]]:
    """Whose data it is: on every records table from the first migration."""
    return (
        Column("controller", String(120), nullable=False, server_default=""),
        Column("force", String(40), nullable=False, server_default=""),
    )


def in_area() -> Column[str]:
    """Which area it speaks of; empty where it speaks of none."""
    return Column("area", String(80), nullable=False, server_default="")


def _agreement() -> Column[str]:
    """Under which sharing agreement it came."""
    return Column("agreement", String(80), nullable=False, server_default="")


snapshot = Table(
    "snapshot", METADATA,
    Column("id", Id, primary_key=True), *owner(),
    Column("at", Instant, nullable=False),
    Column("actor", String(120), nullable=False),
    Column("what", String(200), nullable=False),
)  # fmt: skip

segment = Table(
    "segment", METADATA,
    Column("path", String(300), primary_key=True), *owner(),  # relative to the workspace, which may move
    Column("records", String(20), nullable=False),  # events or outcomes
    Column("source", String(60), nullable=False),
    Column("crs", String(60), nullable=False),
    _agreement(),
    Column("part", String(60)),  # the edition's part; null: rows of several
    Column("occurred_lo", Instant), Column("occurred_hi", Instant),
    Column("available_lo", Instant), Column("available_hi", Instant),
    Column("rows", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("corrections", Boolean, nullable=False),  # all its rows have a version above 0
    Column("added", BigInteger, nullable=False),
    Column("removed", BigInteger), Column("removed_at", Instant),
    Column("collected", Boolean, nullable=False, server_default="0"),  # the file is gone
    Index("segment_by_owner", "records", "source", "force", "part"),
)  # fmt: skip

delivery = Table(
    "delivery", METADATA,
    Column("id", Id, primary_key=True), *owner(),
    Column("records", String(20), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("source", String(60), nullable=False),
    Column("crs", String(60), nullable=False),
    Column("part", String(60), nullable=False, server_default=""),
    Column("edition", String(60), nullable=False, server_default=""),
    Column("edition_at", Instant),
    Column("complete", Boolean, nullable=False),  # no row of it was quarantined
    Column("groups", JSON, nullable=False),
    Column("start", Date), Column("end", Date),
    Column("available_at", Instant),
    Column("rows", BigInteger, nullable=False),
    Column("snapshot", BigInteger, nullable=False),
    _agreement(),
    Index("delivery_by_part", "source", "force", "records", "part"),
)  # fmt: skip

ingest_file = Table(
    "ingest_file", METADATA,
    Column("id", Id, primary_key=True), *owner(),
    Column("sha256", String(64), nullable=False, index=True),
    Column("options", String(64), nullable=False),  # digest of what changes the reading
    Column("source", String(60), nullable=False),
    Column("name", String(300), nullable=False),
    Column("kind", String(40), nullable=False),
    *(Column(bin_, BigInteger, nullable=False)
      for bin_ in ("read", "accepted", "duplicate", "revised", "retracted", "quarantined")),
    Column("at", Instant, nullable=False),
    Column("snapshot", BigInteger),
    _agreement(),
    Column("rules", JSON),  # digest of the mapping, discards, places resolved, what the source said
)  # fmt: skip

quarantine = Table(
    "quarantine", METADATA,
    Column("id", Id, primary_key=True), *owner(),
    Column("sha256", String(64), nullable=False, index=True),
    Column("options", String(64), nullable=False),
    Column("records", String(20), nullable=False),
    Column("row", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),  # a sentence, never a value from the row
    Column("source", String(60), nullable=False, server_default=""),
    Column("fields", JSON),  # mapped, scanned, non-narrative fields, so that a rule can mend the row
    Column("state", String(10), nullable=False, server_default="aside"),  # aside, replayed or dropped
    Column("resolved", Instant),
)  # fmt: skip

audit = Table(
    "audit", METADATA,
    Column("id", Id, primary_key=True), *owner(),
    Column("actor", String(120), nullable=False),
    Column("role", String(40), nullable=False),
    Column("purpose", String(40), nullable=False),
    Column("verb", String(20), nullable=False),
    Column("what", String(300), nullable=False),
    Column("area", String(120), nullable=False),
    Column("window", String(120), nullable=False),
    Column("at", Instant, nullable=False),
    Column("recipient", String(200), nullable=False, server_default=""),
)  # fmt: skip

job = Table(
    "job", METADATA,
    Column("id", Id, primary_key=True), *owner(),
    Column("kind", String(40), nullable=False),
    Column("arguments", JSON, nullable=False),
    Column("actor", JSON, nullable=False),
    Column("state", String(10), nullable=False, index=True),
    Column("progress", Float, nullable=False),
    Column("message", Text, nullable=False),
    Column("worker", String(120)), Column("lease_until", Instant),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("created", Instant, nullable=False),
    Column("started", Instant), Column("finished", Instant),
)  # fmt: skip

run = Table(
    "run", METADATA,
    Column("id", String(80), primary_key=True), *owner(),
    Column("area", String(80), nullable=False),
    Column("target", String(60), nullable=False),
    Column("every", String(10), nullable=False),
    Column("created", Instant, nullable=False, index=True),
    Column("card", JSON, nullable=False),
)  # fmt: skip

gate_verdict = Table(
    "gate_verdict", METADATA,
    Column("id", Id, primary_key=True), *owner(),
    Column("area", String(80), nullable=False),
    Column("target", String(60), nullable=False),
    Column("every", String(10), nullable=False),
    Column("horizon", Integer, nullable=False), Column("window", Integer, nullable=False),
    Column("kind", String(10), nullable=False, server_default="backtest"),  # or retrain
    Column("served_model", String(60), nullable=False),
    Column("versions", JSON, nullable=False, server_default="{}"),  # of the models compared, by id
    Column("source", String(300), nullable=False, server_default=""),  # the backtest it came from
    Column("last_origin", Date),  # last forecast date compared
    Column("verdict", JSON, nullable=False),
    Column("at", Instant, nullable=False),
    Index("gate_verdict_by_key", "area", "target", "every"),
)  # fmt: skip

agreement = Table(
    "agreement", METADATA,
    Column("id", String(80), primary_key=True), *owner(),
    Column("title", String(300), nullable=False),
    Column("gateway", String(40), nullable=False),
    *(Column(name, JSON, nullable=False) for name in ("purposes", "recipients", "feeds", "fields")),
    Column("start", Date, nullable=False),
    Column("expiry", Date), Column("ended", Date),
    Column("retention_days", Integer),
    Column("checksum_required", Boolean, nullable=False, server_default="0"),
    Column("added", Instant, nullable=False),
)  # fmt: skip

erasure = Table(
    "erasure", METADATA,
    Column("id", Id, primary_key=True), *owner(), _agreement(),
    Column("at", Instant, nullable=False),
    Column("rule", String(300), nullable=False),  # why: retention, agreement, retraction at source
    Column("source", String(60), nullable=False),
    Column("records", String(20), nullable=False),
    Column("added", BigInteger, nullable=False),  # the snapshot in which the erased rows had come
    Column("rows", BigInteger, nullable=False),
    Column("removed", BigInteger),  # and from which on they no longer stood, before they were erased
    Column("snapshot", BigInteger, nullable=False),  # from which on they are gone
)  # fmt: skip

feed_profile = Table(
    "feed_profile", METADATA,
    Column("id", Id, primary_key=True), *owner(),
    Column("source", String(60), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("profile", JSON, nullable=False),  # names, types, shares, volume
    Index("feed_profile_by_feed", "source", "force", "kind"),
)  # fmt: skip

knife_review = Table(
    "knife_review", METADATA,
    Column("id", Id, primary_key=True), *owner(),
    Column("source", String(60), nullable=False),
    Column("key", String(32), nullable=False, index=True),  # hex of the event's 128-bit key
    Column("sha256", String(64), nullable=False),
    Column("row", BigInteger, nullable=False),
    Column("band", String(10), nullable=False),
    Column("why", Text, nullable=False),  # closed vocabulary
    Column("weight", Float, nullable=False),  # how many rows of its stratum it stands for
    Column("queued", Instant, nullable=False),
    Column("decision", String(10)),  # yes, no or unsure; null while it waits
    Column("reviewer", String(120)),
    Column("decided", Instant),
)  # fmt: skip

link_run = Table(
    "link_run", METADATA,
    Column("id", String(80), primary_key=True), *owner(),
    Column("created", Instant, nullable=False),
    Column("snapshot", BigInteger, nullable=False),
    Column("path", String(300), nullable=False),  # pairs, Parquet, relative to the workspace
    Column("card", JSON, nullable=False),  # parameters, thresholds, counts, calibration
)  # fmt: skip

link_review = Table(
    "link_review", METADATA,
    Column("id", Id, primary_key=True), *owner(),
    Column("left", String(32), nullable=False), Column("right", String(32), nullable=False),
    Column("decision", String(10), nullable=False),  # same or different
    Column("reviewer", String(120), nullable=False),
    Column("decided", Instant, nullable=False),
)  # fmt: skip

context_file = Table(
    "context_file", METADATA,
    Column("id", Id, primary_key=True), *owner(),
    Column("kind", String(40), nullable=False),  # gazetteer, postcodes, names, areas
    Column("name", String(300), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
)  # fmt: skip
