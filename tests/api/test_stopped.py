"""A stopped area: no route, list, export, stream, job or command gives a forecast of it; history stays."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import delete, insert
from starlette.testclient import TestClient
from starlette.types import Message

from peelian.api import stream_stop
from peelian.api.app import create_app
from peelian.api.asking import HISTORY, STILL_OPEN
from peelian.api.broadcast import HEARTBEAT_S, Broadcast
from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.errors import Refused
from peelian.pipeline.briefing import BriefingRequest, make_briefing
from peelian.pipeline.context import Context
from peelian.pipeline.planning.making import PlanRequest, make_plan
from peelian.store.catalogue import now, transaction
from peelian.store.chain_tables import release
from peelian.store.deployments import set_deployment, stopped_now
from peelian.store.outbox import lease
from peelian.store.owning import of_area, of_run
from peelian.store.releases import decide, list_releases
from peelian.store.runs import add_run, get_run, latest_run, list_runs, run_ids
from peelian.store.tables import run as run_table
from peelian.store.warning_records import list_warnings
from peelian.store.warnings import keep_warnings
from tests.warnings_made import made
from tests.workspaces import fresh

from .run_folder import mask, write_run
from .test_routes import api_routes

GONE, OTHER = "gone-run", "other-run"
FULL = {"senior_owner": "a post", "lawful_basis": "a basis", "ethics": "a reference"}


class World:
    """Area SIM1 with a run, plan, warning, message and release; OTHER1 with a run where `two`."""

    def __init__(self, home: Path) -> None:
        self.ws = fresh(home)
        add_run(
            self.ws, GONE, write_run(self.ws.runs / GONE, columns=12, rows=12) | {"title": "SENTINEL title"}
        )
        self.plan = str(make_plan(Context(self.ws), PlanRequest(4)).id)
        raised = made("w-gone", title="SENTINEL warning")
        keep_warnings(self.ws, LOCAL_ANALYST, "prevention", [raised])
        for id_ in ("rel-gone", "rel-two"):
            self.released(id_)

    def released(self, id_: str) -> None:
        table = {"title": "SENTINEL", "shown": [], "withheld": [], "note": "", "simulated": True}
        row = {"id": id_, "tier": "public", "kind": "counts", "area": "SIM1", "target": "violence",
               "start": date(2026, 7, 1), "end": date(2026, 10, 1), "force": "", "told": [],
               "state": "approved", "table": table, "proposed_by": "a", "proposed_at": now()}  # fmt: skip
        with transaction(self.ws) as conn:
            conn.execute(insert(release).values(row))

    def stop(self, status: str = "discontinued", area: str = "SIM1", **more: str) -> None:
        set_deployment(self.ws, LOCAL_ANALYST, "administration", area, status, **more)

    def other(self) -> None:
        card = write_run(self.ws.runs / OTHER, columns=12, rows=12)
        add_run(self.ws, OTHER, card | {"area": card["area"] | {"code": "OTHER1", "name": "Elsewhere"}})

    def client(self) -> TestClient:
        app = create_app(self.ws, actor=LOCAL_ANALYST, purpose="prevention")
        return TestClient(app, base_url="http://127.0.0.1:8000")

    @property
    def sentinels(self) -> tuple[str, ...]:
        return (GONE, self.plan, "SENTINEL", "w-gone", "rel-gone", "rel-two")


@pytest.fixture(scope="module")
def _made(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("stopped") / "home")


@pytest.fixture
def world(_made: World) -> World:
    """The module's world, running: each test stops it anew."""
    _made.stop("approved", "*", **FULL)
    _made.stop("approved", **FULL)
    return _made


def asked_of(client: TestClient, route: APIRoute, world: World, run: str) -> Any:
    named = {"run": run, "layer": "expected", "level": "block", "cell": int(mask(12, 12)[0]),
             "warning": "w-gone", "plan": world.plan, "release": "rel-gone", "kind": "lighting",
             "area": "SIM1",
             "collection": "SIM1.violence.week.cell"}  # fmt: skip
    path = route.path.replace(":path", "").format_map(defaultdict(lambda: 1, named))
    return client.get(path, follow_redirects=True)


def walk(client: TestClient, world: World, run: str, *, lists: bool = False) -> dict[str, Any]:
    """Ask every route that gives something; `lists`: only those that name no run."""
    routes = [one for one in api_routes(client) if "GET" in (one.methods or ())]
    routes = [one for one in routes if not lists or "{run}" not in one.path]
    return {f"{what(one)}: {one.path}": asked_of(client, one, world, run) for one in routes}


def what(route: APIRoute) -> str:
    found = (getattr(one.call, "asks", None) for one in route.dependant.dependencies)
    return next(str(one[1]) for one in found if one)


def telling(world: World, answers: dict[str, Any]) -> list[str]:
    """The routes that tell a forecast; the audit and the public records name its run and title alone."""
    held = {path: one.text for path, one in answers.items() if not path.startswith(("audit", "transparency"))}
    return [path for path, text in held.items() if any(mark in text for mark in world.sentinels)]


def test_no_route_gives_a_forecast_of_a_stopped_area(world: World) -> None:
    with world.client() as client:
        before = telling(world, walk(client, world, GONE, lists=True))
        assert len(before) >= 12, "the walk must meet forecasts where nothing is stopped"
        world.stop()
        for run, lists in ((GONE, False), ("latest", True)):
            found = walk(client, world, run, lists=lists)
            assert telling(world, found) == []
            assert [path for path, one in found.items() if one.status_code >= 500] == []
            shown = {path.split(": ")[0] for path, one in found.items() if one.status_code == 200}
            assert shown <= STILL_OPEN | HISTORY
        assert "only history is shown" in client.get(f"/api/v1/runs/{GONE}").json()["message"]
        assert "only history is shown" in client.get("/api/v1/plans?area=SIM1").json()["message"]
        world.other()
        found = walk(client, world, "latest", lists=True)
        assert telling(world, found) == []
        assert any(OTHER in one.text for one in found.values()), "another area goes on"
        assert client.get(f"/api/v1/runs/{GONE}").status_code == 409
        with world.ws.engine.begin() as conn:
            conn.execute(delete(run_table).where(run_table.c.id == OTHER))


def test_no_command_or_job_makes_or_reads_one(world: World) -> None:
    ctx = Context(world.ws)
    world.stop()
    for make in (
        lambda: make_briefing(ctx, BriefingRequest("SIM1")),
        lambda: make_plan(ctx, PlanRequest(4, area="SIM1")),
        lambda: make_plan(ctx, PlanRequest(4, run=GONE)),
        lambda: get_run(world.ws, GONE),
        lambda: latest_run(world.ws, "SIM1"),
        lambda: ctx.may_go_on("SIM1"),
    ):
        with pytest.raises(Refused, match="only history is shown"):
            make()
    assert latest_run(world.ws) is None
    assert list_runs(world.ws) == []
    assert list_warnings(world.ws).total == 0
    assert list_releases(world.ws) == []
    with transaction(world.ws) as conn:
        assert run_ids(conn) == {GONE}, "a backup keeps what is stopped"
        decide(conn, LOCAL_ANALYST, "administration", "rel-two", "withdrawn", "stopped")


def test_no_message_of_a_stopped_warning_is_sent(world: World) -> None:
    from peelian.store.outbox import Message, enqueue

    with transaction(world.ws) as conn:
        enqueue(conn, [Message("k1", "email", "a team", "w-gone", {"subject": "s", "text": "t"})])
    world.stop()
    assert lease(world.ws) == []
    world.stop("approved", **FULL)
    assert len(lease(world.ws)) == 1


def test_the_rules_of_the_register(world: World) -> None:
    ws = world.ws
    world.stop("proposed")
    assert "lacks senior owner, lawful basis, ethics" in stopped_now(ws).of("SIM1")
    world.stop("proposed", **FULL)
    assert not stopped_now(ws).of("SIM1")
    world.stop("discontinued", "*")
    assert stopped_now(ws).of("SIM1")
    assert latest_run(ws) is None, "the switch for all spares no area"
    world.stop("proposed", "*")
    assert latest_run(ws) is not None, "an area with a row of its own goes by that"
    assert stopped_now(ws).of("NEW1")


async def _followed(world: World) -> list[Message]:
    sent: list[Message] = []
    card = {"area": {"code": "SIM1"}}
    desk: Any = SimpleNamespace(served=SimpleNamespace(layer=SimpleNamespace(run=SimpleNamespace(card=card))))

    async def receive() -> Message:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)
        if len(sent) == 2:
            world.stop()

    asked: Any = SimpleNamespace(ws=world.ws, house=SimpleNamespace(access=None))
    async with asyncio.timeout(30):
        stream = stream_stop.WhileRunning(Broadcast("s"), None, asked, desk)
        await stream({"type": "http"}, receive, send)
    with pytest.raises(Refused, match="only history"):
        stream_stop.check_live(world.ws, desk)
    return sent


def test_an_open_stream_ends_when_its_area_is_stopped(world: World, monkeypatch: Any) -> None:
    assert stream_stop.AGAIN_S + HEARTBEAT_S < 5
    monkeypatch.setattr("peelian.api.broadcast.HEARTBEAT_S", 0.1)
    monkeypatch.setattr(stream_stop, "AGAIN_S", 0.05)
    found: list[list[Message]] = []
    thread = threading.Thread(target=lambda: found.append(asyncio.run(_followed(world))))
    thread.start()
    thread.join(40)
    assert found, "the stream went on"
    assert found[0][-1]["more_body"] is False
    assert len(found[0]) <= 4  # begun, reset, at most one beat, the end


def test_a_refusal_is_written_as_one(world: World) -> None:
    from peelian.store.audit import list_audit

    world.stop()
    with world.client() as client:
        assert client.get(f"/api/v1/runs/{GONE}").status_code == 409
    assert list_audit(world.ws, last=1)[0].what == "refused: run manifest"


def test_a_record_of_a_stopped_area_still_belongs_to_its_force(world: World) -> None:
    card = get_run(world.ws, GONE).card
    add_run(world.ws, "owned-run", card | {"area": {"code": "OWNED1", "simulated": True}}, force="kent")
    world.stop(area="OWNED1")
    with transaction(world.ws) as conn:
        assert of_area(conn, "OWNED1").force == "kent"
        assert of_run(conn, "owned-run", "OWNED1").force == "kent"
        conn.execute(delete(run_table).where(run_table.c.id == "owned-run"))
