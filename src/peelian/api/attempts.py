"""Tries at signing in, counted by the address they come from: a slow-down before any account is touched."""

from __future__ import annotations

import time
from collections import deque
from threading import Lock
from typing import Final

from peelian.domain.errors import Refused

WINDOW_S: Final = 300.0
MOST: Final = 20
_ADDRESSES: Final = 10_000


class TooManyTries(Refused):
    """Too many tries from one address: HTTP 429."""

    http_status = 429


class Attempts:
    """The tries of the last five minutes by address, in memory; an account's own lock is a row."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self._tries: dict[str, deque[float]] = {}
        self._lock = Lock()

    def count(self, address: str) -> None:
        """Count one try.

        Raises:
            TooManyTries: there were too many.
        """
        moment = time.monotonic()
        with self._lock:
            if len(self._tries) > _ADDRESSES:
                self._tries = {a: t for a, t in self._tries.items() if t and moment - t[-1] < WINDOW_S}
            tries = self._tries.setdefault(address, deque(maxlen=self.most + 1))
            while tries and moment - tries[0] > WINDOW_S:
                tries.popleft()
            tries.append(moment)
            if len(tries) > self.most:
                raise TooManyTries(
                    "there were too many tries at signing in from here",
                    do="wait five minutes, then try again",
                )
