"""Everything that takes live data in for one server: the door and the taker, started and stopped together."""

from __future__ import annotations

import threading

import polars as pl

from peelian.domain.live import Listener
from peelian.pipeline.context import Context
from peelian.pipeline.live.door import LiveDoor
from peelian.pipeline.live.reading import PACE_S
from peelian.pipeline.live.taker import Taker


class Inflow:
    """A workspace's door and taker. `listeners` may be added to until `start`."""

    def __init__(self, ctx: Context) -> None:
        self.taker = Taker(ctx)
        self.door = LiveDoor(ctx, told=self.taker.wake, pace_s=PACE_S)

    @property
    def listeners(self) -> list[Listener]:
        """Who is told of every commit."""
        return self.taker.listeners

    def start(self) -> None:
        """Begin to take; what waited from before comes first."""
        self.taker.start()
        threading.Thread(target=_warm, name="warm", daemon=True).start()

    def stop(self) -> None:
        """Commit what was answered for, then stop taking. What waits is taken at the next start."""
        self.door.stop()
        self.taker.stop()


def _warm() -> None:
    """Load what the first batch would otherwise wait for: compiled digests and the lists of names."""
    from peelian.domain.digest import digest_strings
    from peelian.guard.several import kinds_of_each

    word = pl.DataFrame({"at": [0], "text": ["market"]})
    digest_strings([word["text"]], "warm")
    kinds_of_each(word, lambda _at: None)
