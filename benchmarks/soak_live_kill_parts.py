"""Parts of the soak that kills a live server: who sends, what was acknowledged, what is compared."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import nats
import numpy as np
import polars as pl

from live_load_parts import SUBJECT, body
from peelian.domain.errors import Refused
from peelian.live.recipe import read_recipe
from peelian.pipeline.context import Context
from peelian.pipeline.live.credentials import FeedRequest, add, rotate
from peelian.pipeline.live.state_follow import Follower
from peelian.store.inbox import backlog
from peelian.store.ledger import read_versions
from peelian.store.runs import latest_run

PORT = 8953


@dataclass
class Account:
    """Numbers of the events that were acknowledged: by the server, and by the broker."""

    http: list[int] = field(default_factory=list)
    broker: list[int] = field(default_factory=list)
    base: int = field(default_factory=lambda: int(time.time()) % 1_000_000 * 1_000)
    next: int = 0
    stop: bool = False

    def __post_init__(self) -> None:
        self.next = self.base

    def some(self, size: int) -> int:
        """Give the first of so many new numbers."""
        first, self.next = self.next, self.next + size
        return first


_EAST, _TENTHS = 552_000, 160_000


def numbered(account: Account, first: int, size: int, rng: np.random.Generator) -> bytes:
    """Give so many reports; the easting of each, to a tenth of a metre, tells its number in the ledger."""
    rows = [json.loads(line) for line in body(first, size, rng).splitlines()]
    for k, row in enumerate(rows):
        row["Easting"] = _EAST + place_of(account, first + k) / 10
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def place_of(account: Account, number: int) -> int:
    """Give tenths of a metre east of the edge, another for each of 160,000 numbers; spread over the force."""
    return (number - account.base) * 61 % _TENTHS


async def over_http(account: Account, secret: str) -> None:
    """Send a batch every 50 ms; what is not answered is sent again, with the same key."""
    rng = np.random.default_rng(1)
    url = f"http://127.0.0.1:{PORT}/api/v1/feeds/kill-http/batches"
    async with httpx.AsyncClient(timeout=10) as client:
        while not account.stop:
            first, size = account.some(5), 5
            head = {"Authorization": f"Bearer {secret}", "Idempotency-Key": f"h{first}"}
            content = numbered(account, first, size, rng)
            while True:
                with suppress(httpx.HTTPError):
                    told = await client.post(url, content=content, headers=head)
                    if told.status_code == 200:
                        break
                    assert told.status_code == 503, told.text
                await asyncio.sleep(0.2)
            account.http += range(first, first + size)
            await asyncio.sleep(0.05)


async def over_nats(account: Account, url: str) -> None:
    """Publish a message every 100 ms; what the broker did not acknowledge is published again."""
    rng = np.random.default_rng(2)
    client = await nats.connect(url, max_reconnect_attempts=-1, reconnect_time_wait=0.5, error_cb=_quiet)
    stream = client.jetstream()
    while not account.stop:
        first, size = account.some(3), 3
        content = numbered(account, first, size, rng)
        while True:
            try:
                await stream.publish(SUBJECT, content, headers={"Nats-Msg-Id": f"n{first}"}, timeout=3)
                break
            except Exception:
                await asyncio.sleep(0.5)
        account.broker += range(first, first + size)
        await asyncio.sleep(0.1)
    await client.close()


async def _quiet(_error: Exception) -> None:
    """The broker is away on purpose."""


def started(home: Path, database: str | None, *command: str) -> subprocess.Popen[bytes]:
    """Start a command of peelian on the workspace."""
    env = os.environ | ({"PEELIAN_DATABASE": database} if database else {})
    return subprocess.Popen(
        [sys.executable, "-m", "peelian", "--home", str(home), *command], stdout=subprocess.DEVNULL, env=env
    )


async def answering() -> float:
    """Wait until the server answers; give how long it took, in seconds."""
    clock = time.monotonic()
    async with httpx.AsyncClient(timeout=5) as client:
        for _ in range(600):
            with suppress(httpx.HTTPError):
                if (await client.get(f"http://127.0.0.1:{PORT}/api/v1/live")).status_code == 200:
                    return time.monotonic() - clock
            await asyncio.sleep(0.1)
    raise AssertionError("the server does not answer")


async def acknowledging(account: Account) -> None:
    """Wait until the server acknowledges a batch over HTTP; its first one after a start takes longest."""
    before, until = len(account.http), time.monotonic() + 120
    while len(account.http) == before:
        assert time.monotonic() < until, "the server answers, and acknowledges nothing"
        await asyncio.sleep(0.02)


Found = dict[str, object]


def added(ctx: Context, feed: str) -> str:
    """Register a feed, or give one of an earlier run a new credential."""
    try:
        return add(ctx, FeedRequest(feed, "police-crime", 1))
    except Refused:
        return rotate(ctx, feed)


def settled(ctx: Context, account: Account, began: datetime) -> Found:
    """Wait until all is in the ledger, then compare with what was acknowledged."""
    sent, until = len(account.http) + len(account.broker), time.monotonic() + 600
    while time.monotonic() < until:
        rows = read_versions(ctx.ws, columns=["recorded_at", "easting"]).filter(
            (pl.col("recorded_at") > began) & (pl.col("source") == "police_crime")
        )
        if rows.height >= sent and not backlog(ctx.ws)[0]:
            break
        time.sleep(1)
    time.sleep(3)
    held = ((rows["easting"] - _EAST) * 10).round().cast(pl.Int64)
    acknowledged = {place_of(account, number) for number in account.http + account.broker}
    lost, unknown = len(acknowledged - set(held)), len(set(held) - acknowledged)
    doubled = rows.height - min(rows.select("key_hi", "key_lo").n_unique(), held.n_unique())
    print(f"acknowledged {sent:,}; in the ledger {rows.height:,} rows; lost {lost}, doubled {doubled}, "
          f"never acknowledged {unknown}")  # fmt: skip
    return {
        "acknowledged_over_http": len(account.http), "acknowledged_by_the_broker": len(account.broker),
        "lost": lost, "doubled": doubled, "never_acknowledged": unknown,
    }  # fmt: skip


def compared(ctx: Context) -> Found:
    """Compare the state that was kept, and what came since, with a clean reading of the ledger."""
    run = latest_run(ctx.ws)
    assert run is not None
    recipe = read_recipe(run.folder)
    at = datetime.now(UTC) + timedelta(seconds=5)
    kept, clean = (Follower(ctx, recipe, run.area, lambda: at) for _ in range(2))
    kept.start()
    clean.rebuild()
    one, two = kept.state.at(at), clean.state.at(at)
    gap = float(np.abs(one.rate - two.rate).max())
    print(f"state kept and clean reading differ by at most {gap:.2e} a week in a cell; "
          f"counts equal: {bool((one.week == two.week).all())}")  # fmt: skip
    return {"state_differs_by": gap, "counts_equal": bool((one.week == two.week).all())}
