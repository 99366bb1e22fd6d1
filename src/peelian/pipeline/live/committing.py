"""Group commit: batches that come within some milliseconds share one transaction and one sync to disk."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final

import structlog

from peelian.domain.errors import NotNow
from peelian.store.inbox import Held, Incoming, put_all
from peelian.store.reachable import reachable
from peelian.store.workspace import Workspace

log = structlog.get_logger()
_GATHER_S: Final = 0.003
_MOST: Final = 200
_WAIT_S: Final = 20.0
_LINE: Final = 1000
"""Batches that may wait for a commit; more are told to come again."""

_Waits = tuple[Incoming, "Future[Held]"]


class Committing:
    """Puts batches in the inbox from a thread of its own; `told` is called after each commit."""

    def __init__(self, ws: Workspace, told: Callable[[], None]) -> None:
        self._ws, self._told = ws, told
        self._line: queue.Queue[_Waits | None] = queue.Queue(_LINE)
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def put(self, batch: Incoming) -> Held:
        """Give the batch as held; it then survives a power cut.

        Raises:
            NotNow: the database does not answer. The batch may be in all the same: send it again.
        """
        self._begin()
        future: Future[Held] = Future()
        try:
            self._line.put_nowait((batch, future))
            return future.result(_WAIT_S)
        except (queue.Full, TimeoutError):
            raise NotNow(
                "the records database is behind now", do="send the same again in a few seconds"
            ) from None

    def stop(self) -> None:
        """Commit what waits, then end."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._line.put(None)
            thread.join(_WAIT_S)

    def _begin(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="inbox", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while (first := self._line.get()) is not None:
            group, last = [first], False
            end = time.monotonic() + _GATHER_S
            while len(group) < _MOST:
                try:
                    one = self._line.get(timeout=max(end - time.monotonic(), 0))
                except queue.Empty:
                    break
                if one is None:
                    last = True
                    break
                group.append(one)
            self._commit(group)
            if last:
                return

    def _commit(self, group: list[_Waits]) -> None:
        try:
            with reachable():
                held = put_all(self._ws, [batch for batch, _ in group])
        except Exception as error:  # each sender is told; the thread goes on
            if len(group) > 1 and not isinstance(error, NotNow):
                for one in group:  # one of them may be what fails, and the others must not
                    self._commit([one])
                return
            log.error("inbox", kind=type(error).__name__)
            for _, future in group:
                future.set_exception(error)
            return
        for (_, future), found in zip(group, held, strict=True):
            future.set_result(found)
        self._told()
