"""kill -9 of a real server ten times a database under load, and what its running state is worth after it."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.live.recipe import read_recipe, write_recipe
from peelian.pipeline.context import Context, open_context
from peelian.pipeline.live.credentials import FeedRequest, add
from peelian.pipeline.live.state_follow import Follower
from peelian.store.inbox import backlog
from peelian.store.ledger import state
from peelian.store.live_states import newest_state
from peelian.store.runs import add_run
from tests.api.run_folder import write_run
from tests.live.world import CELLS, recipe
from tests.workspaces import database

from .given import put, rows_at
from .test_kill_server import ROOT, Sender

__all__ = ["database"]
RUN, FORCE, FEED = "sim1-violence-20261102", "simulated-sim1", "crime"
KILLS = 10


def world(home: Path, database: str | None) -> Context:
    """A workspace with a run, its recipe, and one report long ago, which makes the force known."""
    ctx = open_context(home, database)
    card = write_run(ctx.ws.runs / RUN)
    add_run(ctx.ws, RUN, card | {"area": card["area"] | {"code": FORCE}})
    write_recipe(replace(recipe(RUN), forces=(FORCE,)), ctx.ws.runs / RUN)
    x, y = GRID.centre(CELLS[:1])
    put(ctx.ws, home / "first.csv", rows_at([datetime(2024, 1, 1, tzinfo=UTC)], x, y), FORCE)
    return ctx


def report(name: str) -> dict[str, Any]:
    """Give one report of violence in a public place, some minutes ago, in a square its name decides."""
    now = datetime.now(ZoneInfo("Europe/London"))
    at = sum(name.encode()) * 7 % len(CELLS)
    x, y = GRID.centre(CELLS[at : at + 1])
    said = [(now - timedelta(minutes=m)).strftime("%d/%m/%Y %H:%M") for m in (4, 2)]
    return {
        "Crime Ref": name, "Committed From": said[0], "Committed To": said[0], "Date Created": said[1],
        "HO Class": "8N", "Crime Status": "Open", "Location Type": "STREET", "Reported By": "VICTIM",
        "Easting": float(x[0]), "Northing": float(y[0]), "DV Marker": "N", "LSOA Code": None,
        "Weapon Code": "NONE", "MO Narrative": None,
    }  # fmt: skip


class Reports(Sender):
    """Sends reports of crime; the body of a batch is made once, so that it is repeated as it was."""

    def body(self, ids: list[str]) -> bytes:
        return "".join(json.dumps(report(one)) + "\n" for one in ids).encode()


class Servers:
    """One server after another on one port, each killed before the next begins."""

    def __init__(self, ctx: Context, database: str | None, port: int) -> None:
        child = str(Path(__file__).with_name("forking_servers.py"))
        command = [sys.executable, child, str(ctx.ws.home), database or "", str(port)]
        env = os.environ | {"POLARS_MAX_THREADS": "1", "PYTHONPATH": str(ROOT)}
        self.forking = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=env
        )
        self.pid = 0

    def begin(self) -> None:
        """Begin one; its port is open when this returns."""
        assert self.forking.stdin is not None
        assert self.forking.stdout is not None
        self.forking.stdin.write("begin\n")
        self.forking.stdin.flush()
        self.pid = int(self.forking.stdout.readline())

    def end(self, how: signal.Signals) -> None:
        """End it and wait until it is gone."""
        os.kill(self.pid, how)
        until = time.monotonic() + 60
        while Path(f"/proc/{self.pid}").exists():
            assert time.monotonic() < until, "it does not end"
            time.sleep(0.005)


def sent(senders: list[Reports]) -> int:
    return sum(len(one.acknowledged) for one in senders)


def killed(servers: Servers, senders: list[Reports], rng: random.Random) -> None:
    """Kill servers, each after it acknowledged something or (each third) wherever it stands."""
    for k in range(KILLS):
        servers.begin()
        before, until = sent(senders), time.monotonic() + 60
        while k % 3 and sent(senders) == before:
            assert time.monotonic() < until, "nothing is acknowledged"
            time.sleep(0.005)
        time.sleep(rng.uniform(0.0, 0.4))
        servers.end(signal.SIGKILL)
    servers.begin()
    before, until = sent(senders), time.monotonic() + 60
    while sent(senders) == before and time.monotonic() < until:
        time.sleep(0.005)


def check_state(ctx: Context, acknowledged: int) -> None:
    """The state that was kept, and what came since, equals a clean reading; both count every report."""
    held = newest_state(ctx.ws, RUN)
    assert held is not None, "no state was ever kept"
    at = datetime.now(UTC) + timedelta(seconds=5)
    kept, clean = (
        Follower(ctx, read_recipe(ctx.ws.runs / RUN), FORCE, lambda: at) for _ in range(2)
    )  # fmt: skip
    kept.start()
    clean.rebuild()
    one, two = kept.state.at(at), clean.state.at(at)
    assert np.abs(one.rate - two.rate).max() <= 1e-9
    assert (one.week == two.week).all()
    assert int(one.week.sum()) == acknowledged


def test_ten_kills_lose_nothing_double_nothing_and_leave_the_state_true(
    tmp_path: Path, database: str | None
) -> None:
    ctx = world(tmp_path / "home", database)
    secret = add(ctx, FeedRequest(FEED, "police-crime", 5, "police_crime", FORCE))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    servers, stop = Servers(ctx, database, port), threading.Event()
    url = f"http://127.0.0.1:{port}/api/v1/feeds/{FEED}/batches"
    senders = [Reports(url, secret, name, stop) for name in "ab"]
    threads = [threading.Thread(target=one.run) for one in senders]
    seed = datetime.now(UTC).microsecond
    for thread in threads:
        thread.start()
    try:
        killed(servers, senders, random.Random(seed))
    finally:
        stop.set()
        for thread in threads:
            thread.join(90)
    until = time.monotonic() + 60
    while backlog(ctx.ws)[0] and time.monotonic() < until:
        time.sleep(0.02)
    servers.end(signal.SIGTERM)
    servers.forking.kill()
    servers.forking.wait()
    names = [name for one in senders for name in one.acknowledged]
    live = state(ctx.ws)
    assert live.height == live.select("key_hi", "key_lo").n_unique(), f"doubled; seed {seed}"
    assert live.height - 1 == len(set(names)) == len(names), f"lost; seed {seed}"  # all but the first report
    check_state(ctx, len(names))
    ctx.ws.engine.dispose()
