"""Database or broker away under load: refused in words meanwhile, recovered unaided, none lost or doubled."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import nats
import psutil
import pytest
from nats.js import JetStreamContext
from sqlalchemy import func, select

from peelian.api.app import create_app
from peelian.pipeline.context import Context, open_context
from peelian.pipeline.jobs import work
from peelian.pipeline.live import broker_nats
from peelian.pipeline.live.broker import BrokerAsked, take_messages
from peelian.pipeline.live.credentials import FeedRequest, add
from peelian.pipeline.live.inflow import Inflow
from peelian.store import jobs
from peelian.store.catalogue import reading
from peelian.store.inbox import backlog
from peelian.store.ledger import state
from peelian.store.live_tables import live_batch
from tests.pipeline.live.doors import FEED
from tests.pipeline.live.jetstream import Nats, line, needs_nats
from tests.pipeline.live.postgres_own import Postgres, needs_postgres
from tests.pipeline.live.test_kill_server import Sender
from tests.serving import serving_app

SUBJECT = "cad.events"


@dataclass
class World:
    """A workspace on a database and with a broker of its own; what serves it has an address."""

    ctx: Context
    database: Postgres
    broker: Nats
    secret: str
    address: str = ""
    said: list[str] = field(default_factory=list)
    published: int = 0

    def accepted(self) -> int:
        """Give how many events the inbox took."""
        with reading(self.ctx.ws) as conn:
            return int(conn.execute(select(func.coalesce(func.sum(live_batch.c.rows), 0))).scalar_one())

    def in_ledger(self) -> int:
        held = state(self.ctx.ws)
        assert held.height == held.select("key_hi", "key_lo").unique().height, "none doubled"
        return held.height


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    database, broker = Postgres(), Nats(tmp_path / "nats")
    try:
        database.start()
        broker.start()
        ctx = open_context(tmp_path / "home", database.url)
        secret = add(ctx, FeedRequest(FEED, "police-incidents", 5))
        add(ctx, FeedRequest("cad", "police-incidents", 1))
        yield World(ctx, database, broker, secret)
        ctx.ws.engine.dispose()
    finally:
        broker.kill()
        database.end()


def until(done: Callable[[], bool], what: str, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, what
        time.sleep(0.05)


@contextmanager
def in_this_process(world: World) -> Iterator[None]:
    """The server, the listener of the broker and the worker of the queue, as threads."""
    inflow, stop = Inflow(world.ctx), threading.Event()
    app = create_app(world.ctx.ws, actor=world.ctx.actor, purpose="prevention", inlet=inflow.door)
    asked = BrokerAsked(world.broker.url, SUBJECT, "cad", 1.0)

    async def listen() -> None:
        taking = asyncio.create_task(take_messages(inflow.door, asked, world.said.append, lambda: None))
        while not (stop.is_set() or taking.done()):
            await asyncio.sleep(0.05)
        taking.cancel()
        with suppress(asyncio.CancelledError):
            await taking

    beside = [
        threading.Thread(target=lambda: asyncio.run(listen())),
        threading.Thread(target=lambda: work(world.ctx, forever=True, wanted=lambda: not stop.is_set())),
    ]
    inflow.start()
    with serving_app(app) as world.address:
        for one in beside:
            one.start()
        try:
            yield
        finally:
            stop.set()
            for one in beside:
                one.join(20)
            inflow.stop()


@contextmanager
def as_processes(world: World) -> Iterator[None]:
    """A real `peelian serve`, with what it begins, and a real `peelian listen`; both are ended by SIGTERM."""
    peelian = [sys.executable, "-m", "peelian", "--home", str(world.ctx.ws.home)]
    listen = ["listen", "--feed", "cad", "--broker", world.broker.url, "--subject", SUBJECT]
    env = os.environ | {"PEELIAN_DATABASE": world.database.url}
    log = (world.ctx.ws.home / "said").open("w")
    server = subprocess.Popen([*peelian, "serve", "--port", "0"], stdout=subprocess.PIPE, text=True, env=env)
    listener = subprocess.Popen([*peelian, *listen], stderr=log, env=env)
    try:
        assert server.stdout is not None
        world.address = server.stdout.readline().split(" at ")[1].split()[0].rstrip("/")
        works(world, "the queue's worker did not begin")
        yield
        world.said += (world.ctx.ws.home / "said").read_text().splitlines()
        beside = psutil.Process(server.pid).children(recursive=True)
        for one in (server, listener):
            one.terminate()
            assert one.wait(60) == 0
        assert not any(one.is_running() for one in beside)
    finally:
        for process in (server, listener):
            process.kill()
        log.close()


@contextmanager
def load(world: World) -> Iterator[Sender]:
    """Batches over HTTP and messages through the broker until the end; then what waits must come in."""
    stop = threading.Event()
    url = f"{world.address}/api/v1/feeds/{FEED}/batches"
    sender = Sender(url, world.secret, "h", stop, refused=[], pause_s=0.05)

    async def publish() -> None:
        client = await nats.connect(
            world.broker.url, max_reconnect_attempts=-1, reconnect_time_wait=0.1, error_cb=_quiet
        )
        stream = client.jetstream()
        while not stop.is_set():
            await _sent(stream, world.published)
            world.published += 1
            await asyncio.sleep(0.1)
        await client.close()

    threads = [threading.Thread(target=sender.run), threading.Thread(target=lambda: asyncio.run(publish()))]
    for one in threads:
        one.start()
    try:
        until(lambda: world.published > 2 and len(sender.acknowledged) > 2, "it did not begin")
        yield sender
    finally:
        stop.set()
        for one in threads:
            one.join(60)
    sent = len(sender.acknowledged) + world.published
    until(lambda: world.accepted() >= sent and not backlog(world.ctx.ws)[0], "something was lost", 120)
    assert world.in_ledger() == sent
    assert len(set(sender.acknowledged)) == len(sender.acknowledged)


async def _sent(stream: JetStreamContext, k: int) -> None:
    while True:
        try:
            await stream.publish(SUBJECT, line(k), headers={"Nats-Msg-Id": f"m{k}"}, timeout=2)
            return
        except Exception:  # the broker is away, or the listener has not made the stream yet
            await asyncio.sleep(0.1)


async def _quiet(_error: Exception) -> None:
    """The broker is away on purpose."""


def database_away(world: World, sender: Sender, seconds: float) -> None:
    """Stop the database as by a power cut; meanwhile everyone is told so, and afterwards all goes on."""
    assert sender.refused is not None
    world.database.stop()
    began = time.monotonic()
    until(lambda: len(sender.refused or ()) > 2, "nobody was told")
    for path in ("/", "/api/v1/live"):
        told = httpx.get(world.address + path, timeout=60)
        assert told.status_code == 503, path
        assert "he records database does not answer now" in told.text
        assert told.headers["retry-after"]
    time.sleep(max(began + seconds - time.monotonic(), 0))
    assert {"the records database does not answer now"} == {one.partition(".")[0] for one in sender.refused}
    before, published = len(sender.acknowledged), world.published
    assert before + published > 0
    world.database.start()
    until(lambda: len(sender.acknowledged) > before, "the door did not open again")
    works(world, "the queue's worker did not outlive it")


def works(world: World, what: str) -> None:
    """Queue what the worker can only fail: that it does so shows that it lives."""
    queued = jobs.create(world.ctx.ws, "no such kind", {})
    until(lambda: jobs.get(world.ctx.ws, queued).state == "failed", what, 120)


@needs_nats
@needs_postgres
def test_a_database_away_for_a_moment(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker_nats, "AGAIN_S", 0.3)
    with in_this_process(world), load(world) as sender:
        database_away(world, sender, 1.0)
        until(lambda: "messages are taken again" in world.said, "the broker's messages stayed")
    assert sum("wait with the broker" in one for one in world.said) == 1, "said once, not for each message"


@needs_nats
@needs_postgres
@pytest.mark.soak
def test_database_and_broker_away_for_a_minute_each(world: World) -> None:
    with as_processes(world):
        with load(world) as sender:
            database_away(world, sender, 60)
            time.sleep(10)
            world.broker.kill()
            acknowledged = len(sender.acknowledged)
            time.sleep(60)
            assert len(sender.acknowledged) > acknowledged, "HTTP goes on without the broker"
            world.broker.start()
            time.sleep(10)
        print(f"{len(sender.acknowledged):,} + {world.published:,} acknowledged, none lost, none doubled; "
              f"{len(sender.refused or ()):,} told to come again")  # fmt: skip
    assert "messages are taken again" in world.said
    assert any("the broker answers again" in one for one in world.said)
