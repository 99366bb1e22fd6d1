"""What comes in shows on the page without a reload; how fresh it is, and silence, are said in words."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from peelian.api.app import create_app
from peelian.api.live_desk import LiveDesk, Served, Told
from peelian.api.live_layer import LiveLayer
from peelian.api.run_folder import read_run
from peelian.api.serve import Server
from peelian.domain.actor import LOCAL_ANALYST
from peelian.live.clock import Clock
from peelian.live.freshness import Feed
from peelian.live.state import RunningState
from peelian.store.workspace import Workspace
from tests.live.world import CELLS, NOW, recipe, row, told

from .conftest import RUN, settle
from .watching import Watch

pytestmark = pytest.mark.browser
STRIP = ".live-strip"


class Force:
    """A live force: a clock that runs from `NOW`, moved on by hand, and a feed last heard when it says."""

    running: Running

    def __init__(self, workspace: Workspace, speed: float | None = None) -> None:
        self.begun, self.moved = time.monotonic(), timedelta(0)
        self.heard = NOW
        made = recipe(RUN)
        served = Served(Told(RunningState(made)), LiveLayer(made, read_run(workspace.runs / RUN)))
        self.desk = LiveDesk(
            Clock(self.now, speed), lambda: [self.feed()], lambda run: None if run else served
        )
        self.position = 0

    def now(self) -> Any:
        return NOW + timedelta(seconds=time.monotonic() - self.begun) + self.moved

    def feed(self) -> Feed:
        return Feed("police", "police incident", timedelta(minutes=5), self.heard, self.heard, live=True)

    def tell(self, *cells: int) -> None:
        self.position += 1
        rows = [row(1000 * self.position + k, self.now(), cell) for k, cell in enumerate(cells)]
        self.heard = self.now()
        self.desk(told(self.position, rows))


class Running:
    """A server that can be stopped and come back at its address."""

    def __init__(self, workspace: Workspace, desk: LiveDesk) -> None:
        self.app = create_app(workspace, actor=LOCAL_ANALYST, purpose="demonstration")
        self.app.state.live = desk
        self.port = 0

    def begin(self) -> str:
        held = socket.socket()
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", self.port))
        self.port = held.getsockname()[1]
        self.server = Server(uvicorn.Config(self.app, log_level="error", access_log=False))
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [held]}, daemon=True)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.02)
        return f"http://127.0.0.1:{self.port}"

    def end(self) -> None:
        self.server.should_exit = True
        self.thread.join(10)


@pytest.fixture
def serve(workspace: Workspace) -> Iterator[Any]:
    """Serve a force live; give the server."""
    running: list[Running] = []

    def made(force: Force) -> Running:
        running.append(Running(workspace, force.desk))
        force.running = running[-1]
        force.desk.look()
        force.desk.start()
        return force.running

    yield lambda force: made(force).begin()
    for one in running:
        one.end()
        one.app.state.live.stop()


def followed(force: Force) -> None:
    """Wait until the page follows the stream."""
    until = time.monotonic() + 20
    while force.desk.broadcast.clients == 0 and time.monotonic() < until:
        time.sleep(0.02)


def test_an_event_changes_map_list_and_panel_without_a_reload(
    page: Page, serve: Any, workspace: Workspace
) -> None:
    force = Force(workspace)
    address = serve(force)
    watch = Watch(address)
    watch.on(page)
    cell = int(CELLS[150])
    page.goto(f"{address}/?cell={cell}&level=cell")
    settle(page)
    expect(page.locator(STRIP)).to_have_attribute("data-tone", "live")
    expect(page.get_by_role("radio", name="Rate now")).to_be_checked()
    expect(page.locator("#map")).to_have_attribute("data-layer", "live")
    page.evaluate("() => (window.unreloaded = true)")
    before = page.evaluate("(cell) => window.__peelian.byte(cell, 0)", cell)
    expect(page.locator("[data-now=day]")).to_have_text("0")
    force.tell(150, 150, 150, 7)
    expect(page.locator(f"tr[data-live='{cell}']")).to_have_attribute("data-day", "3")
    expect(page.locator("[data-now=day]")).to_have_text("3")
    assert page.evaluate("(cell) => window.__peelian.byte(cell, 0)", cell) > before
    expect(page.locator("[role=status]")).to_contain_text("4 more reports. Most at")
    force.tell(9)
    expect(page.locator("tr[data-live]").first).to_have_attribute("data-live", str(CELLS[9]))
    expect(page.locator("[role=status]")).to_contain_text("4 more reports")  # once a minute, not each time
    assert page.evaluate("() => window.unreloaded") is True
    assert watch.faults == []


def test_a_feed_that_stops_is_said_to_be_quiet(page: Page, serve: Any, workspace: Workspace) -> None:
    force = Force(workspace)
    page.goto(serve(force))
    expect(page.locator(STRIP)).to_contain_text("Live, ")
    expect(page.locator("[role=status]")).to_contain_text("the chance of one or more")
    followed(force)
    force.moved = timedelta(minutes=20)
    force.desk.look_now()
    words = "The police incident feed has been quiet for 20 minutes"
    expect(page.locator(STRIP)).to_contain_text(words)
    expect(page.locator("[role=status]")).to_have_text(words)
    force.tell(3)
    force.desk.look_now()
    expect(page.locator(STRIP)).to_contain_text("Live, ")


def test_a_replay_says_so(page: Page, serve: Any, workspace: Workspace) -> None:
    page.goto(serve(Force(workspace, speed=600)))
    expect(page.locator(STRIP)).to_contain_text("Replay of 4 November")
    expect(page.locator(STRIP)).to_contain_text("600 times faster")


def test_where_nothing_is_live_nothing_moves(page: Page, served: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(served)
    settle(page)
    expect(page.locator(STRIP)).to_contain_text("Not live")
    expect(page.get_by_role("radio", name="Rate now")).to_have_count(0)
    assert not any("/stream" in url for url in asked)
    assert page.evaluate("() => document.getAnimations().length") == 0


def test_a_lost_connection_is_said_and_made_good(page: Page, serve: Any, workspace: Workspace) -> None:
    force = Force(workspace)
    address = serve(force)
    page.goto(f"{address}/?level=cell")
    expect(page.locator(STRIP)).to_contain_text("Live, ")
    force.running.end()
    expect(page.locator(STRIP)).to_have_attribute("data-tone", "lost")
    expect(page.locator(STRIP)).to_contain_text("Connection lost. Trying again in")
    force.desk.broadcast.closed = False
    force.tell(33)
    force.running.begin()
    expect(page.locator(f"tr[data-live='{CELLS[33]}']")).to_have_attribute("data-day", "1", timeout=20_000)
    expect(page.locator(STRIP)).to_have_attribute("data-tone", "live")


@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_serious_while_live(
    page: Page, serve: Any, workspace: Workspace, width: int
) -> None:
    force = Force(workspace)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{serve(force)}/?level=cell&view=list")
    force.tell(150, 7)
    expect(page.locator("tr[data-live]")).to_have_count(2)
    page.locator(".live-feeds summary").click()
    page.wait_for_timeout(3_200)  # until the rows that came in have faded to their own ground
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
