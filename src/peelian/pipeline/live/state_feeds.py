"""Every feed's freshness: those that send live by their rows, the others by what was delivered of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from peelian.domain.time import london_midnight
from peelian.live.freshness import Feed
from peelian.pipeline.context import Context
from peelian.sources import SOURCES
from peelian.store.ledger import latest_snapshot
from peelian.store.live_freshness import feeds_heard
from peelian.store.newest_days import newest_days

_SAID: Final = (("monthly", 31), ("weekly", 7), ("daily", 1), ("quarterly", 91))
_UNSAID_DAYS: Final = 31


class FeedsRead:
    """Reads freshness; what files delivered is read again only when the ledger changed."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self._snapshot = -1
        self._files: list[Feed] = []

    def __call__(self) -> list[Feed]:
        """Give the live feeds, then those that come as files."""
        live = [
            Feed(
                one.name, title_of(one.source), timedelta(minutes=one.cadence_minutes), one.last_heard,
                one.newest, one.live,
            )
            for one in feeds_heard(self.ctx.ws)
        ]  # fmt: skip
        snapshot = latest_snapshot(self.ctx.ws)
        if snapshot != self._snapshot:
            self._snapshot, self._files = snapshot, _files(self.ctx)
        sent = {one.source for one in feeds_heard(self.ctx.ws)}
        return live + [feed for feed in self._files if feed.name not in sent]


def _files(ctx: Context) -> list[Feed]:
    newest = newest_days(ctx.ws, purpose=ctx.purpose)
    return [_feed(source, london_midnight(end)) for source, end in newest.items()]


def _feed(source: str, end: datetime) -> Feed:
    words = SOURCES[source].SPEC.cadence.split(" (")[0] if source in SOURCES else ""
    days = next((n for name, n in _SAID if name in words), _UNSAID_DAYS)
    said = next((name for name, _ in _SAID if words.startswith(name)), words or "as sent")
    return Feed(source, title_of(source), timedelta(days=days), None, end, cadence_said=said)


def title_of(source: str) -> str:
    """Give a source's title in words."""
    return SOURCES[source].SPEC.title if source in SOURCES else source.replace("_", " ")


def read_feeds(ctx: Context) -> Callable[[], list[Feed]]:
    """Give the reader of a workspace's freshness."""
    return FeedsRead(ctx)
