"""The taker: moves waiting batches into the ledger, some times a second, and tells whoever listens."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Final

import polars as pl
import structlog

from peelian.domain.errors import NotNow, PeelianError
from peelian.domain.event import LEDGER_SCHEMA
from peelian.domain.live import Listener, Taken
from peelian.pipeline.context import Context
from peelian.pipeline.live.opened import OpenFeeds
from peelian.pipeline.live.packing import unpack
from peelian.pipeline.live.tending import Tending
from peelian.pipeline.live.together import Together, take_together
from peelian.store.catalogue import now
from peelian.store.feeds import get_feed
from peelian.store.inbox import Waiting, position_done, waiting, waits
from peelian.store.reachable import reachable
from peelian.store.segments import empty_rows
from peelian.store.undone import changed_by

log = structlog.get_logger()
_ROWS: Final = 10_000
_PACE_S: Final = 0.25
"""Between two takings at most, and as long as the last one took: what comes meanwhile is taken together."""
_LEAST_S: Final = 0.1
_IDLE_S: Final = 0.25
"""How often it looks where nobody woke it: another process may have put batches in."""
_BACK_S: Final = (0.5, 1.0, 2.0, 5.0)


class Taker:
    """Takes what waits in a workspace's inbox. One at a time: two do no harm, the later one starts again.

    `listeners` are told of each commit after it is durable, in the order of commits.
    """

    def __init__(self, ctx: Context, listeners: Sequence[Listener] = (), pace_s: float = _PACE_S) -> None:
        self.listeners: list[Listener] = list(listeners)
        self._ctx, self._pace = ctx, pace_s
        self._feeds, self._tending = OpenFeeds(ctx.ws), Tending(ctx)
        self._woken, self._stopped = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._bad: set[int] = set()

    def wake(self) -> None:
        """Say that something waits."""
        self._woken.set()

    def start(self) -> None:
        """Begin to take, in a thread."""
        self._thread = threading.Thread(target=self._run, name="taker", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the taking at hand, then end. What waits stays in the inbox."""
        self._stopped.set()
        self._woken.set()
        if self._thread is not None:
            self._thread.join(30)

    def drain(self) -> int:
        """Take until nothing waits; give how many batches.

        Raises:
            NotNow: the database does not answer.
        """
        total = 0
        while taken := self.take_once():
            total += taken
        return total

    def take_once(self) -> int:
        """Take what waits now, up to 10,000 rows; give how many batches.

        Raises:
            NotNow: the database does not answer.
        """
        with reachable():
            found = [one for one in waiting(self._ctx.ws, _ROWS) if one.position not in self._bad]
            taken = sum(self._take(group) for group in self._groups(found))
            self._tending.after(taken)
        return taken

    def _run(self) -> None:
        failed = 0
        while not self._stopped.is_set():
            began = time.monotonic()
            try:
                busy, failed = self.take_once() > 0, 0
            except Exception as error:  # the thread lives as long as the server
                busy = False
                log.warning("taker waits", kind=type(error).__name__)
                self._stopped.wait(_BACK_S[min(failed, len(_BACK_S) - 1)])
                failed += 1
            if busy:
                took = time.monotonic() - began
                self._stopped.wait(min(self._pace, max(took, _LEAST_S)))
            else:
                self._woken.wait(_IDLE_S)
            self._woken.clear()

    def _groups(self, found: list[Waiting]) -> list[Together]:
        groups: dict[tuple[str, str], Together] = {}
        for one in found:
            packed = unpack(one.parsed)
            key = (one.feed, packed.agreement)
            if key not in groups:
                groups[key] = Together(get_feed(self._ctx.ws, one.feed), packed.agreement)
            groups[key].add(one, packed)
        return list(groups.values())

    def _take(self, group: Together) -> int:
        try:
            snapshot, wrote = take_together(self._ctx, self._feeds, group)
        except PeelianError as error:
            if isinstance(error, NotNow):
                raise
            return self._apart(group, error)
        except (pl.exceptions.PolarsError, ValueError, TypeError, OSError) as error:
            return self._apart(group, error)
        self._tell(snapshot, wrote)
        return len(group.batches)

    def _apart(self, group: Together, error: Exception) -> int:
        """One of them cannot be taken: take the others, and leave that one in the inbox for a person."""
        if len(group.batches) > 1:
            return sum(self._take(one) for one in group.singly())
        if not waits(self._ctx.ws, group.batches[0].position):
            return 0  # another process took it meanwhile
        self._bad.add(group.batches[0].position)
        log.error("a batch cannot be taken", position=group.batches[0].position, kind=type(error).__name__)
        return 0

    def _tell(self, snapshot: int, wrote: bool) -> None:
        if not self.listeners:
            return
        ws = self._ctx.ws
        if wrote:
            rows, undone = changed_by(ws, snapshot)
        else:
            rows = undone = empty_rows("events").select(list(LEDGER_SCHEMA))
        taken = Taken(position_done(ws), snapshot, now(), rows, undone)
        for listener in self.listeners:
            try:
                listener(taken)
            except Exception as error:  # one that fails must not stop the ledger
                log.error("listener", kind=type(error).__name__)
