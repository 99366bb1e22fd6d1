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
from peelian.api.live_layer import Picture
from peelian.api.live_served import Feeds, Release, Renew, Served, Told, nothing
from peelian.domain.live import Taken
from peelian.live.clock import Clock
from peelian.live.freshness import Feed, said
from peelian.live.released import TIERS, TierName

__all__ = ["LiveDesk", "Served", "Told"]
log = structlog.get_logger()
_LOOK_S: Final = 0.1
_FADE_S: Final = 60.0
"""How often the map fades when nothing comes in."""
_FEEDS_S: Final = 5.0
_KEEP_S: Final = 30.0


class LiveDesk:
    """A listener of the taker that tells browsers. Told from one thread, looks in its own.

    `feeds` reads how fresh every feed is, `warnings` the ids of new ones. Without a running state `reason`
    says why in words; then only freshness is told. Commits are told by calling it. Other tiers than the force
    have a log of their own, in which nothing stands but tables of past windows, one a window. `forces` are
    those whose records it tells of ("" of rows that name none); None: all. It hears of no other's commits.
    """

    def __init__(
        self, clock: Clock, feeds: Feeds, renew: Renew, release: Release = nothing,
        warnings: Callable[[], Sequence[str]] = tuple, forces: tuple[str, ...] | None = None,
    ) -> None:  # fmt: skip
        self.clock, self.reason, self.forces = clock, "", forces
        self.broadcast = Broadcast(uuid.uuid4().hex[:12])
        self.heard: datetime | None = None
        self.served: Served | None = None
        self._read_feeds, self._renew, self._release = feeds, renew, release
        self.delayed = {name: Broadcast(uuid.uuid4().hex[:12]) for name in TIERS}
        self.tables: dict[str, dict[str, Any]] = {}
        self._read_warnings = warnings
        self._warned: set[str] | None = None
        self._feeds: Sequence[Feed] = ()
        self._quiet: set[str] = set()
        self._picture: Picture | None = None
        self._drawn = -1
        self._fade_s = max(_FADE_S / max(clock.speed or 1.0, 1.0), 1.0)
        self._due = dict.fromkeys(("fade", "feeds", "keep", "tables"), 0.0)
        self._woken, self._stopped = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._keeping: threading.Thread | None = None
        self._lock = threading.Lock()

    def __call__(self, taken: Taken) -> None:
        """Take note of a commit."""
        try:
            if self.served is not None:
                self.served.following(taken)
            if self._of_mine(taken):  # else only where the ledger stands
                self.heard = self.clock.now()
            self._woken.set()
        except Exception as error:  # a listener must not raise: what was missed is read from the ledger
            log.error("live state fell behind", kind=type(error).__name__)

    def _of_mine(self, taken: Taken) -> bool:
        if self.forces is None:
            return not (taken.rows.is_empty() and taken.undone.is_empty())
        return any(rows["force"].is_in(self.forces).any() for rows in (taken.rows, taken.undone))

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
        if self._keeping is not None:
            self._keeping.join(10)
        if self.served is not None:
            self._keep(self.served)

    def close(self) -> None:
        """End every stream: the server stops."""
        for one in (self.broadcast, *self.delayed.values()):
            one.close()

    def look_now(self) -> None:
        """Look again at once, at everything."""
        self._due = dict.fromkeys(self._due, 0.0)
        self._woken.set()

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
        if self._is_due("keep", _KEEP_S if self.served else _FEEDS_S):
            self._tend()
        changed = self.served is not None and self.served.following.state.changes != self._drawn
        fades = self._is_due("fade", self._fade_s)
        if self.served is not None and (changed or fades):
            self._send_cells(self.served)
        if self._is_due("feeds", _FEEDS_S):
            self._feeds = self._read_feeds()
            self._send_quiet()
            self._send_warnings()
        if changed or fades:
            self.broadcast.put("state", json.dumps(self.says()))
        if self.served is not None and self._is_due("tables", _KEEP_S):
            self._send_tables(self.served)

    def _is_due(self, what: str, every: float) -> bool:
        if time.monotonic() < self._due[what]:
            return False
        self._due[what] = time.monotonic() + every
        return True

    def _tend(self) -> None:
        """Keep the state, read what nobody told, change to a newer run."""
        if self.served is not None:
            self.served.following.check()
            if self._keeping is None or not self._keeping.is_alive():
                self._keeping = threading.Thread(target=self._keep, args=(self.served,), daemon=True)
                self._keeping.start()  # beside: a slow disk must not hold up what browsers get
        found = self._renew(self.served.layer.run.id if self.served else None)
        if isinstance(found, str):
            self.reason = found
        elif found is not None:
            with self._lock:
                self.served, self.reason, self._picture, self._drawn = found, "", None, -1
                self.broadcast.put("reset", "{}")

    def _keep(self, served: Served) -> None:
        try:
            served.following.keep(self.broadcast.versions.newest)
        except Exception as error:  # the next one will do
            log.error("live state not kept", kind=type(error).__name__)

    def _send_cells(self, served: Served) -> None:
        with self._lock:
            drawn = served.following.state.changes
            new = served.layer.draw(served.following.state.at(self.clock.now()))
            old, self._picture, self._drawn = self._picture, new, drawn
            if old is None:
                return
            at = served.layer.changed(old, new)
            if len(at):
                self.broadcast.put("cells", json.dumps(served.layer.patch(new, at), separators=(",", ":")))

    def _send_tables(self, served: Served) -> None:
        for name, tier in TIERS.items():
            window = tier.due(self.clock.now())
            key = [served.layer.run.id, *(day.isoformat() for day in window)]
            if self.tables.get(name, {}).get("of") != key:
                table = self._release(served.following.state, tier, window)
                self.tables[name] = {"of": key} | table
                self.delayed[name].put("areas", json.dumps(table))

    def _send_quiet(self) -> None:
        now = self.clock.now()
        for feed in self._feeds:
            quiet = feed.is_live() and feed.quiet(now)
            if quiet != (feed.name in self._quiet):
                (self._quiet.add if quiet else self._quiet.discard)(feed.name)
                self.broadcast.put("feed", json.dumps(feed.as_dict(now)))

    def _send_warnings(self) -> None:
        """Tell of warnings raised since the last look; those that stood at first are no news."""
        found = set(self._read_warnings())
        for one in sorted(found - (found if self._warned is None else self._warned)):
            self.warn(one)
        self._warned = found | (self._warned or set())

    def whole(self) -> bytes | None:
        """Give the whole layer as it was last sent, with its version; None where there is none."""
        with self._lock:
            if self.served is None:
                return None
            if self._picture is None:
                state = self.served.following.state
                self._picture = self.served.layer.draw(state.at(self.clock.now()))
            return self.served.layer.whole(self._picture, self.broadcast.versions.newest)

    def says_to(self, tier: TierName) -> dict[str, Any]:
        """Give what a tier may know: others than the force how old delivered feeds are, and a table."""
        if tier == "force":
            return self.says()
        now = self.clock.now()
        feeds = [
            {"title": feed.title, "cadence": feed.often}
            # of what is sent as it happens even a day's silence tells something
            | ({} if feed.live or feed.newest is None else {"days_old": (now - feed.newest).days})
            for feed in self._feeds
        ]  # fmt: skip
        table = {k: v for k, v in self.tables.get(tier, {}).items() if k != "of"}
        return {"live": False, "reason": "what is live is for the force's analysts", "feeds": feeds} | table

    def says(self) -> dict[str, Any]:
        """Give the clock, the version and every feed's freshness."""
        now, served = self.clock.now(), self.served
        feeds = [feed.as_dict(now) for feed in self._feeds]
        newest = max((feed.newest for feed in self._feeds if feed.newest), default=None)
        heard = [feed.last_heard for feed in self._feeds if feed.is_live() and feed.last_heard]
        heard += [self.heard] if self.heard else []
        return {
            "live": any(feed["live"] for feed in feeds) or self.clock.replay,
            "clock": said(now), "speed": self.clock.speed, "heard": said(max(heard, default=None)),
            "version": self.broadcast.versions.newest, "newest": said(newest), "feeds": feeds,
            # of all forces' batches together, so a force's own desk does not say it
            "position": served.following.state.position if served and self.forces is None else 0,
            "reason": self.reason,
            "run": served.layer.run.id if served else None,
            "layer": served.layer.entry() if served else None,
        }  # fmt: skip
