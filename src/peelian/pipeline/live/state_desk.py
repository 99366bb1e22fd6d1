"""Open the desk of a workspace: the newest run's running state, its freshness, and where browsers follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from peelian.api.live_desk import LiveDesk, Served
from peelian.api.live_layer import LiveLayer
from peelian.api.run_folder import read_run
from peelian.domain.actor import ANY
from peelian.domain.errors import PeelianError
from peelian.live.clock import Clock
from peelian.live.freshness import Feed
from peelian.live.recipe import has_recipe, read_recipe
from peelian.pipeline.context import Context
from peelian.pipeline.live.state_feeds import read_feeds
from peelian.pipeline.live.state_follow import Follower
from peelian.pipeline.live.state_making import Making
from peelian.pipeline.live.state_released import Releases
from peelian.store.live_freshness import feeds_heard
from peelian.store.row_cut import Reader, reading_as, shut_too
from peelian.store.runs import RunRow, latest_run
from peelian.store.warning_records import list_warnings


def wall() -> datetime:
    """Give the present instant, UTC: the clock of what is live."""
    return datetime.now(UTC)


def open_desk(
    ctx: Context, now: Callable[[], datetime] = wall, forces: tuple[str, ...] | None = None
) -> LiveDesk:
    """Give the desk of a workspace, or of some forces' part of it; `""` stands for rows that name no force.

    It must be started, and told of the taker's commits by calling it.

    The newest run's recipe is made by a process beside; until it is there, and wherever it cannot be made,
    the desk says so in words and tells freshness only.
    """
    clock = Clock(now)

    def warnings() -> list[str]:
        with of_forces(forces):
            return [one.id for one in list_warnings(ctx.ws, state="new", last=1000).rows]

    fresh = read_feeds(ctx)

    def feeds() -> list[Feed]:
        with of_forces(forces):
            return fresh()

    return LiveDesk(clock, feeds, _Renewing(ctx, now, forces), Releases(ctx), warnings, forces)


@contextmanager
def of_forces(forces: tuple[str, ...] | None) -> Iterator[None]:
    """Cut what the catalogue gives to some forces' rows; None cuts nothing. The ledger is not read so.

    By no agreement: a desk is its force's, and each who follows it is asked for the agreements of its run.
    """
    with reading_as(None if forces is None else Reader(forces, (ANY,))), shut_too():
        yield


class _Renewing:
    def __init__(self, ctx: Context, now: Callable[[], datetime], forces: tuple[str, ...] | None) -> None:
        self.ctx, self.now, self.making, self.forces = ctx, now, Making(ctx), forces

    def __call__(self, served: str | None) -> Served | str | None:
        with of_forces(self.forces):
            run = latest_run(self.ctx.ws)
            live = any(feed.live for feed in feeds_heard(self.ctx.ws))
        if run is None:
            return "there is no forecast yet"
        if run.run_id == served:
            return None
        if has_recipe(run.folder):
            return self._serve(run)
        waits = self.making.ask(run) if live else "no feed of this workspace is live"
        return None if served else waits

    def _serve(self, run: RunRow) -> Served | str:
        recipe = read_recipe(run.folder)
        follower = Follower(self.ctx, recipe, run.area, self.now)
        try:
            follower.start()
        except PeelianError as error:
            return error.sentence
        return Served(follower, LiveLayer(recipe, read_run(run.folder)))
