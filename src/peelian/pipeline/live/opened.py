"""A feed made ready: its source, its mapping read once, and what holds for every batch of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from peelian.domain.contracts import ParsedBatch, RawFile, Source
from peelian.domain.errors import LacksColumns, Misuse
from peelian.govern.scope import check_source
from peelian.guard.barred import barred_name
from peelian.ingest.door import Door
from peelian.ingest.options import options_digest
from peelian.sources import SOURCES
from peelian.sources.table.json_lines import Malformed
from peelian.sources.table.reading import BATCHES
from peelian.store.feeds import Feed
from peelian.store.workspace import Workspace

NOT_LIVE = frozenset({"police_uk"})
"""Sources that are archives of whole months, never rows."""


@dataclass(frozen=True, eq=False)
class OpenFeed:
    """A feed with what is the same for every batch. `options` are its own, `raw` has its mapping's facts."""

    feed: Feed
    source: Source
    raw: RawFile
    options: dict[str, Any]

    def let_in(self, ws: Workspace) -> dict[str, Any]:
        """Give the options under which a batch comes in now, the agreement among them.

        Raises:
            Refused: no agreement lets it in today.
        """
        return Door(ws, self.source.SPEC, self.options).options_of(self.raw)

    def parse(self, body: bytes, now: datetime, sizes: tuple[int, ...] = ()) -> list[ParsedBatch]:
        """Give the rows of JSON lines, as the same rows in a file would be read.

        With `sizes`, several batches of so many rows lie one after another; each is judged by itself.

        Raises:
            Misuse: malformed, or a mapped column is on no line.
            Refused: it holds what is about people, or is barred.
        """
        with lent(body) as path:
            raw = replace(self.raw, path=path, options=self.raw.options | {BATCHES: sizes})
            try:
                return list(self.source.parse(raw, self.options | {"now": now, "notice": _quiet}))
            except (Malformed, LacksColumns) as error:
                raise Misuse(error.what, expected=error.expected, do=error.do) from None


class OpenFeeds:
    """Opens feeds of a workspace; one that was opened stays so while nothing of it changes."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws
        self._open: dict[str, tuple[object, OpenFeed, str]] = {}

    def get(self, feed: Feed) -> OpenFeed:
        """Give the feed, open.

        Raises:
            Misuse: its mapping is wrong or gone. Refused: its source is not taken any more.
        """
        return self._get(feed)[0]

    def digest(self, feed: Feed, let_in: dict[str, Any]) -> str:
        """Give the digest of the options, as `ingest` keeps it."""
        opened, digest = self._get(feed)
        if not digest:
            digest = options_digest(let_in)
            self._open[feed.name] = (self._state(feed), opened, digest)
        return digest

    def _get(self, feed: Feed) -> tuple[OpenFeed, str]:
        state = self._state(feed)
        held = self._open.get(feed.name)
        if held is None or held[0] != state:
            held = (state, open_feed(self._ws, feed), "")
            self._open[feed.name] = held
        return held[1], held[2]

    def _state(self, feed: Feed) -> object:
        gazetteer = self._ws.gazetteer
        known = gazetteer.stat().st_mtime_ns if gazetteer.is_file() else 0
        return feed.id, feed.options, known


def open_feed(ws: Workspace, feed: Feed) -> OpenFeed:
    """Read a feed's mapping.

    Raises:
        Misuse: unknown source, or a mapping that is wrong, missing, or not of this feed.
        Refused: a source that is never taken.
    """
    source = source_named(feed.source)
    options: dict[str, Any] = {"notice": _quiet}
    options |= {name: feed.options[name] for name in ("force", "agreement") if feed.options.get(name)}
    if feed.options.get("mapping"):
        kept = ws.home / str(feed.options["mapping"])
        options["mapping"] = str(kept) if kept.is_file() else str(feed.options["mapping"])
    if ws.gazetteer.is_file():
        options["gazetteer"] = ws.gazetteer
    with lent(b"{}\n") as path:
        raw = next(iter(source.land([path], ws.landing, options)))
    words = (raw.options.get("mapping_body") or {}).get("offence_by_file")
    if words and not any(word in feed.name for word in words):
        raise Misuse(
            "the mapping says by a file's name what its rows are, and the feed's name does not say it",
            expected=f"one of {', '.join(words)} in the feed's name",
        )
    return OpenFeed(feed, source, replace(raw, name=f"feed {feed.name}"), options)


def source_named(name: str) -> Source:
    """Give the source of a live feed.

    Raises:
        Misuse: unknown, or only published as whole files. Refused: of a barred kind.
    """
    source_id = name.replace("-", "_")
    if source_id in SOURCES or barred_name(name):
        check_source(name)
    if source_id not in SOURCES or source_id in NOT_LIVE:
        known = ", ".join(one.replace("_", "-") for one in SOURCES if one not in NOT_LIVE)
        raise Misuse(f"no live feed can be of the source {name!r}", expected=known)
    return SOURCES[source_id]


@contextmanager
def lent(body: bytes) -> Iterator[Path]:
    """Lend bytes as a file that is only in memory, so that no narrative is ever on a disk."""
    handle = os.memfd_create("batch")
    try:
        with os.fdopen(os.dup(handle), "wb") as file:
            file.write(body)
        yield Path(f"/proc/self/fd/{handle}")
    finally:
        os.close(handle)


def _quiet(_sentence: str) -> None:
    """A batch has nobody to tell."""
