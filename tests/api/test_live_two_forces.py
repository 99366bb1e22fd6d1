"""Two forces live on one server, over the real stream: neither hears of the other."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from sqlalchemy import insert

from peelian.api.live_desks import LiveDesks
from peelian.api.live_scope import why_beyond
from peelian.domain.actor import Actor
from peelian.domain.errors import Refused
from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.live import Taken
from peelian.live.recipe import write_recipe
from peelian.pipeline.context import Context
from peelian.pipeline.live.state_desk import open_desk
from peelian.store.catalogue import transaction
from peelian.store.changes import changes_between
from peelian.store.ledger import latest_snapshot
from peelian.store.live_tables import live_feed
from peelian.store.runs import add_run
from peelian.store.warnings import keep_warnings
from tests.live.world import CELLS, NOW, recipe
from tests.pipeline.live.given import put, rows_at
from tests.two_forces import _ME, FORCES
from tests.warnings_made import made as made_warning
from tests.workspaces import fresh

from .run_folder import write_run
from .signing import account, app_of, signed_in
from .test_stream import serving

CELL = {"kent": 100, "essex": 200}
"""Positions in the mask, which both forces share: only the force on a record tells them apart."""
EVERYTHING = "*"


class World:
    """A workspace with a run, a feed and one record of each force; what is told goes to the desks."""

    def __init__(self, home: Path) -> None:
        self.ws, self.home, self.numbers = fresh(home), home, iter(range(1, 1000))
        for force in FORCES:
            self._force(force)
        ctx = Context(self.ws)
        self.desks = LiveDesks(lambda forces: open_desk(ctx, lambda: NOW, forces), "")
        self.desks.start()

    def _force(self, force: str) -> None:
        run = f"run-{force}"
        card = write_run(self.ws.runs / run)
        card |= {"area": card["area"] | {"code": force, "name": f"{force}-area"}, "agreements": ["open-data"]}
        add_run(self.ws, run, card, force=force)
        write_recipe(replace(recipe(run), forces=(force,)), self.ws.runs / run)
        with transaction(self.ws) as conn:
            conn.execute(insert(live_feed).values(
                name=f"{force}-crime", source="police_crime", options={}, cadence_minutes=5, live=True,
                secret="0" * 64, created=NOW, last_heard=NOW, newest=NOW, force=force,
            ))  # fmt: skip
        self.report(force)

    def report(self, force: str) -> Taken:
        """Commit one report of a force at its cell; give what the taker would tell."""
        number, before = next(self.numbers), latest_snapshot(self.ws)
        at = CELL[force]
        x, y = GRID.centre(CELLS[at : at + 1])
        rows = rows_at([NOW - timedelta(minutes=5)], x, y, first=number * 100)
        put(self.ws, self.home / f"{number}.csv", rows, force)
        after = latest_snapshot(self.ws)
        return Taken(number, after, NOW, *changes_between(self.ws, before, after))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("live") / "home")
    yield made
    made.desks.stop()


@pytest.fixture(scope="module")
def served(world: World) -> Iterator[tuple[str, dict[str, dict[str, str]]]]:
    """The address, and the cookie of an account of each force, of all, and of one area of none."""
    app = app_of(world.ws, force="")
    app.state.live = world.desks
    people: dict[str, Any] = {force: {"force": force} for force in (*FORCES, EVERYTHING)}
    people |= {"elsewhere": {"force": "kent", "areas": ("kent-coast",)}}
    cookies = {
        name: {"cookie": f"peelian={signed_in(app, account(world.ws, f'a-{k}', **told)).cookies['peelian']}"}
        for k, (name, told) in enumerate(people.items())
    }
    for force in (*FORCES, EVERYTHING):
        world.desks.of(force).look()  # as its thread does within five seconds
    with serving(app) as address:
        yield address, cookies


def follow(address: str, headers: dict[str, str], until: tuple[str, ...], began: threading.Event) -> str:
    """Follow the stream until all words came; give all that came."""
    told = ""
    with httpx.stream("GET", f"{address}/stream", headers=headers, timeout=30) as answer:
        assert answer.status_code == 200
        for line in answer.iter_lines():
            told += line + "\n"
            if "reset" in line:
                began.set()
            if not line and all(word in told for word in until):
                break
    return told


def patched(told: str) -> set[int]:
    """Give the cells that patches of a stream counted a report of the last day in."""
    events = [block for block in told.split("\n\n") if "event: cells" in block]
    patches = [json.loads(block.split("data: ", 1)[1]) for block in events]
    return {
        cell for one in patches for cell, day in zip(one["cells"], one["day"], strict=True) if day > 0
    }  # fmt: skip


def test_each_follows_its_own_force_only(world: World, served: Any) -> None:
    address, cookies = served
    told: dict[str, str] = {}
    began = {force: threading.Event() for force in FORCES}

    def run(force: str) -> None:
        told[force] = follow(
            address, cookies[force], (f"w-{force}-new", "event: state", "event: cells"), began[force]
        )

    threads = [threading.Thread(target=run, args=(force,)) for force in FORCES]
    for thread in threads:
        thread.start()
    for one in began.values():
        assert one.wait(30)
    for force in FORCES:  # the first one's must have had the time to reach the second
        world.desks(world.report(force))
        keep_warnings(world.ws, *_ME, [made_warning(f"w-{force}-new", area=force)])
        world.desks.of(force).look_now()
    for thread in threads:
        thread.join(40)
    for force, other in (FORCES, FORCES[::-1]):
        assert patched(told[force]) == {int(CELLS[CELL[force]])}
        assert f"run-{force}" in told[force]
        assert other not in told[force]


@pytest.mark.parametrize(("mine", "theirs"), [FORCES, FORCES[::-1]])
def test_the_layer_and_the_feeds_are_of_ones_own_force(served: Any, mine: str, theirs: str) -> None:
    address, cookies = served
    whole = httpx.get(f"{address}/live/cells", headers=cookies[mine]).json()
    assert whole["run"] == f"run-{mine}"
    assert {c for c, n in zip(whole["cells"], whole["week"], strict=True) if n} == {int(CELLS[CELL[mine]])}
    said = httpx.get(f"{address}/live", headers=cookies[mine])
    assert f"{mine}-crime" in said.text
    assert theirs not in said.text
    assert said.json()["position"] == 0  # the number of all forces' batches together


def test_another_forces_report_is_not_even_heard_of(world: World) -> None:
    kent = world.desks.of("kent")
    heard, version = kent.heard, kent.broadcast.versions.newest
    world.desks(world.report("essex"))
    kent.look()
    assert (kent.heard, kent.broadcast.versions.newest) == (heard, version)


def test_an_area_outside_the_account_is_refused_within_its_force(served: Any) -> None:
    address, cookies = served
    said = httpx.get(f"{address}/live", headers=cookies["elsewhere"]).json()
    assert (said["live"], said["feeds"]) == (False, [])
    for path in ("live/cells", "stream"):
        refused = httpx.get(f"{address}/{path}", headers=cookies["elsewhere"])
        assert refused.status_code == 403
        assert "run-kent" not in refused.text


def test_a_partners_table_is_of_its_own_forces_area_too(world: World) -> None:
    app = app_of(world.ws, force="")
    app.state.live = world.desks
    said = []
    for k, areas in enumerate([("*",), ("kent-coast",)]):
        one = account(world.ws, f"p{k}000", "partner", "kent", agency="Council", areas=areas)
        client = signed_in(app, one)
        said.append(client.get("/api/v1/live").json())
        assert client.get("/api/v1/live/cells").status_code == 403
    assert said[0]["support"] == "lsoa"  # the table: late, floored, of the force's own desk
    assert "support" not in said[1]
    assert said[1]["reason"] == "it belongs to another force, or lies outside the areas of this account"
    assert client.get("/api/v1/stream").status_code == 403


def test_accounts_of_every_force_follow_the_newest_run(served: Any) -> None:
    address, cookies = served
    assert httpx.get(f"{address}/live", headers=cookies[EVERYTHING]).json()["run"] == "run-essex"


def test_a_run_that_was_stopped_is_a_reason_to_end_and_no_fault(
    world: World, served: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: Any) -> None:
        raise Refused("this deployment was discontinued")

    monkeypatch.setattr("peelian.api.live_scope.get_run", stopped)
    asked: Any = SimpleNamespace(
        ws=world.ws, house=SimpleNamespace(access=1), actor=Actor("k", "analyst", "kent")
    )
    assert why_beyond(asked, world.desks.of("kent")) == "this deployment was discontinued"


def test_a_desk_that_is_not_divided_tells_one_force_nothing(world: World) -> None:
    app = app_of(world.ws, force="")
    app.state.live = world.desks.of(EVERYTHING)  # as a server would that forgot to divide it
    client = signed_in(app, account(world.ws, "k2002", force="kent"))
    assert client.get("/api/v1/live").json()["feeds"] == []
    assert client.get("/api/v1/live/cells").status_code == 403
    assert client.get("/api/v1/stream").status_code == 403


def test_a_stream_ends_where_its_desk_comes_to_a_run_beyond_its_follower(world: World) -> None:
    app = app_of(world.ws, force="")
    desk = open_desk(Context(world.ws), lambda: NOW, ("essex",))
    app.state.live = desk
    desk.look()
    client = signed_in(app, account(world.ws, "e3003", force="essex"))
    headers = {"cookie": f"peelian={client.cookies['peelian']}"}
    with serving(app) as other, httpx.stream("GET", f"{other}/stream", headers=headers, timeout=30) as answer:
        lines = answer.iter_lines()
        assert any("reset" in line for line in lines)
        desk.served = world.desks.of("kent").served
        desk.broadcast.put("cells", '{"of": "kent"}')
        assert not any("kent" in line for line in lines)  # and it ends, for this reads to the end
