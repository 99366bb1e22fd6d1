"""The last changes, each serialised once, under rising versions, so that a browser can catch up."""

from __future__ import annotations

from collections import deque
from threading import Lock
from typing import Final

MOST: Final = 2_000
MOST_BYTES: Final = 16_000_000


class Versions:
    """A bounded log of server-sent events. `start` names this log: a version of another log is unknown here.

    Every reader keeps its own place, a number; nothing is kept for a reader.
    """

    def __init__(self, start: str, most: int = MOST, most_bytes: int = MOST_BYTES) -> None:
        self.start, self.newest = start, 0
        self._most, self._most_bytes, self._bytes = most, most_bytes, 0
        self._held: deque[bytes] = deque()
        self._lock = Lock()

    def put(self, event: str, data: str) -> int:
        """Add a change, `data` on one line; give its version."""
        with self._lock:
            self.newest += 1
            body = f"id: {self.start}-{self.newest}\nevent: {event}\ndata: {data}\n\n".encode()
            self._held.append(body)
            self._bytes += len(body)
            while len(self._held) > self._most or (self._bytes > self._most_bytes and len(self._held) > 1):
                self._bytes -= len(self._held.popleft())
            return self.newest

    def since(self, version: int) -> tuple[list[bytes], int] | None:
        """Give what came after a version, and the newest version; None when that reaches beyond the log."""
        with self._lock:
            missed = self.newest - version
            if not 0 <= missed <= len(self._held):
                return None
            # from the right: a reader is nearly always a few behind, and a deque is slow in its middle
            tail = [self._held[-k] for k in range(missed, 0, -1)]
            return tail, self.newest

    def place(self, last_id: str | None) -> int | None:
        """Read a `Last-Event-ID`: its version, None when it is not one of this log.

        >>> Versions("a").place("a-12"), Versions("a").place("b-12"), Versions("a").place(None)
        (12, None, None)
        """
        start, _, number = (last_id or "").rpartition("-")
        return int(number) if start == self.start and number.isdecimal() and len(number) < 19 else None
