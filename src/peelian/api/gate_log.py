"""Requests refused at the gate, in the server's log: what was refused and how often, never who or what.

The first of a kind is written at once; more of it within a minute are counted and written as one line, so
that a flood of requests is none of lines. Whose address it was stands in the log of the proxy in front.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Lock
from typing import Final

LOG: Final = logging.getLogger("peelian.gate")
EVERY_S: Final = 60.0


class GateLog:
    """Counts refusals by their words, and writes them down."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._since: dict[str, float] = {}
        self._more: dict[str, int] = {}
        self._lock = Lock()

    def refused(self, what: str, status: int) -> None:
        """Note one refusal; `what` is the refusal's own sentence, which holds nothing of the request."""
        moment = self._clock()
        with self._lock:
            since = self._since.get(what)
            if since is not None and moment - since < EVERY_S:
                self._more[what] = self._more.get(what, 0) + 1
                return
            more = self._more.pop(what, 0)
            self._since[what] = moment
        if more:
            LOG.warning("refused at the gate: %s (%d, and %d more since the last line)", what, status, more)
        else:
            LOG.warning("refused at the gate: %s (%d)", what, status)


GATE_LOG: Final = GateLog()
"""That of this process."""
