"""Open the desk of a workspace: the newest run's running state, its freshness, and where browsers follow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from peelian.api.live_desk import LiveDesk, Served
from peelian.api.live_layer import LiveLayer
from peelian.api.run_folder import read_run
from peelian.domain.errors import PeelianError
from peelian.live.clock import Clock
from peelian.live.recipe import has_recipe, read_recipe
from peelian.pipeline.context import Context
from peelian.pipeline.live.state_feeds import read_feeds
from peelian.pipeline.live.state_follow import Follower
from peelian.pipeline.live.state_making import Making
from peelian.pipeline.live.state_released import Releases
from peelian.store.live_freshness import feeds_heard
from peelian.store.runs import RunRow, latest_run
from peelian.store.warning_records import list_warnings


def wall() -> datetime:
    """Give the present instant, UTC: the clock of what is live."""
    return datetime.now(UTC)


def open_desk(ctx: Context, now: Callable[[], datetime] = wall) -> LiveDesk:
    """Give the desk of a workspace; it must be started, and told of the taker's commits by calling it.

    The newest run's recipe is made by a process beside; until it is there, and wherever it cannot be made,
    the desk says so in words and tells freshness only.
    """
    clock = Clock(now)

    def warnings() -> list[str]:
        return [one.id for one in list_warnings(ctx.ws, state="new", last=1000).rows]

    return LiveDesk(clock, read_feeds(ctx), _Renewing(ctx, now), Releases(ctx), warnings)


class _Renewing:
    def __init__(self, ctx: Context, now: Callable[[], datetime]) -> None:
        self.ctx, self.now, self.making = ctx, now, Making(ctx)

    def __call__(self, served: str | None) -> Served | str | None:
        run = latest_run(self.ctx.ws)
        if run is None:
            return "there is no forecast yet"
        if run.run_id == served:
            return None
        if has_recipe(run.folder):
            return self._serve(run)
        waits = self._wait(run)
        return None if served else waits

    def _serve(self, run: RunRow) -> Served | str:
        recipe = read_recipe(run.folder)
        follower = Follower(self.ctx, recipe, run.area, self.now)
        try:
            follower.start()
        except PeelianError as error:
            return error.sentence
        return Served(follower, LiveLayer(recipe, read_run(run.folder)))

    def _wait(self, run: RunRow) -> str:
        """Say how the recipe stands; ask for it where any feed is live."""
        if not any(feed.live for feed in feeds_heard(self.ctx.ws)):
            return "no feed of this workspace is live"
        return self.making.ask(run)
