"""The desk between the running state and the browsers: looks a few times a second, sends what changed."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

import structlog

from peelian.api.broadcast import Broadcast
from peelian.api.live_layer import LiveLayer, Picture
from peelian.domain.live import Taken
from peelian.live.clock import Clock
from peelian.live.freshness import Feed, said
from peelian.live.state import RunningState

log = structlog.get_logger()
_LOOK_S: Final = 0.25
_FADE_S: Final = 60.0
"""How often the map fades when nothing comes in."""
_FEEDS_S: Final = 5.0
_KEEP_S: Final = 30.0

Feeds = Callable[[], Sequence[Feed]]


class LiveDesk:
    """A listener of the taker that tells browsers. Told from one thread, looks in its own.

    `feeds` reads how fresh every feed is; `keep` writes the state down. `reason` says in words why there is
    no running state; then only freshness is told.
    """

    def __init__(
        self, state: RunningState | None, layer: LiveLayer | None, clock: Clock, feeds: Feeds,
        keep: Callable[[RunningState], None] = lambda _state: None, reason: str = "",
    ) -> None:  # fmt: skip
        self.state, self.layer, self.clock, self.reason = state, layer, clock, reason
        self.broadcast = Broadcast(uuid.uuid4().hex[:12])
        self.heard: datetime | None = None
        self._read_feeds, self._keep = feeds, keep
        self._feeds: Sequence[Feed] = ()
        self._quiet: set[str] = set()
        self._picture: Picture | None = None
        self._drawn = -1
        self._fade_s = max(_FADE_S / max(clock.speed or 1.0, 1.0), 1.0)
        self._due = dict.fromkeys(("fade", "feeds", "keep"), 0.0)
        self._woken, self._stopped = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def __call__(self, taken: Taken) -> None:
        """Take note of a commit."""
        try:
            if self.state is not None:
                self.state.take(taken)
            self.heard = self.clock.now()
            self._woken.set()
        except Exception as error:  # a listener must not raise: the ledger has the rows, a restart reads them
            log.error("live state fell behind", kind=type(error).__name__)

    def warn(self, warning: str) -> None:
        """Tell browsers of a new warning, by its id."""
        self.broadcast.put("warning", json.dumps({"id": warning}))

    def start(self) -> None:
        """Begin to look."""
        self._thread = threading.Thread(target=self._run, name="live", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop looking; what is held is written down."""
        self._stopped.set()
        self._woken.set()
        if self._thread is not None:
            self._thread.join(10)
        if self.state is not None:
            self._keep(self.state)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self.look()
            except Exception as error:
                log.error("live desk", kind=type(error).__name__)
            self._stopped.wait(_LOOK_S)  # what comes meanwhile goes out together
            self._woken.wait(min(_FEEDS_S, self._fade_s))
            self._woken.clear()

    def look(self) -> None:
        """Look once: send what changed, and what fell quiet."""
        changed = self.state is not None and self.state.changes != self._drawn
        fades = self._is_due("fade")
        if self.state is not None and self.layer is not None and (changed or fades):
            self._send_cells(self.state, self.layer)
        if self._is_due("feeds"):
            self._feeds = self._read_feeds()
            self._send_quiet()
            self._due["feeds"] = time.monotonic() + _FEEDS_S
        if changed or fades:
            self._due["fade"] = time.monotonic() + self._fade_s
            self.broadcast.put("state", json.dumps(self.says()))
        if self.state is not None and self._is_due("keep"):
            self._due["keep"] = time.monotonic() + _KEEP_S
            self._keep(self.state)

    def _is_due(self, what: str) -> bool:
        return time.monotonic() >= self._due[what]

    def _send_cells(self, state: RunningState, layer: LiveLayer) -> None:
        with self._lock:
            drawn = state.changes
            new = layer.draw(state.at(self.clock.now()))
            old, self._picture, self._drawn = self._picture, new, drawn
            at = layer.changed(old, new) if old is not None else ()
            if len(at):
                self.broadcast.put("cells", json.dumps(layer.patch(new, at), separators=(",", ":")))  # type: ignore[arg-type]

    def _send_quiet(self) -> None:
        now = self.clock.now()
        for feed in self._feeds:
            quiet = feed.is_live() and feed.quiet(now)
            if quiet != (feed.name in self._quiet):
                (self._quiet.add if quiet else self._quiet.discard)(feed.name)
                self.broadcast.put("feed", json.dumps(feed.as_dict(now)))

    def whole(self) -> bytes | None:
        """Give the whole layer as it was last sent, with its version; None where there is none."""
        with self._lock:
            if self.state is None or self.layer is None:
                return None
            if self._picture is None:
                self._picture = self.layer.draw(self.state.at(self.clock.now()))
            return self.layer.whole(self._picture, self.broadcast.versions.newest)

    def says(self) -> dict[str, Any]:
        """Give the clock, the version and every feed's freshness."""
        now = self.clock.now()
        feeds = [feed.as_dict(now) for feed in self._feeds]
        newest = max((feed.newest for feed in self._feeds if feed.newest), default=None)
        live = any(feed["live"] for feed in feeds) or self.clock.replay
        heard = [feed.last_heard for feed in self._feeds if feed.is_live() and feed.last_heard]
        heard += [self.heard] if self.heard else []
        return {
            "live": live, "clock": said(now), "speed": self.clock.speed,
            "heard": said(max(heard, default=None)), "version": self.broadcast.versions.newest,
            "position": self.state.position if self.state else 0,
            "newest": said(newest), "feeds": feeds, "reason": self.reason,
            "run": self.layer.run.id if self.layer else None,
            "layer": self.layer.entry() if self.layer else None,
        }  # fmt: skip
