"""Everything that takes live data in for one server: the door and the taker, started and stopped together."""

from __future__ import annotations

from peelian.domain.live import Listener
from peelian.pipeline.context import Context
from peelian.pipeline.live.door import LiveDoor
from peelian.pipeline.live.taker import Taker


class Inflow:
    """A workspace's door and taker. `listeners` may be added to until `start`."""

    def __init__(self, ctx: Context) -> None:
        self.taker = Taker(ctx)
        self.door = LiveDoor(ctx, told=self.taker.wake)

    @property
    def listeners(self) -> list[Listener]:
        """Who is told of every commit."""
        return self.taker.listeners

    def start(self) -> None:
        """Begin to take; what waited from before comes first."""
        self.taker.start()

    def stop(self) -> None:
        """Commit what was answered for, then stop taking. What waits is taken at the next start."""
        self.door.stop()
        self.taker.stop()
