"""A replay tells a past stretch as it became known then, learns from nothing later, and leaves the ledger."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from peelian.domain.errors import Misuse, NotFound, Refused
from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.live.state import RunningState
from peelian.pipeline.context import Context
from peelian.pipeline.live.replay import ReplayAsked, open_replay, replay_instant, state_digest
from peelian.pipeline.live.replay_desk import Playing
from peelian.store.ledger import latest_snapshot, read_events
from tests.api.run_folder import mask
from tests.workspaces import fresh

from .given import put, rows_at
from .test_desk import BRANCHING, CUT, made

DAY = timedelta(days=1)
ASKED = ReplayAsked(CUT - 20 * DAY, CUT)


@pytest.fixture(scope="module")
def ctx(tmp_path_factory: pytest.TempPathFactory) -> Context:
    """Beside the world's events, one that is moved a day later and one that is taken back."""
    folder = tmp_path_factory.mktemp("replay")
    ctx = made(folder / "home", BRANCHING)
    start = [CUT - 4.4 * DAY, CUT - 4 * DAY]
    x, y = GRID.centre(mask()[60:62])
    first = rows_at(start, x, y, first=30_000_000)
    put(ctx.ws, folder / "first.csv", first, "SIM1")
    x, y = GRID.centre(mask()[70:72])
    later = rows_at(start, x, y, first=30_000_000).with_columns(
        pl.col("content") + 1, available_at=pl.col("available_at") + DAY, retracted=pl.Series([False, True])
    )
    x, y = GRID.centre(mask()[80:81])
    other = rows_at([CUT - 9 * DAY], x, y, first=31_000_000)
    put(
        ctx.ws,
        folder / "later.csv",
        pl.concat([later, other]).with_columns(row=pl.Series([1, 2, 3], dtype=pl.UInt64)),
        "SIM1",
    )
    return ctx


def test_told_hour_by_hour_or_at_once_it_ends_in_the_state_of_the_ledger(ctx: Context) -> None:
    before = latest_snapshot(ctx.ws)
    hourly = replay_instant(ctx, ASKED)
    at_once = replay_instant(ctx, ASKED, step=40 * DAY)
    assert hourly["digest"] == at_once["digest"]
    assert hourly["undone"] == 2
    assert hourly["commits"] > 100
    recipe = open_replay(ctx, ASKED).recipe
    clean = RunningState(recipe)
    rows = read_events(ctx.ws, as_of=ASKED.end)
    clean.begin(rows.filter(pl.col("start") > ASKED.start - clean.horizon), position=0, snapshot=0)
    clean.at(ASKED.end)
    assert state_digest(clean) == hourly["digest"]
    assert latest_snapshot(ctx.ws) == before, "the ledger is not changed"


def test_a_correction_comes_at_its_own_time(ctx: Context) -> None:
    replay = open_replay(ctx, ASKED)
    versions = replay.stretch.versions
    mine = pl.col("key_lo").is_in(versions.filter(pl.col("version") > 0)["key_lo"].to_list())
    without = replace(replay, stretch=replace(replay.stretch, versions=versions.filter(~mine)))
    told = CUT - 4 * DAY
    for until, gained in ((told + DAY / 2, [60, 61]), (told + 2 * DAY, [70])):
        weeks = []
        for one in (replay, without):
            state = one.begun()
            state.take(one.taken(1, ASKED.start, until))
            weeks.append(state.at(until).week)
        cells = replay.recipe.cells[np.flatnonzero(weeks[0] - weeks[1])]
        assert cells.tolist() == mask()[gained].tolist()


def test_the_map_is_served_with_a_clock_of_its_own(ctx: Context) -> None:
    playing = Playing(ctx, ASKED, 1_000_000.0)
    assert playing.desk.says()["live"] is True
    playing.desk.start()
    playing.start()
    end = time.monotonic() + 60
    while playing.clock.now() < ASKED.end or not playing.desk.says()["position"]:
        assert time.monotonic() < end
        time.sleep(0.05)
    time.sleep(0.5)
    said = playing.desk.says()
    assert said["speed"] == 1_000_000
    assert said["clock"].startswith("2026-11-02")
    assert [(feed["name"], feed["live"]) for feed in said["feeds"]] == [("given", False)]
    assert playing.desk.whole() is not None
    playing.stop()
    playing.desk.stop()


def test_what_cannot_be_replayed_is_said(ctx: Context, tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="ends before it starts"):
        open_replay(ctx, ReplayAsked(CUT, CUT))
    with pytest.raises(Misuse, match="no rows of council_asb"):
        open_replay(ctx, ReplayAsked(CUT - 20 * DAY, CUT, ("council-asb",)))
    with pytest.raises(Refused, match="nothing became known"):
        open_replay(ctx, ReplayAsked(CUT + 40 * DAY, CUT + 50 * DAY))
    with pytest.raises(NotFound, match="no forecast"):
        open_replay(Context(fresh(tmp_path / "empty")), ASKED)
    x, y = GRID.centre(mask()[60:62])
    months = rows_at([CUT + DAY, CUT + 2 * DAY], x, y, first=40_000_000)
    put(ctx.ws, tmp_path / "m.csv", months.with_columns(end=pl.col("start") + 30 * DAY), "SIM1")
    with pytest.raises(Refused, match="a month alone has no instant"):
        open_replay(ctx, ReplayAsked(CUT, CUT + 10 * DAY))
