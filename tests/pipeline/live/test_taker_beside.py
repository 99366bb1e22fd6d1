"""The taker's own process: kill -9 of it, or of the server that began it, loses nothing and needs nobody."""

from __future__ import annotations

import io
import os
import random
import signal
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from peelian.domain.live import Taken
from peelian.pipeline.live.door import LiveDoor
from peelian.pipeline.live.taken_wire import receive, send
from peelian.pipeline.live.taker import Taker
from peelian.pipeline.live.taker_beside import TakerBeside
from peelian.pipeline.live.taker_process import standing
from peelian.store.inbox import backlog, position_done
from peelian.store.ledger import latest_snapshot, state
from peelian.store.workspace import Workspace
from tests.pipeline.live.doors import FEED, lines, made, row
from tests.pipeline.live.test_kill_server import start
from tests.workspaces import database, ws

__all__ = ["database", "ws"]


def until(done: Callable[[], bool], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:
        time.sleep(0.02)
    return done()


def keep_sending(door: LiveDoor, stop: threading.Event, sent: list[str]) -> None:
    number = 0
    while not stop.is_set():
        names = [f"B{number}-{k}" for k in range(1 + number % 4)]
        door.put(FEED, f"b{number}", lines(row(name) for name in names))
        sent += names
        number += 1


def taker_killed(ws: Workspace, kills: int, seed: int) -> None:
    """Kill the taker's process so often while batches come; check the ledger and what was told."""
    rng, told, sent = random.Random(seed), list[Taken](), list[str]()
    ctx, _, _ = made(ws)
    beside, stop = TakerBeside(ctx), threading.Event()
    beside.listeners.append(told.append)
    door = LiveDoor(ctx, told=beside.wake)
    sender = threading.Thread(target=keep_sending, args=(door, stop, sent))
    beside.start()
    sender.start()
    pids = set()
    try:
        for _ in range(kills):
            before = len(told)
            assert until(lambda: len(told) > before + 1), "the taker was not begun again"  # noqa: B023
            time.sleep(rng.uniform(0.0, 0.4))
            pid = beside.pid
            assert pid is not None
            pids.add(pid)
            os.kill(pid, signal.SIGKILL)
    finally:
        stop.set()
        sender.join(30)
    assert until(lambda: backlog(ws)[0] == 0)
    assert until(lambda: max(one.snapshot for one in told) == latest_snapshot(ws))
    assert max(one.position for one in told) == position_done(ws)
    door.stop()
    beside.stop()
    assert len(pids) == kills
    held = state(ws)
    assert held.height == held.select("key_hi", "key_lo").unique().height == len(sent)
    assert held["version"].max() == 0


def test_kill_9_of_the_taker_under_load_loses_nothing(ws: Workspace) -> None:
    taker_killed(ws, 2, seed=datetime.now(UTC).microsecond)


@pytest.mark.soak
def test_the_taker_killed_thirty_times(ws: Workspace) -> None:
    taker_killed(ws, 30, seed=1)


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(one) for path in found for one in path.read_text().split()]


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_the_taker_ends_with_a_server_that_was_killed(ws: Workspace, database: str | None) -> None:
    ctx, _, _ = made(ws)
    ctx.ws.engine.dispose()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = start(ctx, database, port)
    assert until(lambda: len(children(server.pid)) == 1)
    (taker,) = children(server.pid)
    server.kill()
    server.wait()
    assert until(lambda: not running(taker))


def test_a_commit_told_between_processes_is_the_same(ws: Workspace) -> None:
    ctx, door, _ = made(ws)
    told: list[Taken] = []
    door.put(FEED, "k", lines([row("A"), row("B")]))
    Taker(ctx, [told.append]).drain()
    door.stop()
    wire = io.BytesIO()
    for one in (*told, standing(ctx)):
        send(wire, one)
    wire.seek(0)
    first, second = receive(wire), receive(wire)
    assert first is not None
    assert second is not None
    assert receive(wire) is None
    assert (first.position, first.snapshot, first.at) == (told[0].position, told[0].snapshot, told[0].at)
    assert first.rows.equals(told[0].rows)
    assert first.rows.schema == told[0].rows.schema
    assert first.undone.is_empty()
    assert (second.position, second.snapshot, second.rows.height) == (first.position, first.snapshot, 0)
    whole = wire.getvalue()
    for end in (10, len(whole) // 3):  # cut off by a kill: nothing, and no half of it
        assert receive(io.BytesIO(whole[:end])) is None
