"""The stream over a real server: events come as patches, breaks are made good, the slow are let go."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx
import numpy as np
import pytest
import uvicorn

from peelian.api import broadcast
from peelian.api.app import create_app
from peelian.api.live_desk import LiveDesk, Served, Told
from peelian.api.live_layer import LiveLayer
from peelian.api.run_folder import read_run
from peelian.api.serve import Server
from peelian.domain.actor import LOCAL_ANALYST, Actor
from peelian.govern import policy
from peelian.live.clock import Clock
from peelian.live.freshness import Feed
from peelian.live.state import RunningState
from peelian.live.versions import MOST_BYTES
from peelian.store.audit import list_audit
from peelian.store.workspace import Workspace
from tests.live.world import CELLS, NOW, recipe, row, told

from .conftest import RUN


class Hands:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> Any:
        return self.at


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def desk(workspace: Workspace, hands: Hands) -> Iterator[LiveDesk]:
    made = recipe(RUN)
    feed = Feed("police", "police crime", timedelta(minutes=5), NOW, NOW, live=True)
    layer = LiveLayer(made, read_run(workspace.runs / RUN))
    served = Served(Told(RunningState(made)), layer)
    desk = LiveDesk(
        Clock(hands), lambda: [feed], lambda run: None if run else served, lambda *_: {"support": "lsoa"}
    )
    desk.look()
    desk.start()
    yield desk
    desk.stop()


@pytest.fixture
def served(workspace: Workspace, desk: LiveDesk) -> Iterator[str]:
    app = create_app(workspace, actor=LOCAL_ANALYST, purpose="demonstration")
    app.state.live = desk
    with serving(app) as address:
        yield address


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """Serve an app on a port of its own."""
    held = socket.socket()
    held.bind(("127.0.0.1", 0))
    server = Server(uvicorn.Config(app, log_level="error", access_log=False, timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [held]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{held.getsockname()[1]}/api/v1"
    server.should_exit = True
    thread.join(10)


class Reader:
    """Reads server-sent events, as a browser does."""

    def __init__(self, answer: httpx.Response) -> None:
        self.lines = answer.iter_lines()
        self.last = ""

    def next(self, wanted: str) -> dict[str, Any]:
        """Give the next event of a name."""
        name, data = "", ""
        for line in self.lines:
            head, _, rest = line.partition(": ")
            if head == "id":
                self.last = rest
            elif head == "event":
                name = rest
            elif head == "data":
                data = rest
            elif not line and name == wanted:
                found: dict[str, Any] = json.loads(data)
                return found
        raise AssertionError(f"the stream ended before {wanted}")


@contextmanager
def following(address: str, last: str = "") -> Iterator[Reader]:
    """Follow the stream."""
    headers = {"last-event-id": last} if last else {}
    with httpx.stream("GET", f"{address}/stream", headers=headers, timeout=20) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Reader(answer)


def test_an_event_reaches_a_client_as_a_patch_of_its_cells(served: str, desk: LiveDesk) -> None:
    before = httpx.get(f"{served}/live/cells").json()
    with following(served) as client:
        client.next("reset")
        desk(told(1, [row(1, NOW - timedelta(minutes=3), 100)]))
        patch = client.next("cells")
    at = patch["cells"].index(int(CELLS[100]))
    assert (patch["day"][at], patch["week"][at]) == (1, 1)
    assert len(patch["cells"]) == 9, "the cell and its neighbours, no others"
    whole = httpx.get(f"{served}/live/cells").json()
    assert whole["version"] > before["version"]
    assert (whole["cells"], whole["week"]) == ([int(CELLS[100])], [1])


def test_a_client_that_was_away_catches_up_and_one_away_too_long_is_told(served: str, desk: LiveDesk) -> None:
    with following(served) as client:
        client.next("reset")
        desk(told(1, [row(1, NOW, 50)]))
        client.next("cells")
    desk(told(2, [row(2, NOW, 60)]))
    with following(served, client.last) as back:
        assert int(CELLS[60]) in back.next("cells")["cells"]
    with following(served, f"{desk.broadcast.versions.start}-999") as lost:
        lost.next("reset")
    with following(served, "another-3") as stranger:
        stranger.next("reset")


def test_patches_add_up_to_the_whole_layer(served: str, desk: LiveDesk) -> None:
    rng = np.random.default_rng(3)
    week: dict[int, int] = {}
    with following(served) as client:
        client.next("reset")
        httpx.get(f"{served}/live/cells")
        for k in range(1, 6):
            desk(told(k, [row(10 * k + j, NOW, int(rng.integers(len(CELLS)))) for j in range(4)]))
            time.sleep(0.05)
        while sum(week.values()) < 20:
            patch = client.next("cells")
            week.update(zip(patch["cells"], patch["week"], strict=True))
    whole = httpx.get(f"{served}/live/cells").json()
    assert {c: n for c, n in week.items() if n} == dict(zip(whole["cells"], whole["week"], strict=True))


def test_a_feed_that_falls_quiet_is_told_once(served: str, desk: LiveDesk, hands: Hands) -> None:
    with following(served) as client:
        client.next("reset")
        assert (
            httpx.get(f"{served}/live").json()["feeds"][0]["words"]
            == "police crime: every 5 minutes, 0 seconds old"
        )
        hands.at = NOW + timedelta(minutes=16)
        desk.look_now()
        said = client.next("feed")
    assert said["quiet"]
    assert said["words"] == "police crime: quiet for 16 minutes"
    answer = httpx.get(f"{served}/live").json()
    assert answer["feeds"][0]["quiet"]
    assert answer["live"]


def test_without_a_desk_nothing_is_called_live(client: Any) -> None:
    assert client.get("/api/v1/live").json()["live"] is False
    assert client.get("/api/v1/stream").status_code == 404
    assert client.get("/api/v1/live/cells").status_code == 404


def test_a_new_warning_is_told_once_and_an_old_one_is_no_news(desk: LiveDesk) -> None:
    found = ["old"]
    desk._read_warnings, desk._warned = lambda: found, None
    before = desk.broadcast.versions.newest
    for ids in (["old"], ["old", "new"], ["old", "new"], ["old"], ["old", "new"]):
        found = ids
        desk._send_warnings()
    tail = desk.broadcast.versions.since(before)
    assert tail is not None
    assert [body.split(b"data: ")[1] for body in tail[0] if b"event: warning" in body] == [
        b'{"id": "new"}\n\n'
    ]


@pytest.mark.parametrize("role", ["partner", "councillor"])
def test_others_than_the_force_follow_tables_only(
    workspace: Workspace, desk: LiveDesk, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed = policy.Decision(True, "the test lets them in")
    monkeypatch.setattr(policy, "decide", lambda *_: allowed)
    app = create_app(workspace, actor=Actor("someone", role), purpose="analysis")
    app.state.live = desk
    with serving(app) as address:
        assert httpx.get(f"{address}/live/cells").status_code == 403
        said = httpx.get(f"{address}/live").json()
        assert said["live"] is False
        assert not {"heard", "position", "version", "clock"} & set(said)
        start = desk.delayed["partner" if role == "partner" else "public"].versions.start
        with following(address, f"{start}-0") as client:
            desk(told(1, [row(1, NOW, 100)]))
            desk.warn("w1")
            desk.look_now()
            assert client.next("areas")["support"] == "lsoa"
        names = [body.split(b"event: ")[1].split(b"\n")[0] for body in desk.delayed["partner"].versions._held]
        assert set(names) == {b"areas"}
        assert list_audit(workspace, last=1)[0].what == "live stream"


def test_one_who_takes_nothing_is_let_go_and_nothing_waits_for_them(
    workspace: Workspace, desk: LiveDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcast, "SLOW_S", 0.3)
    app = create_app(workspace, actor=LOCAL_ANALYST, purpose="demonstration")
    app.state.live = desk
    with serving(app) as address, socket.socket() as stuck:
        host, port = address.removeprefix("http://").split("/")[0].split(":")
        stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stuck.connect((host, int(port)))
        stuck.sendall(f"GET /api/v1/stream HTTP/1.1\r\nhost: {host}:{port}\r\n\r\n".encode())
        until = time.monotonic() + 20
        while desk.broadcast.clients == 0 and time.monotonic() < until:
            time.sleep(0.01)
        assert desk.broadcast.clients == 1
        while desk.broadcast.clients == 1 and time.monotonic() < until:
            desk.broadcast.put("cells", '"' + "x" * 400_000 + '"')
            time.sleep(0.02)
        assert desk.broadcast.clients == 0
        with following(address) as client:
            client.next("reset")
    assert sum(map(len, desk.broadcast.versions._held)) <= MOST_BYTES
