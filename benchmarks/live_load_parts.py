"""Parts of the live load benchmark: a served workspace, senders, a listener on the stream, the account."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import nats
import numpy as np
import polars as pl
from sqlalchemy import func, select

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.pipeline.live.jetstream import Nats  # noqa: E402

from peelian.pipeline.context import Context, open_context  # noqa: E402
from peelian.pipeline.live.credentials import FeedRequest, add  # noqa: E402
from peelian.store.catalogue import reading  # noqa: E402
from peelian.store.inbox import backlog  # noqa: E402
from peelian.store.ledger import read_versions  # noqa: E402
from peelian.store.live_tables import live_batch  # noqa: E402
from peelian.store.tables import segment  # noqa: E402

SUBJECT = "crime.events"
Send = Callable[["World", "Sent"], Coroutine[Any, Any, None]]


@dataclass
class World:
    """A served workspace with one live feed."""

    ctx: Context
    address: str
    secret: str
    feed: str
    server: int
    began: datetime
    broker: str = ""
    listener: int = 0


@dataclass
class Sent:
    """One phase: what was due when, by key, and what was answered when (milliseconds after it was due)."""

    name: str
    rate: float
    seconds: float
    batch: int
    due: dict[str, float] = field(default_factory=dict)
    answered: dict[str, float] = field(default_factory=dict)
    events: int = 0
    cpu_s: tuple[float, float] = (0.0, 0.0)
    load: float = 0.0


@dataclass
class Seen:
    """When the stream told each position, and how many bytes came."""

    told: list[tuple[float, int]] = field(default_factory=list)
    bytes: int = 0


@contextmanager
def begun(home: Path, broker: bool) -> Iterator[World]:
    """Make the demonstration's workspace when absent, serve it, wait until its running state is there."""
    peelian = [sys.executable, "-m", "peelian", "--home", str(home)]
    if not (home / "runs").is_dir():
        subprocess.run([*peelian, "demo", "--no-serve", "--scenario", "plain"], check=True)
    ctx = open_context(home, None, "administration")
    feed = f"crime-{int(time.time())}"
    secret = add(ctx, FeedRequest(feed, "police-crime", 1))
    with ExitStack() as stack:
        serving = stack.enter_context(_process([*peelian, "serve", "--port", "0"]))
        assert serving.stdout is not None
        address = serving.stdout.readline().split(" at ")[1].split()[0]
        world = World(ctx, address, secret, feed, serving.pid, datetime.now(UTC))
        if broker:
            server = Nats(Path(home) / "nats")
            server.start()
            stack.callback(server.kill)
            world.broker = server.url
            asked = ["listen", "--feed", feed, "--broker", server.url, "--subject", SUBJECT]
            listening = stack.enter_context(_process([*peelian, *asked]))
            world.listener = listening.pid
            assert listening.stderr is not None
            said = listening.stderr.readline()
            assert said.startswith("taking"), said
        until = time.monotonic() + 300
        while not httpx.get(address + "api/v1/live", timeout=30).json()["run"]:
            assert time.monotonic() < until, "no running state"
            time.sleep(1)
        yield world


@contextmanager
def _process(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    made = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        yield made
    finally:
        made.terminate()
        made.wait(30)


def body(first: int, size: int, rng: np.random.Generator) -> bytes:
    """Give so many reports of violence in public places, dated now, spread over the fictional force."""
    now = datetime.now(ZoneInfo("Europe/London"))
    said = [(now - timedelta(minutes=m)).strftime("%d/%m/%Y %H:%M") for m in (3, 2, 1)]
    rows = [
        {
            "Crime Ref": f"LOAD-{first + k}", "Date Created": said[2], "Committed From": said[0],
            "Committed To": said[1], "HO Class": "8N", "Offence": "Assault with injury",
            "Crime Status": "Recorded", "Location Type": "STREET", "Reported By": "PUBLIC",
            "Easting": float(np.round(rng.uniform(552_000, 568_000), 1)),
            "Northing": float(np.round(rng.uniform(502_000, 518_000), 1)), "LSOA Code": "X01000075",
            "DV Marker": "N", "Weapon Code": "NONE", "MO Narrative": None,
        }
        for k in range(size)
    ]  # fmt: skip
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


async def phase(world: World, send: Send, sent: Sent) -> None:
    """Send a phase; note the CPU time of server and taker in it, and the machine's load at its worse end."""
    before, load = cpu(world), os.getloadavg()[0]
    await send(world, sent)
    after = cpu(world)
    sent.cpu_s = (after[0] - before[0], after[1] - before[1])
    sent.load = max(load, os.getloadavg()[0])


class _Numbers:
    next = int(time.time()) % 1_000_000 * 1_000_000


async def send_http(world: World, sent: Sent) -> None:
    """Send a phase over HTTP; each batch at its due moment, whatever became of those before."""
    url = f"{world.address}api/v1/feeds/{world.feed}/batches"
    limits = httpx.Limits(max_connections=64)
    async with httpx.AsyncClient(timeout=60, limits=limits) as client:

        async def one(key: str, content: bytes, due: float) -> None:
            """Send a batch until it is answered; wait while the database is away."""
            head = {"Authorization": f"Bearer {world.secret}", "Idempotency-Key": key}
            while True:
                told = await client.post(url, content=content, headers=head)
                if told.status_code == 200:
                    break
                assert told.status_code == 503, told.text
                await asyncio.sleep(1)
            sent.answered[key] = (time.monotonic() - due) * 1e3

        await _paced(sent, one)


async def send_nats(world: World, sent: Sent) -> None:
    """Send a phase through the broker; what is answered is that the broker holds it."""
    client = await nats.connect(world.broker)
    stream = client.jetstream()

    async def one(key: str, content: bytes, due: float) -> None:
        await stream.publish(SUBJECT, content, headers={"Nats-Msg-Id": key}, timeout=30)
        sent.answered[key] = (time.monotonic() - due) * 1e3

    await _paced(sent, one)
    await client.close()


async def _paced(sent: Sent, one) -> None:  # type: ignore[no-untyped-def]
    rng, tasks = np.random.default_rng(1), []
    begin = time.monotonic()
    for k in range(round(sent.rate * sent.seconds / sent.batch)):
        due = begin + k * sent.batch / sent.rate
        await asyncio.sleep(max(due - time.monotonic(), 0))
        key, first = f"{sent.name.replace(' ', '-')}-{k}", _Numbers.next
        _Numbers.next += sent.batch
        sent.due[key] = due
        sent.events += sent.batch
        tasks.append(asyncio.create_task(one(key, body(first, sent.batch, rng), due)))
    await asyncio.gather(*tasks)


async def listen(address: str, seen: Seen) -> None:
    """Follow the stream as a browser does."""
    async with (
        httpx.AsyncClient(timeout=None) as client,
        client.stream("GET", address + "api/v1/stream") as told,
    ):
        event = ""
        async for line in told.aiter_lines():
            seen.bytes += len(line)
            if line.startswith("event: "):
                event = line[7:]
            elif line.startswith("data: ") and event == "state":
                seen.told.append((time.monotonic(), int(json.loads(line[6:])["position"])))


def cpu(world: World) -> tuple[float, float]:
    """Give the CPU seconds that the server and its taker spent so far, over all their threads."""
    return _cpu(world.server), sum(_cpu(one) for one in takers(world))


def _cpu(process: int) -> float:
    told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def takers(world: World) -> list[int]:
    """Give the processes that the server began to take; the worker of its queue is another matter."""
    children = Path(f"/proc/{world.server}/task").glob("*/children")
    found = [int(one) for path in children for one in path.read_text().split()]
    return [one for one in found if b"taker_process" in Path(f"/proc/{one}/cmdline").read_bytes()]


async def report(world: World, seen: Seen, phases: list[Sent]) -> int:
    """Print the account; give 1 when an event was lost or doubled."""
    until = time.monotonic() + 300
    while time.monotonic() < until and (await asyncio.to_thread(_held, world))[0] < sum(
        len(p.due) for p in phases
    ):
        await asyncio.sleep(0.5)
    while time.monotonic() < until and await asyncio.to_thread(lambda: backlog(world.ctx.ws)[0]):
        await asyncio.sleep(0.5)
    await asyncio.sleep(2)
    _, positions = _held(world)
    told = np.array([position for _, position in seen.told])
    at = np.array([moment for moment, _ in seen.told])
    first = np.maximum.accumulate(told)
    for one in phases:
        mine = np.array([positions[key] for key in one.due if key in positions])
        due = np.array([moment for key, moment in one.due.items() if key in positions])
        place = np.searchsorted(first, mine)
        late = (at[np.minimum(place, len(at) - 1)] - due)[place < len(at)] * 1e3
        answered = np.array(list(one.answered.values()))
        print(
            f"{one.name:9} {one.events:7,} events at {one.rate:,.0f}/s, {one.batch} a batch: acknowledged "
            f"{_quantiles(answered)}; on the stream {_quantiles(late)} "
            f"({(place >= len(at)).sum()} batches not told); CPU an event: server "
            f"{_each(one, 0):.2f} ms, its taker {_each(one, 1):.2f} ms; machine's load {one.load:.1f}",
            flush=True,
        )
    sent = sum(one.events for one in phases)
    rows = read_versions(world.ctx.ws, columns=["recorded_at"]).filter(
        (pl.col("source") == "police_crime") & (pl.col("recorded_at") > world.began)
    )
    keys = rows.select("key_hi", "key_lo").n_unique()
    with reading(world.ctx.ws) as conn:
        segments = conn.execute(
            select(func.count()).select_from(segment).where(segment.c.removed.is_(None))
        ).scalar_one()
    print(f"sent {sent:,}; in the ledger {keys:,} events in {rows.height:,} rows; {segments} segments stand")
    print(f"stream: {len(seen.told)} tellings, {seen.bytes / 1e6:.1f} MB")
    lost, doubled = sent - keys, rows.height - keys
    print(f"lost {lost}, doubled {doubled}")
    return int(lost != 0 or doubled != 0)


def _each(sent: Sent, which: int) -> float:
    return sent.cpu_s[which] / max(sent.events, 1) * 1e3


def _held(world: World) -> tuple[int, dict[str, int]]:
    c = live_batch.c
    with reading(world.ctx.ws) as conn:
        rows = conn.execute(select(c.key, c.id).where(c.feed == world.feed))
        positions = {str(row.key): int(row.id) for row in rows}
    return len(positions), positions


def _quantiles(milliseconds: np.ndarray) -> str:
    if not len(milliseconds):
        return "never"
    half, many, most = np.quantile(milliseconds, [0.5, 0.95, 0.99])
    return f"p50 {half:.0f}, p95 {many:.0f}, p99 {most:.0f}, longest {milliseconds.max():.0f} ms"
