"""The door of live data: one batch of JSON lines in, one answer out, given only when it is durable."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import polars as pl

from peelian.domain.actor import Actor
from peelian.domain.contracts import ParsedBatch
from peelian.domain.errors import Forbidden, Misuse, Refused, TooLarge, Unrecognised
from peelian.domain.live import Answer
from peelian.guard.refusal import NotTaken
from peelian.ingest.not_taken import record_refused
from peelian.ingest.take import Caller
from peelian.pipeline.context import Context
from peelian.pipeline.live.committing import Committing
from peelian.pipeline.live.opened import OpenFeed, OpenFeeds
from peelian.pipeline.live.packing import Packed, pack
from peelian.pipeline.live.reading import Reading
from peelian.sources.table.json_lines import is_json_lines
from peelian.store.catalogue import reading
from peelian.store.feeds import Feed, find_feed
from peelian.store.inbox import Held, Incoming, held_batch
from peelian.store.reachable import reachable

MAX_BYTES: Final = 1 << 20
MAX_ROWS: Final = 5_000
SKEW: Final = timedelta(minutes=1)
"""How far a sender's clock may be ahead of ours."""
FUTURE: Final = "it is dated in the future"
_KEY: Final = re.compile(r"[!-~]{1,120}")


def wall() -> datetime:
    """Give the present instant, UTC."""
    return datetime.now(UTC)


class LiveDoor:
    """Takes batches for a workspace, from many threads at once; see `domain.live.Inlet`.

    `told` is called after every commit; `now` is the clock by which an event is in the future;
    `pace_s` as in `Reading`.
    """

    def __init__(
        self, ctx: Context, told: Callable[[], None] = lambda: None, now: Callable[[], datetime] = wall,
        pace_s: float = 0.0,
    ) -> None:  # fmt: skip
        ctx.allow("collection", "events")
        self._ctx, self._now = ctx, now
        self._feeds = OpenFeeds(ctx.ws)
        self._reading, self._committing = Reading(pace_s, early=True), Committing(ctx.ws, told)

    def put(self, feed: str, key: str, body: bytes, *, secret: str | None = None) -> Answer:
        """Take JSON lines; returns only when durable. `secret` is None for carriers trusted by configuration.

        Raises:
            NotFound: no such feed. Unrecognised: a wrong credential. Forbidden: a revoked feed.
            Misuse: malformed. TooLarge: over 1 MiB or 5,000 rows.
            Refused: barred or person-shaped content, no agreement, a key used before with another body, or
                every row is in the future. NotNow: the database does not answer.
        """
        if len(body) > MAX_BYTES:
            raise too_large()
        digest = hashlib.sha256(body).hexdigest()
        with reachable():
            with reading(self._ctx.ws) as conn:
                found = find_feed(conn, feed)
                _authorise(found, secret)
                _check_key(key)
                earlier = held_batch(conn, feed, key)
            if earlier is not None:
                return answer_of(feed, key, earlier, digest)
            incoming = self._read(found, key, body, digest)
        return answer_of(feed, key, self._committing.put(incoming), digest)

    def stop(self) -> None:
        """Commit what waits, then take no more."""
        self._reading.stop()
        self._committing.stop()

    def _read(self, feed: Feed, key: str, body: bytes, digest: str) -> Incoming:
        if not body.strip():
            raise Misuse("the batch is empty", expected="JSON lines, one event a line")
        if not is_json_lines(body[:1024]):  # read as a table its first line would be column names, and said
            raise Misuse("the batch is not JSON lines", expected="one JSON object a line, in UTF-8")
        if body.count(b"\n") >= MAX_ROWS and len(body.split(b"\n")) - 1 > MAX_ROWS:
            raise too_large()
        opened = self._feeds.get(feed)
        let_in = opened.let_in(self._ctx.ws)
        try:
            parts = self._reading.parse(opened, body, self._now() + SKEW)
        except NotTaken as error:
            self._keep_refusal(opened, let_in, digest, error)
            raise
        reasons = Counter[str]()
        for part in parts:
            reasons.update(part.rejects["reason"].cast(pl.String).to_list())
        read = sum(part.read for part in parts)
        if read and reasons[FUTURE] == read:
            raise Refused(
                "every row of the batch is dated in the future, so nothing was taken",
                expected="times that have passed", do="check the sender's clock and time zone",
            )  # fmt: skip
        aside = sum(reasons.values())
        answer = {
            "read": read, "accepted": read - aside, "quarantined": aside, "reasons": reasons.most_common(),
        }  # fmt: skip
        return Incoming(
            feed.name, key, digest, answer, pack(Packed(str(let_in["agreement"]), parts)), read,
            _newest(parts), feed.controller, feed.force,
        )  # fmt: skip

    def _keep_refusal(self, opened: OpenFeed, let_in: dict[str, Any], digest: str, error: NotTaken) -> None:
        """Keep what is kept of a refused file: hash, column names and counts, never a value."""
        raw = replace(opened.raw, sha256=digest)
        caller = Caller(sender(opened.feed), self._ctx.purpose, let_in, "")
        record_refused(self._ctx.ws, opened.source.SPEC, raw, caller, error)


def sender(feed: Feed) -> Actor:
    """Give a feed as an actor of the audit."""
    return Actor(f"feed {feed.name}", "feed", feed.force)


def too_large() -> TooLarge:
    """Say how much may come at once."""
    return TooLarge(
        "the batch is too large", expected=f"at most {MAX_BYTES >> 10:,} KiB and {MAX_ROWS:,} rows",
        do="send it in smaller batches, each with a key of its own",
    )  # fmt: skip


def secret_digest(secret: str) -> str:
    """Give what is kept of a credential."""
    return hashlib.sha256(secret.encode()).hexdigest()


def answer_of(feed: str, key: str, held: Held, digest: str) -> Answer:
    """Give the answer to a batch as it is held.

    Raises:
        Refused: the key was used for another body.
    """
    if held.body_sha256 != digest:
        raise Refused(
            "this idempotency key was used before with another body",
            expected="a new key for every batch, and the same body with the same key",
        )
    told = held.answer
    reasons = tuple((str(why), int(n)) for why, n in told["reasons"])
    return Answer(
        feed, key, held.position, told["read"], told["accepted"], told["quarantined"], reasons,
        repeated=not held.new,
    )  # fmt: skip


def _authorise(feed: Feed, secret: str | None) -> None:
    if secret is not None and not hmac.compare_digest(secret_digest(secret), feed.secret):
        raise Unrecognised(
            "the credential is not this feed's", expected="the one shown when the feed was added",
            do="give it a new one with: peelian feed rotate",
        )  # fmt: skip
    if feed.revoked is not None:
        raise Forbidden("this feed was revoked and may not send", do="let it send again with: feed rotate")


def _check_key(key: str) -> None:
    if not _KEY.fullmatch(key):
        raise Misuse(
            "the idempotency key cannot be used", expected="1 to 120 visible ASCII characters, no spaces"
        )


def _newest(parts: list[ParsedBatch]) -> datetime | None:
    newest: datetime | None = None
    for part in parts:
        rows = part.rows
        if "retracted" in rows.columns:
            rows = rows.filter(~pl.col("retracted"))
        told = rows["start"].max() if "start" in rows.columns else None
        if isinstance(told, datetime):
            newest = max(told, newest) if newest else told
    return newest
