"""Serve a replay: its own clock, its own state, and a thread that tells the desk what became known."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import polars as pl
import structlog

from peelian.api.live_desk import LiveDesk
from peelian.api.live_layer import LiveLayer
from peelian.api.live_served import Served, Told
from peelian.api.run_folder import read_run
from peelian.domain.errors import PeelianError
from peelian.live.clock import Clock
from peelian.live.freshness import Feed
from peelian.pipeline.context import Context
from peelian.pipeline.live.replay import Replay, ReplayAsked, open_replay
from peelian.pipeline.live.state_feeds import title_of

log = structlog.get_logger()
_LOOK_S: Final = 0.25
REST_S: Final = 20.0
"""At the end of the stretch the map stands still so long before a loop begins anew."""


class RunningClock:
    """The stretch's own time: stands at the start until told to run, and at the end for ever."""

    def __init__(self, start: datetime, end: datetime, speed: float) -> None:
        self._start, self._end, self.speed = start, end, speed
        self._since: float | None = None

    def run(self) -> None:
        """Begin, or begin anew."""
        self._since = time.monotonic()

    def now(self) -> datetime:
        """Give the instant, UTC."""
        gone = 0.0 if self._since is None else time.monotonic() - self._since
        return min(self._start + timedelta(seconds=gone * self.speed), self._end)


class Playing:
    """A replay being served. `desk` goes to the server; `start` prepares and plays in a thread of its own."""

    def __init__(self, ctx: Context, asked: ReplayAsked, speed: float, *, loop: bool = False) -> None:
        self._ctx, self._asked, self._loop = ctx, asked, loop
        self.clock = RunningClock(asked.start, asked.end, speed)
        self.desk = LiveDesk(Clock(self.clock.now, speed), self._feeds, self._renew)
        self._found: Served | str | None = "the replay is being prepared"
        self._heard: dict[str, tuple[datetime, datetime | None]] = {}
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="replay", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._stopped.set()
        self._thread.join(10)

    def _run(self) -> None:
        try:
            replay = open_replay(self._ctx, self._asked)
            while not self._stopped.is_set():
                self._play(replay)
                if not self._loop or self._stopped.wait(REST_S):
                    return
        except PeelianError as error:
            self._found = error.sentence
            self.desk.look_now()
        except Exception as error:
            log.error("replay", kind=type(error).__name__)

    def _play(self, replay: Replay) -> None:
        state = replay.begun()
        self._heard = {}
        self._note(replay.stretch.stood(state.horizon))
        served = Served(Told(state), LiveLayer(replay.recipe, read_run(replay.run.folder)))
        self._found, at, number = served, self._asked.start, 0
        self.clock.run()
        self.desk.look_now()
        while self.desk.served is not served and not self._stopped.wait(0.05):
            continue
        while at < self._asked.end and not self._stopped.wait(_LOOK_S):
            until = self.clock.now()
            taken = replay.taken(number + 1, at, until)
            at = until
            if taken.rows.height or taken.undone.height:
                number += 1
                self._note(taken.rows)
                self.desk(taken)

    def _note(self, rows: pl.DataFrame) -> None:
        told = rows.group_by("source").agg(pl.col("available_at").max(), pl.col("start").max())
        for source, heard, newest in told.iter_rows():
            old = self._heard.get(source, (heard, newest))
            self._heard[source] = (max(old[0], heard), max(filter(None, (old[1], newest)), default=None))

    def _feeds(self) -> Sequence[Feed]:
        day = timedelta(days=1)
        return [
            Feed(source, title_of(source), day, heard, newest, cadence_said="replayed")
            for source, (heard, newest) in sorted(self._heard.items())
        ]

    def _renew(self, served: str | None) -> Served | str | None:
        found = self._found
        if isinstance(found, Served):
            self._found = None
        return found
