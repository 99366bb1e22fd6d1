"""Feeds and their credentials: made, replaced, taken away. A credential is shown once and never kept."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from peelian.domain.errors import Misuse
from peelian.pipeline.context import Context
from peelian.pipeline.live.door import secret_digest
from peelian.pipeline.live.opened import open_feed
from peelian.sources.table.load import load_mapping
from peelian.store.catalogue import now, transaction
from peelian.store.feeds import Feed, add_feed, list_feeds, revoke_feed, rotate_feed
from peelian.store.mappings import keep_mapping

LIVE_MINUTES: Final = 15
"""A feed that says it sends at least so often is called live."""
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,58}")
_LONGEST: Final = 366 * 24 * 60


@dataclass(frozen=True)
class FeedRequest:
    """What was asked for."""

    name: str
    source: str
    every_minutes: int
    mapping: str | None = None
    force: str | None = None
    agreement: str | None = None


def add(ctx: Context, request: FeedRequest) -> str:
    """Register a feed; give its credential (256 random bits), which is not kept and cannot be shown again.

    Raises:
        Misuse: the name, source, cadence or mapping cannot be used.
        Refused: the source is barred, no agreement lets it in, or the name is taken.
    """
    ctx.allow("collection", "live feeds")
    if not _NAME.fullmatch(request.name):
        raise Misuse(
            "the feed's name cannot stand in an address",
            expected="up to 59 small letters, digits and hyphens, such as control-room",
        )
    if not 1 <= request.every_minutes <= _LONGEST:
        raise Misuse("the cadence is not one", expected="--every in minutes, from 1 to 527,040")
    options: dict[str, Any] = {
        name: getattr(request, name) for name in ("force", "agreement") if getattr(request, name)
    }
    if request.mapping:
        options["mapping"] = _kept_mapping(ctx, request.mapping)
    draft = Feed(
        0, request.name, request.source.replace("-", "_"), options, request.every_minutes,
        request.every_minutes <= LIVE_MINUTES, "", now(), None, None, None, "", "",
    )  # fmt: skip
    opened = open_feed(ctx.ws, draft)
    let_in = opened.let_in(ctx.ws)
    if let_in.get("mapping_body"):
        keep_mapping(ctx.ws, str(let_in["mapping_sha256"]), let_in["mapping_body"])
    secret = secrets.token_urlsafe(32)
    with transaction(ctx.ws) as conn:
        add_feed(
            conn, name=draft.name, source=draft.source, options=options, live=draft.live,
            cadence_minutes=draft.cadence_minutes, secret=secret_digest(secret),
            controller=str(let_in.get("controller") or opened.source.SPEC.controller),
            force=str(let_in.get("force") or ""),
        )  # fmt: skip
        ctx.record(conn, "collection", f"feed {draft.name} of {draft.source} added")
    return secret


def _kept_mapping(ctx: Context, where: str) -> str:
    """Keep a copy of a mapping file, so that the feed reads on as it was agreed; give its place."""
    _, digest = load_mapping(where)
    path = Path(where)
    if not path.is_file():
        return where
    folder = ctx.ws.home / "feeds"
    folder.mkdir(exist_ok=True)
    kept = folder / f"{digest}.yaml"
    kept.write_bytes(path.read_bytes())
    return kept.relative_to(ctx.ws.home).as_posix()


def revoke(ctx: Context, name: str) -> None:
    """Let a feed send no more. What it sent stays.

    Raises:
        NotFound: there is none of this name.
    """
    ctx.allow("alteration", "live feeds")
    with transaction(ctx.ws) as conn:
        revoke_feed(conn, name)
        ctx.record(conn, "alteration", f"feed {name} revoked")


def rotate(ctx: Context, name: str) -> str:
    """Give a feed a new credential; the old one is worth nothing from now on.

    Raises:
        NotFound: there is none of this name.
    """
    ctx.allow("alteration", "live feeds")
    secret = secrets.token_urlsafe(32)
    with transaction(ctx.ws) as conn:
        rotate_feed(conn, name, secret_digest(secret))
        ctx.record(conn, "alteration", f"feed {name} given a new credential")
    return secret


def feed_rows(ctx: Context, moment: datetime | None = None) -> list[dict[str, object]]:
    """List the feeds: name, source, how it sends in words, whether it may, when it was heard and of when."""
    ctx.allow("consultation", "live feeds")
    moment = moment or now()
    return [
        {
            "feed": one.name, "source": one.source.replace("_", "-"),
            "says": freshness_words(one, moment), "live": one.live and one.revoked is None,
            "state": "revoked" if one.revoked else "open", "every_minutes": one.cadence_minutes,
            "last_heard": one.last_heard.isoformat() if one.last_heard else None,
            "newest": one.newest.isoformat() if one.newest else None,
        }
        for one in list_feeds(ctx.ws)
    ]  # fmt: skip


_CADENCES: Final[Mapping[int, str]] = {
    60: "hourly", 1440: "daily", 10080: "weekly", 43200: "monthly", 44640: "monthly",
}  # fmt: skip


def freshness_words(feed: Feed, moment: datetime) -> str:
    """Say a feed's declared cadence and how old its newest event is: "monthly, 23 days old"."""
    minutes = feed.cadence_minutes
    cadence = "live" if feed.live else _CADENCES.get(minutes, f"every {_long(minutes)}")
    if feed.newest is None:
        return f"{cadence}, not heard yet" if feed.last_heard is None else f"{cadence}, no event yet"
    return f"{cadence}, {_long(max(int((moment - feed.newest).total_seconds() // 60), 0))} old"


def _long(minutes: int) -> str:
    for size, word in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {word}{'s' if count > 1 else ''}"
    return "under a minute"
