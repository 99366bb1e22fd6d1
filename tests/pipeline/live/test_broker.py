"""Live data through a real NATS JetStream: none lost, none doubled, whatever is killed; refusals in words."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nats
import pytest
from nats.js import JetStreamContext
from sqlalchemy import func, select

from peelian.domain.errors import Forbidden, Misuse
from peelian.pipeline.context import Context, open_context
from peelian.pipeline.live.broker import BrokerAsked, checked, take_messages
from peelian.pipeline.live.broker_access import access
from peelian.pipeline.live.broker_verdict import message_key
from peelian.pipeline.live.credentials import FeedRequest, add, revoke
from peelian.pipeline.live.door import LiveDoor
from peelian.pipeline.live.opened import open_feed
from peelian.pipeline.live.stepping_in import SteppingIn
from peelian.pipeline.live.taker import Taker
from peelian.store.catalogue import reading
from peelian.store.feeds import get_feed
from peelian.store.ledger import read_events, read_versions
from peelian.store.live_tables import live_batch
from tests.pipeline.live.jetstream import Nats, line, needs_nats

SUBJECT, CHILD = "cad.events", Path(__file__).with_name("broker_child.py")


def in_its_own_thread(what: Coroutine[Any, Any, None]) -> None:
    """Run it in a thread of its own: in one process with browser tests this thread has a loop already."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, what).result()


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    ctx = open_context(tmp_path / "home", None)
    add(ctx, FeedRequest("cad", "police-incidents", 1))
    return ctx


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Nats]:
    one = Nats(tmp_path / "nats")
    one.start()
    yield one
    one.kill()


def batches(ctx: Context) -> int:
    with reading(ctx.ws) as conn:
        return int(conn.execute(select(func.count()).select_from(live_batch)).scalar_one())


async def until(done: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it did not come about"
        await asyncio.sleep(0.05)


async def send(js: JetStreamContext, first: int, last: int) -> None:
    """Send until each is with the broker, as a sender does."""
    for k in range(first, last):
        while True:
            try:
                await js.publish(SUBJECT, line(k), headers={"Nats-Msg-Id": f"m{k}"}, timeout=2)
                break
            except Exception:
                await asyncio.sleep(0.1)


def run(
    ctx: Context, server: Nats, body: Callable[[JetStreamContext], Awaitable[None]],
    said: list[str] | None = None,
) -> list[str]:  # fmt: skip
    """Run a consumer beside `body`; give what it said (`said`, so that `body` can wait for it)."""
    said = [] if said is None else said

    async def both() -> None:
        door, asked = LiveDoor(ctx), BrokerAsked(server.url, SUBJECT, "cad", 1.0)
        usable = lambda: open_feed(ctx.ws, get_feed(ctx.ws, "cad")).let_in(ctx.ws)  # noqa: E731
        consumer = asyncio.create_task(take_messages(door, asked, said.append, lambda: usable() and None))
        client = await nats.connect(server.url, max_reconnect_attempts=-1, reconnect_time_wait=0.1)
        acting = asyncio.ensure_future(body(client.jetstream()))
        done, _ = await asyncio.wait({consumer, acting}, return_when=asyncio.FIRST_COMPLETED)
        consumer.cancel()
        acting.cancel()
        await asyncio.gather(consumer, acting, return_exceptions=True)
        await client.close()
        door.stop()
        for one in done:
            one.result()

    in_its_own_thread(both())
    return said


@needs_nats
def test_each_message_is_in_once_and_a_refused_one_is_told_without_its_content(
    ctx: Context, server: Nats
) -> None:
    told: list[bytes] = []

    async def body(js: JetStreamContext) -> None:
        await until(lambda: True)
        await asyncio.sleep(0.5)  # the consumer makes the stream
        await send(js, 0, 20)
        await js.publish(SUBJECT, b'{"Incident No": "secret words", ')
        await send(js, 20, 30)
        await js.publish(SUBJECT, line(3), headers={"Nats-Msg-Id": "other"})  # the same event told again
        refused = await js.pull_subscribe(SUBJECT + ".refused", "reader")
        told.extend([one.data for one in await refused.fetch(1, timeout=20)])
        await until(lambda: batches(ctx) == 31)
        await asyncio.sleep(0.5)
        state = (await js.stream_info("PEELIAN-cad-events")).state
        assert state.messages == 0, "what was acknowledged is with the broker no more"

    said = run(ctx, server, body)
    assert len(told) == 1
    assert b"secret" not in told[0]
    assert any("refused" in one for one in said)
    assert Taker(ctx).drain() == 31
    assert read_events(ctx.ws).height == read_versions(ctx.ws).height == 30


@needs_nats
def test_a_broker_killed_in_the_middle_loses_and_doubles_nothing(ctx: Context, server: Nats) -> None:
    said: list[str] = []

    async def body(js: JetStreamContext) -> None:
        await asyncio.sleep(0.5)
        sending = asyncio.create_task(send(js, 0, 120))
        await until(lambda: batches(ctx) > 15)
        server.kill()
        await until(lambda: any("does not answer" in one for one in said))
        server.start()
        await sending
        await until(lambda: batches(ctx) == 120)
        await until(lambda: any("answers again" in one for one in said))  # said at the consumer's own pace

    run(ctx, server, body, said)
    Taker(ctx).drain()
    assert read_events(ctx.ws).height == read_versions(ctx.ws).height == 120


@needs_nats
def test_a_consumer_killed_in_the_middle_goes_on_where_it_was(ctx: Context, server: Nats) -> None:
    rng = random.Random(4)
    command = [sys.executable, str(CHILD), str(ctx.ws.home), server.url, SUBJECT, "cad", "1"]

    async def act() -> None:
        client = await nats.connect(server.url)
        js = client.jetstream()
        await js.add_stream(name="theirs", subjects=["cad.>"])  # a stream that is there already
        await send(js, 0, 150)
        for _ in range(2):
            before = batches(ctx)
            child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
            await until(lambda before=before: batches(ctx) > before)  # type: ignore[misc]
            await asyncio.sleep(rng.random() * 0.2)
            child.kill()
            child.wait()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        await until(lambda: batches(ctx) == 150)
        info = await js.consumer_info("theirs", "peelian-cad")
        end = time.monotonic() + 20
        while info.num_ack_pending or info.num_pending:
            assert time.monotonic() < end
            await asyncio.sleep(0.1)
            info = await js.consumer_info("theirs", "peelian-cad")
        child.kill()
        child.wait()
        await client.close()

    in_its_own_thread(act())
    assert batches(ctx) == 150
    Taker(ctx).drain()
    assert read_events(ctx.ws).height == read_versions(ctx.ws).height == 150


@needs_nats
def test_messages_of_a_revoked_feed_stay_with_the_broker(ctx: Context, server: Nats) -> None:
    left: list[int] = []

    async def body(js: JetStreamContext) -> None:
        await asyncio.sleep(0.5)
        await send(js, 0, 3)
        await until(lambda: batches(ctx) == 3)
        revoke(ctx, "cad")
        await send(js, 3, 6)
        await asyncio.sleep(30)

    with pytest.raises(Forbidden):
        run(ctx, server, body)

    async def look() -> None:
        client = await nats.connect(server.url)
        left.append((await client.jetstream().stream_info("PEELIAN-cad-events")).state.messages)
        await client.close()

    in_its_own_thread(look())
    assert left == [3]
    assert batches(ctx) == 3


def test_a_listener_steps_in_where_no_server_takes(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import timedelta

    from peelian.pipeline.live import stepping_in

    door = LiveDoor(ctx)
    door.put("cad", "k", line(1))
    door.stop()
    assert SteppingIn(ctx).look() == 0, "a server beside is given its time"
    monkeypatch.setattr(stepping_in, "PATIENCE", timedelta(0))
    assert SteppingIn(ctx).look() == 1
    assert read_events(ctx.ws).height == 1


@pytest.mark.parametrize(
    ("url", "subject", "words"),
    [
        ("nats://me:hush@host:4222", "a", "PEELIAN_BROKER_PASSWORD"),
        ("redis://host:1", "a", "nats://HOST:PORT"),
        ("nats://host:4222", "a.>", "wildcard"),
    ],
)
def test_what_cannot_be_used_is_said_without_secrets(url: str, subject: str, words: str) -> None:
    with pytest.raises(Misuse) as error:
        checked(BrokerAsked(url, subject, "cad"))
    assert words in error.value.sentence
    assert "hush" not in error.value.sentence


def test_kafka_without_its_library_says_what_to_install(ctx: Context) -> None:
    pytest.importorskip("faststream")
    if _has("aiokafka"):
        pytest.skip("Kafka's library is installed here")
    asked = BrokerAsked("kafka://127.0.0.1:9092", "cad", "cad")
    with pytest.raises(Misuse, match="faststream"):
        in_its_own_thread(take_messages(LiveDoor(ctx), asked, lambda _: None, lambda: None))


def _has(name: str) -> bool:
    from importlib.util import find_spec

    return find_spec(name) is not None


def test_credentials_come_from_the_environment_or_a_file(tmp_path: Path) -> None:
    held = tmp_path / "password"
    held.write_text("hush\n")
    read = access({"PEELIAN_BROKER_USER": "me", "PEELIAN_BROKER_PASSWORD_FILE": str(held)})
    assert (read.user, read.password) == ("me", "hush")
    assert "hush" not in repr(read)
    with pytest.raises(Misuse, match="not whole"):
        access({"PEELIAN_BROKER_USER": "me"})


def test_a_key_is_the_senders_own_or_the_messages_place() -> None:
    assert message_key("abc", "s-1") == "abc"
    assert message_key(None, "s-1") == "s-1"
    assert len(message_key("é" * 200, "s-1")) == 64
