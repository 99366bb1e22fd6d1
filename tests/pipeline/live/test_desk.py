"""From a ledger to a desk: the recipe is learned, the state follows, and what cannot be is said in words."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from sqlalchemy import insert

from peelian.domain.errors import Refused
from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.live import Taken
from peelian.domain.time import LONDON
from peelian.live.recipe import read_recipe, write_recipe
from peelian.live.released import PARTNER
from peelian.pipeline.context import Context
from peelian.pipeline.live.credentials import FeedRequest, add
from peelian.pipeline.live.inflow import Inflow
from peelian.pipeline.live.state_desk import open_desk
from peelian.pipeline.live.state_feeds import read_feeds
from peelian.pipeline.live.state_making import PREPARING, Making
from peelian.pipeline.live.state_recipe import make_recipe
from peelian.pipeline.live.state_released import Releases
from peelian.store.catalogue import transaction
from peelian.store.changes import changes_between
from peelian.store.ledger import latest_snapshot
from peelian.store.live_tables import live_feed
from peelian.store.runs import add_run, latest_run
from peelian.store.workspace import Workspace
from tests.api.run_folder import ORIGIN, mask, write_run
from tests.workspaces import fresh

from .given import put, rows_at

RUN, DAYS, DELAY, BRANCHING = "sim1-violence-20261102", 500, 7.0, 0.35
CUT = datetime(2026, 11, 2, tzinfo=UTC)
NOW = CUT + timedelta(hours=30)


def world(branching: float, n: int = 5_000) -> tuple[np.ndarray, np.ndarray, list[datetime]]:
    """Events of the made-up area over the days before the run, each bringing some more nearby and soon."""
    draw = np.random.default_rng(8)
    east, north = GRID.corner(mask())
    rate = draw.gamma(1.0, 1.0, len(east))
    cell = draw.choice(len(east), n, p=rate / rate.sum())
    x, y = east[cell] + 250 * draw.random(n), north[cell] + 250 * draw.random(n)
    t = draw.random(n) * DAYS
    kept = [(x, y, t)]
    while len(x):
        parent = np.repeat(np.arange(len(x)), draw.poisson(branching, len(x)))
        x, y = (v[parent] + draw.normal(0, 150, len(parent)) for v in (x, y))
        t = t[parent] + draw.exponential(DELAY, len(parent))
        x, y, t = x[t < DAYS], y[t < DAYS], t[t < DAYS]
        kept.append((x, y, t))
    x, y, t = (np.concatenate(part) for part in zip(*kept, strict=True))
    return x, y, [CUT - timedelta(days=DAYS - float(d)) for d in t]


def made(home: Path, branching: float, force: str = "SIM1", **same: Any) -> Context:
    ws = fresh(home)
    x, y, start = world(branching)
    put(ws, home / "all.csv", rows_at(start, x, y, **same), force)
    card = write_run(ws.runs / RUN)
    add_run(ws, RUN, card | {"area": card["area"] | {"code": force}})
    return Context(ws, purpose="analysis")


@pytest.fixture(scope="module")
def ctx(tmp_path_factory: pytest.TempPathFactory) -> Context:
    return made(tmp_path_factory.mktemp("desk") / "home", BRANCHING)


def run(ctx: Context) -> Any:
    found = latest_run(ctx.ws)
    assert found is not None
    return found


def test_the_recipe_holds_the_worlds_own_numbers(ctx: Context) -> None:
    recipe = make_recipe(ctx, run(ctx))
    assert recipe.branching[0, 0] == pytest.approx(BRANCHING, abs=0.06)
    assert recipe.scales[0] == pytest.approx(DELAY, rel=0.25)
    assert recipe.background.sum() * DAYS == pytest.approx(5_000, rel=0.1)
    assert recipe.forces == ("SIM1",)


def test_only_what_was_known_at_the_cut_is_learned_from(ctx: Context, tmp_path: Path) -> None:
    before = make_recipe(ctx, run(ctx)).digest
    late = [CUT + timedelta(days=k / 10) for k in range(50)]
    x, y = (np.repeat(part[:1], 50) for part in GRID.centre(mask()[50:51]))
    put(ctx.ws, tmp_path / "late.csv", rows_at(late, x, y, first=10_000_000), "SIM1")
    assert make_recipe(ctx, run(ctx)).digest == before


def test_where_homes_cannot_be_told_apart_there_is_no_running_state(tmp_path: Path) -> None:
    ctx = made(tmp_path / "home", 0.0, domestic="unknown", sexual="unknown", setting="unknown")
    with pytest.raises(Refused, match=r"only 0 events can enter.*not marked"):
        make_recipe(ctx, run(ctx))


def test_what_cannot_be_is_said_by_the_desk(tmp_path: Path) -> None:
    ctx = made(tmp_path / "home", 0.0, domestic="unknown")
    feed(ctx.ws, NOW)
    making = Making(ctx)
    assert making.ask(run(ctx)) == PREPARING
    making._asked[RUN].wait(60)
    assert making.ask(run(ctx)).startswith("only 0 events can enter a running state")


def feed(ws: Workspace, heard: datetime) -> None:
    with transaction(ws) as conn:
        conn.execute(insert(live_feed).values(
            name="crime", source="police_crime", options={}, cadence_minutes=5, live=True, secret="0" * 64,
            created=heard, last_heard=heard, newest=heard,
        ))  # fmt: skip


def test_a_desk_asks_for_its_recipe_and_then_follows(ctx: Context, tmp_path: Path) -> None:
    desk = open_desk(ctx, lambda: NOW)
    desk.look()
    assert desk.says()["reason"] == "no feed of this workspace is live"
    assert desk.says()["live"] is False
    feed(ctx.ws, NOW - timedelta(minutes=2))
    desk._due = dict.fromkeys(desk._due, 0.0)
    desk.look()
    assert desk.says()["reason"] == "the running state is being prepared"
    desk._renew.making._asked[RUN].wait(60)  # type: ignore[attr-defined]
    assert read_recipe(run(ctx).folder).events > 5_000
    desk._due = dict.fromkeys(desk._due, 0.0)
    desk.look()
    said = desk.says()
    assert (said["live"], said["run"], said["reason"]) == (True, RUN, "")
    before = latest_snapshot(ctx.ws)
    at, cell = NOW - timedelta(minutes=5), 70
    x, y = GRID.centre(mask()[cell : cell + 1])
    put(ctx.ws, tmp_path / "one.csv", rows_at([at], x, y, first=20_000_000), "SIM1")
    desk(Taken(1, latest_snapshot(ctx.ws), NOW, *changes_between(ctx.ws, before, latest_snapshot(ctx.ws))))
    desk.look()
    tail = desk.broadcast.versions.since(desk.broadcast.versions.newest - 2)
    assert tail is not None
    patch = json.loads(tail[0][0].split(b"data: ")[1])
    assert patch["day"][patch["cells"].index(int(mask()[cell]))] >= 1


def test_what_comes_by_the_door_reaches_the_desk(tmp_path: Path) -> None:
    """JSON lines in; answered when durable; the taker commits and tells; the desk sends the patch."""
    ctx = made(tmp_path / "home", 0.0, "simulated-sim1")
    secret = add(ctx, FeedRequest("crime", "police-crime", 5, "police_crime", "simulated-sim1"))
    write_recipe(make_recipe(ctx, run(ctx)), run(ctx).folder)
    desk, inflow = open_desk(ctx, lambda: NOW), Inflow(ctx)
    inflow.listeners.append(desk)
    desk.look()
    assert desk.served is not None
    x, y = GRID.centre(mask()[70:71])
    known = NOW.astimezone(LONDON).strftime("%d/%m/%Y %H:%M")
    line = {
        "Crime Ref": "A1", "Committed From": known, "Committed To": known, "Date Created": known,
        "HO Class": "8N", "Crime Status": "Open", "Location Type": "STREET", "Reported By": "VICTIM",
        "Easting": float(x[0]), "Northing": float(y[0]), "DV Marker": "N", "LSOA Code": None,
        "Weapon Code": "NONE", "MO Narrative": None,
    }  # fmt: skip
    before = desk.broadcast.versions.newest
    day = int(desk.served.following.state.at(NOW).day[70])
    inflow.door.put("crime", "one", json.dumps(line).encode(), secret=secret)
    assert inflow.taker.drain() == 1
    desk.look()
    tail = desk.broadcast.versions.since(before)
    assert tail is not None
    patch = json.loads(next(body for body in tail[0] if b"event: cells" in body).split(b"data: ")[1])
    assert patch["day"][patch["cells"].index(int(mask()[70]))] == day + 1
    inflow.stop()


def test_freshness_is_by_declared_cadence(tmp_path: Path) -> None:
    ctx = made(tmp_path / "home", 0.0)
    feed(ctx.ws, NOW)
    said = {one.name: one.words(NOW + timedelta(days=1)) for one in read_feeds(ctx)()}
    assert said["crime"] == "police crime extract: quiet for 24 hours"
    assert said["given"].startswith("given: as sent, ")


def test_what_is_released_is_as_known_when_it_fell_due(ctx: Context, tmp_path: Path) -> None:
    from peelian.live.state import RunningState

    state = RunningState(make_recipe(ctx, run(ctx)))
    window = PARTNER.due(NOW)
    assert window[1] == ORIGIN
    table = Releases(ctx)(state, PARTNER, window)
    x, y = (np.repeat(part[:1], 40) for part in GRID.centre(mask()[90:91]))
    late = rows_at([CUT - timedelta(days=3, minutes=37 * k) for k in range(40)], x, y, first=30_000_000)
    late = late.with_columns(pl.lit(NOW).cast(late.schema["available_at"]).alias("available_at"))
    put(ctx.ws, tmp_path / "late2.csv", late, "SIM1")
    assert Releases(ctx)(state, PARTNER, window) == table
    assert table["areas"]["E01000001"] % 5 == 0
