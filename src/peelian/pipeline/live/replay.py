"""Run a past stretch again: a state learned from what was known at its start, told what came after."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import numpy as np

from peelian.domain.errors import NotFound, Refused
from peelian.domain.live import Taken
from peelian.domain.time import LONDON, london_midnight
from peelian.live.entering import Entering, entering
from peelian.live.recipe import Recipe
from peelian.live.state import RunningState
from peelian.pipeline.areas import resolve_area
from peelian.pipeline.context import Context
from peelian.pipeline.live.replay_stretch import Stretch, read_stretch
from peelian.pipeline.live.state_recipe import make_recipe
from peelian.store.runs import RunRow, latest_run

STEP: Final = timedelta(hours=1)


@dataclass(frozen=True)
class ReplayAsked:
    """The stretch (start, end], UTC; `feeds` are sources, empty for all; the newest run of `area` shows."""

    start: datetime
    end: datetime
    feeds: tuple[str, ...] = ()
    area: str | None = None


@dataclass(frozen=True, eq=False)
class Replay:
    """All that a replay needs: what is shown, how rows become rates, and the rows."""

    run: RunRow
    recipe: Recipe
    stretch: Stretch

    def begun(self) -> RunningState:
        """Give the running state as it was at the start."""
        state = RunningState(self.recipe)
        state.begin(self.stretch.stood(state.horizon), position=0, snapshot=0)
        return state

    def taken(self, number: int, after: datetime, until: datetime) -> Taken:
        """Give what became known between two instants, as the ledger's taker would have told it."""
        rows, undone = self.stretch.between(after, until)
        return Taken(number, number, until, rows, undone)


def open_replay(ctx: Context, asked: ReplayAsked) -> Replay:
    """Read the stretch and learn the recipe from what was known at its start: nothing later is looked at.

    Raises:
        NotFound: there is no forecast whose map could move.
        Refused: nothing in the stretch is timed to a day, or too little was known at its start to learn from.
        Misuse: the stretch or a feed cannot be used.
    """
    days = " to ".join(str(at.astimezone(LONDON).date()) for at in (asked.start, asked.end))
    ctx.consult("consultation", "replay of events", area=asked.area or "", window=days)
    run = latest_run(ctx.ws, asked.area)
    if run is None:
        raise NotFound("there is no forecast whose map could move", do="make one with: peelian forecast")
    area = resolve_area(ctx, str(run.card["area"]["code"]), asked.end)
    stretch = read_stretch(ctx, area, asked.start, asked.end, asked.feeds)
    known = {"as_of": asked.start.isoformat(), "origin": str(asked.start.astimezone(LONDON).date())}
    recipe = make_recipe(ctx, replace(run, card=run.card | known))
    _check(entering(stretch.arrivals, recipe), stretch.arrivals.height)
    return Replay(run, recipe, stretch)


def _check(read: Entering, rows: int) -> None:
    if len(read.time):
        return
    if not rows:
        raise Refused("nothing became known in this stretch", do="see peelian coverage for what is held")
    reason, most = max(read.kept_out, key=lambda one: one[1], default=("of no kind that is shown", rows))
    raise Refused(
        f"nothing of this stretch can move a map: {most:,} rows are left out: {reason}",
        expected="rows that say the day or the hour; a month alone has no instant at which it could happen",
    )


def replay_instant(ctx: Context, asked: ReplayAsked, step: timedelta = STEP) -> dict[str, Any]:
    """Run the stretch at once; give its counts and the final state's digest. The same rows: the same."""
    replay = open_replay(ctx, asked)
    state = replay.begun()
    at, commits, rows, undone = asked.start, 0, 0, 0
    while at < asked.end:
        until = min(at + step, asked.end)
        taken = replay.taken(commits + 1, at, until)
        at = until
        if taken.rows.height or taken.undone.height:
            state.take(taken)
            commits, rows, undone = commits + 1, rows + taken.rows.height, undone + taken.undone.height
    seen = state.at(asked.end)
    return {
        "from": asked.start.isoformat(), "to": asked.end.isoformat(), "run": replay.run.run_id,
        "target": replay.recipe.target, "learned_from": replay.recipe.events, "commits": commits,
        "rows": rows, "undone": undone, "left_out": {why: n for why, n in state.kept_out.items() if n},
        "last_day": int(seen.day.sum()), "last_week": int(seen.week.sum()),
        "rate_a_week": round(float(seen.rate.sum()), 6), "digest": state_digest(state),
    }  # fmt: skip


def state_digest(state: RunningState) -> str:
    """Name what a state holds, whatever the number of commits that led there. SHA-256."""
    with np.load(io.BytesIO(state.packed()), allow_pickle=False) as held:
        body = b"".join(np.ascontiguousarray(held[name]).tobytes() for name in ("keys", "blocks", "recent"))
    return hashlib.sha256(body).hexdigest()


def last_weeks(area: str, origin: date, weeks: int = 4) -> ReplayAsked:
    """Give the weeks before a forecast's origin."""
    end = london_midnight(origin)
    return ReplayAsked(end - timedelta(weeks=weeks), end, area=area)


def feeds_of(names: Collection[str] | None) -> tuple[str, ...]:
    """Give the feeds asked for, none twice."""
    return tuple(dict.fromkeys(names or ()))
