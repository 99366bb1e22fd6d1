"""Keep a running state level with the ledger: from where it was kept, and through every commit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from threading import RLock

import polars as pl
import structlog

from peelian.domain.errors import Fault, Refused
from peelian.domain.live import Taken
from peelian.live.recipe import Recipe
from peelian.live.state import RunningState
from peelian.pipeline.areas import resolve_area
from peelian.pipeline.context import Context
from peelian.pipeline.live.state_recipe import rows_of
from peelian.store.changes import changes_between
from peelian.store.ledger import latest_snapshot
from peelian.store.live_states import Kept, keep_state, newest_state, place_now

log = structlog.get_logger()


class Follower:
    """A running state of one workspace. Told of commits by the taker; reads from the ledger what it was not.

    `now` gives the clock's instant. Files may be ingested, merged and erased meanwhile: a commit whose
    snapshot is not the next one is read from the ledger, with all that lies between.
    """

    def __init__(self, ctx: Context, recipe: Recipe, area: str, now: Callable[[], datetime]) -> None:
        self.ctx, self.recipe, self.area, self.now = ctx, recipe, area, now
        self.state = RunningState(recipe)
        self._lock = RLock()
        self._kept = (-1, -1)

    def start(self) -> None:
        """Begin with the state kept and what came since, or with the ledger where that cannot be."""
        with self._lock:
            kept = newest_state(self.ctx.ws, self.recipe.run)
            if kept is not None:
                try:
                    self.state.unpack(kept.body)
                    return self.check()
                except Fault as error:
                    log.info("running state built anew", why=error.what)
            return self.rebuild()

    def rebuild(self) -> None:
        """Read the whole horizon from the ledger."""
        with self._lock:
            position, snapshot = place_now(self.ctx.ws)
            area = resolve_area(self.ctx, self.area, self.now(), snapshot)
            rows = rows_of(self.ctx, area, None, None, snapshot)
            since = self.now() - self.state.horizon
            self.state.begin(rows.filter(pl.col("start") > since), position=position, snapshot=snapshot)

    def __call__(self, taken: Taken) -> None:
        """Take in a commit. What its snapshot holds beyond what is told is read from the ledger."""
        with self._lock:
            told = not (taken.rows.is_empty() and taken.undone.is_empty())
            if told and taken.snapshot == self.state.snapshot + 1:
                self.state.apply(taken)
            elif taken.snapshot > self.state.snapshot:
                self._catch_up(taken.snapshot)
            self.state.position = max(self.state.position, taken.position)

    def check(self) -> None:
        """Take in what the ledger holds and nobody told, such as a file ingested beside."""
        with self._lock:
            newest = latest_snapshot(self.ctx.ws)
            if newest > self.state.snapshot:
                self._catch_up(newest)

    def _catch_up(self, snapshot: int) -> None:
        try:
            rows, undone = changes_between(self.ctx.ws, self.state.snapshot, snapshot)
        except Refused as error:
            log.info("running state built anew", why=error.what)
            return self.rebuild()
        self.state.apply(Taken(self.state.position, snapshot, self.now(), rows, undone))
        return None

    def keep(self, version: int) -> None:
        """Write the state down, where it changed since."""
        mark = (self.state.changes, self.state.position)
        if mark == self._kept:
            return
        position, body = self.state.kept()
        keep_state(self.ctx.ws, Kept(self.recipe.run, position, version, self.now(), body))
        self._kept = mark
