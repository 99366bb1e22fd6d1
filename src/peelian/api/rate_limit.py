"""How many requests one address may send: a bucket each, in memory, so a flood is refused before any work.

It stops a flood and a careless script. It does not stop a patient reader: what may be read at all is the
policy's, and every reading is in the audit.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock
from typing import Final

from peelian.domain.errors import Refused

BURST_S: Final = 10.0
"""A bucket holds what is allowed in so many seconds: a map that opens asks for much at once."""
_ADDRESSES: Final = 20_000


class TooMany(Refused):
    """More requests than one address may send: HTTP 429."""

    http_status = 429


class RateLimit:
    """Token buckets by address; `per_s` 0 lets everything through."""

    def __init__(self, per_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_s, self._clock = per_s, clock
        self._held: dict[str, tuple[float, float]] = {}  # tokens, and when they were counted
        self._lock = Lock()

    def refusal(self, address: str) -> TooMany | None:
        """Take a token; give the refusal when there is none."""
        if not self.per_s:
            return None
        moment, most = self._clock(), self.per_s * BURST_S
        with self._lock:
            held, since = self._held.get(address, (most, moment))
            held = min(most, held + (moment - since) * self.per_s)
            if len(self._held) >= _ADDRESSES:
                self._sweep(moment)
            self._held[address] = (max(held - 1, 0.0), moment)
        if held >= 1:
            return None
        return TooMany("too many requests came from this address", do="wait a moment, then try again")

    def _sweep(self, moment: float) -> None:
        """Forget addresses whose bucket is full again; they lose nothing by it."""
        self._held = {one: held for one, held in self._held.items() if moment - held[1] < BURST_S}
