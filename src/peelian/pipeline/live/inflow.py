"""Everything that takes live data in for one server: the door and the taker, started and stopped together."""

from __future__ import annotations

import threading

from peelian.domain.live import Listener
from peelian.pipeline.context import Context
from peelian.pipeline.live.door import LiveDoor
from peelian.pipeline.live.reading import PACE_S
from peelian.pipeline.live.taker import Taker
from peelian.pipeline.live.taker_beside import TakerBeside
from peelian.pipeline.live.warming import warm


class Inflow:
    """A workspace's door and taker. `listeners` may be added to until `start`.

    `taker` is one of this process where none is given; a server gives one beside.
    """

    def __init__(self, ctx: Context, taker: Taker | TakerBeside | None = None) -> None:
        self.taker = taker or Taker(ctx)
        self.door = LiveDoor(ctx, told=self.taker.wake, pace_s=PACE_S)

    @property
    def listeners(self) -> list[Listener]:
        """Who is told of every commit."""
        return self.taker.listeners

    def start(self) -> None:
        """Begin to take; what waited from before comes first."""
        self.taker.start()
        threading.Thread(target=warm, name="warm", daemon=True).start()

    def stop(self) -> None:
        """Commit what was answered for, then stop taking. What waits is taken at the next start."""
        self.door.stop()
        self.taker.stop()
