"""kill -9 of a real server under load: no acknowledged event lost, none doubled, nobody has to help."""

from __future__ import annotations

import random
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from peelian.pipeline.context import Context, open_context
from peelian.pipeline.live.credentials import FeedRequest, add
from peelian.store.inbox import backlog
from peelian.store.ledger import state
from tests.pipeline.live.doors import FEED, lines, row
from tests.workspaces import database

__all__ = ["database"]
ROOT = Path(__file__).resolve().parents[3]


@dataclass
class Sender:
    """Sends batches one after another; what was not answered is sent again, as any sender must."""

    url: str
    secret: str
    name: str
    stop: threading.Event
    acknowledged: list[str] = field(default_factory=list)
    repeated: int = 0
    refused: list[str] | None = None
    """Where given, a database may be away: what was said then."""
    pause_s: float = 0.0

    def run(self) -> None:
        number = 0
        with httpx.Client(timeout=10) as client:
            while not self.stop.is_set():
                ids = [f"{self.name}{number}-{k}" for k in range(1 + number % 5)]
                if self._sent(client, f"{self.name}{number}", self.body(ids)):
                    self.acknowledged += ids
                number += 1
                time.sleep(self.pause_s)

    def body(self, ids: list[str]) -> bytes:
        """Give a batch of rows with these ids."""
        return lines(row(one) for one in ids)

    def _sent(self, client: httpx.Client, key: str, body: bytes) -> bool:
        head = {"Authorization": f"Bearer {self.secret}", "Idempotency-Key": key}
        until = time.monotonic() + 300
        while time.monotonic() < until:
            try:
                told = client.post(self.url, content=body, headers=head)
            except httpx.HTTPError:
                time.sleep(0.05)
                continue
            if self.refused is not None and told.status_code == 503:
                assert told.headers["retry-after"]
                self.refused.append(told.json()["message"])
                time.sleep(0.1)
                continue
            assert told.status_code == 200, told.text
            self.repeated += told.json()["repeated"]
            return True
        raise AssertionError("no server answered for five minutes")


def start(ctx: Context, database: str | None, port: int) -> subprocess.Popen[str]:
    child = str(Path(__file__).with_name("serving_child.py"))
    command = [sys.executable, child, str(ctx.ws.home), database or "", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    said = iter(process.stdout.readline, "")
    assert any(line == "ready\n" for line in said), "the server did not start"
    return process


def killed(home: Path, database: str | None, kills: int, seed: int) -> int:
    """Kill a server so often under load; check the ledger; give how many events were acknowledged."""
    rng = random.Random(seed)
    ctx = open_context(home, database)
    secret = add(ctx, FeedRequest(FEED, "police-incidents", 5))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    stop, url = threading.Event(), f"http://127.0.0.1:{port}/api/v1/feeds/{FEED}/batches"
    senders = [Sender(url, secret, name, stop) for name in "abc"]
    threads = [threading.Thread(target=one.run) for one in senders]
    for thread in threads:
        thread.start()
    try:
        for _ in range(kills):
            before = sum(len(one.acknowledged) for one in senders)
            process = start(ctx, database, port)
            until = time.monotonic() + 10
            while sum(len(one.acknowledged) for one in senders) == before and time.monotonic() < until:
                time.sleep(0.01)
            time.sleep(rng.uniform(0.0, 0.8))
            process.kill()
            process.wait()
        process = start(ctx, database, port)
        time.sleep(0.5)
    finally:
        stop.set()
        for thread in threads:
            thread.join(90)
    until = time.monotonic() + 60
    while backlog(ctx.ws)[0] and time.monotonic() < until:
        time.sleep(0.1)
    process.terminate()
    process.wait()
    sent = [name for one in senders for name in one.acknowledged]
    held = state(ctx.ws)
    assert held.height == held.select("key_hi", "key_lo").unique().height  # none doubled
    assert held["version"].max() == 0
    assert held.height == len(set(sent)) == len(sent)  # none lost
    ctx.ws.engine.dispose()
    return len(sent)


def test_killed_at_random_points(tmp_path: Path, database: str | None) -> None:
    assert killed(tmp_path / "home", database, 2, seed=datetime.now(UTC).microsecond) > 0


@pytest.mark.soak
def test_killed_a_hundred_times(tmp_path: Path, database: str | None) -> None:
    assert killed(tmp_path / "home", database, 100, seed=1) > 1000
