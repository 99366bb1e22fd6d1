"""Soak: kill -9 a live server at random points under load; stop the database and the broker for a minute.

The server is a real `peelian serve`, fed over HTTP by a sender that repeats what was not answered, and by
NATS through `peelian listen`. At the end: no acknowledged event is lost, none is doubled, and the state that
was kept equals a clean reading of the ledger within 1e-9. docs/evidence/kill-live.json keeps what it found.

    python benchmarks/soak_live_kill.py [--kills 100] [--down 60] [--seed 3] [--home DIR] [--out FILE]
        [--database postgresql+psycopg://... --stop-database COMMAND --start-database COMMAND]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import nats
import numpy as np
import polars as pl

from live_load_parts import ROOT, SUBJECT, Nats, body
from peelian.domain.errors import Refused
from peelian.live.recipe import read_recipe
from peelian.pipeline.context import Context, open_context
from peelian.pipeline.live.credentials import FeedRequest, add, rotate
from peelian.pipeline.live.state_follow import Follower
from peelian.pipeline.live.taker import Taker
from peelian.store.inbox import backlog
from peelian.store.ledger import read_versions
from peelian.store.runs import latest_run

PORT = 8953


@dataclass
class Account:
    """Numbers of the events that were acknowledged: by the server, and by the broker."""

    http: list[int] = field(default_factory=list)
    broker: list[int] = field(default_factory=list)
    next: int = int(time.time()) % 1_000_000 * 1_000
    stop: bool = False

    def some(self, size: int) -> int:
        """Give the first of so many new numbers."""
        first, self.next = self.next, self.next + size
        return first


async def over_http(account: Account, secret: str) -> None:
    """Send a batch every 50 ms; what is not answered is sent again, with the same key."""
    rng = np.random.default_rng(1)
    url = f"http://127.0.0.1:{PORT}/api/v1/feeds/kill-http/batches"
    async with httpx.AsyncClient(timeout=10) as client:
        while not account.stop:
            first, size = account.some(5), 5
            head = {"Authorization": f"Bearer {secret}", "Idempotency-Key": f"h{first}"}
            content = body(first, size, rng)
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
        content = body(first, size, rng)
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


async def answering() -> None:
    """Wait until the server answers."""
    async with httpx.AsyncClient(timeout=5) as client:
        for _ in range(600):
            with suppress(httpx.HTTPError):
                if (await client.get(f"http://127.0.0.1:{PORT}/api/v1/live")).status_code == 200:
                    return
            await asyncio.sleep(0.2)
    raise AssertionError("the server does not answer")


Found = dict[str, object]


def added(ctx: Context, feed: str) -> str:
    """Register a feed, or give one of an earlier run a new credential."""
    try:
        return add(ctx, FeedRequest(feed, "police-crime", 1))
    except Refused:
        return rotate(ctx, feed)


async def soak(asked: argparse.Namespace, ctx: Context, database: str | None, home: Path) -> Found:
    """Run; give what was found."""
    Taker(ctx).drain()
    began, rng = datetime.now(UTC), random.Random(asked.seed)
    secret = added(ctx, "kill-http")
    added(ctx, "kill-nats")
    broker = Nats(home / "nats")
    broker.start()
    serve = ("serve", "--port", str(PORT))
    listen = ("listen", "--feed", "kill-nats", "--broker", broker.url, "--subject", SUBJECT)
    server, listener = started(home, database, *serve), started(home, database, *listen)
    account = Account()
    await answering()
    await asyncio.sleep(5)
    sending = [
        asyncio.create_task(over_http(account, secret)),
        asyncio.create_task(over_nats(account, broker.url)),
    ]
    for k in range(asked.kills):
        await asyncio.sleep(rng.uniform(0.2, 3))
        server.send_signal(signal.SIGKILL)
        server.wait()
        if k % 4 == 3:
            listener.send_signal(signal.SIGKILL)
            listener.wait()
            listener = started(home, database, *listen)
        server = started(home, database, *serve)
        await answering()
        if (k + 1) % 10 == 0:
            print(f"{k + 1} kills; acknowledged {len(account.http):,} + {len(account.broker):,}", flush=True)
    broker.kill()
    await asyncio.sleep(asked.down)
    broker.start()
    print(f"broker was down for {asked.down} s", flush=True)
    if asked.stop_database:
        await asyncio.to_thread(subprocess.run, asked.stop_database, shell=True, check=True)
        await asyncio.sleep(asked.down)
        await asyncio.to_thread(subprocess.run, asked.start_database, shell=True, check=True)
        print(f"database was down for {asked.down} s", flush=True)
    await asyncio.sleep(10)
    account.stop = True
    await asyncio.gather(*sending)
    found = await asyncio.to_thread(settled, ctx, account, began)
    ended = []
    for one in (server, listener):  # the server keeps its state as it stops
        one.terminate()
        ended.append(one.wait())
    broker.kill()
    return found | {"ended_by_sigterm_with": ended} | compared(ctx)


def settled(ctx: Context, account: Account, began: datetime) -> Found:
    """Wait until all is in the ledger, then compare with what was acknowledged."""
    sent, until = len(account.http) + len(account.broker), time.monotonic() + 120
    while time.monotonic() < until:
        rows = read_versions(ctx.ws, columns=["recorded_at"]).filter(
            (pl.col("recorded_at") > began) & (pl.col("source") == "police_crime")
        )
        if rows.height >= sent and not backlog(ctx.ws)[0]:
            break
        time.sleep(1)
    time.sleep(3)
    keys = rows.select("key_hi", "key_lo").n_unique()
    print(f"acknowledged {sent:,}: in the ledger {keys:,} events in {rows.height:,} rows; "
          f"lost {sent - keys}, doubled {rows.height - keys}")  # fmt: skip
    return {
        "acknowledged_over_http": len(account.http), "acknowledged_by_the_broker": len(account.broker),
        "lost": sent - keys, "doubled": rows.height - keys,
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


def evidence(asked: argparse.Namespace, found: Found, seconds: float) -> Found:
    """Say what was run, and what it found."""
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return {
        "what": "kill -9 of a live server (and of the broker's listener at each fourth) under load",
        "commit": commit.stdout.strip(), "kills": asked.kills, "seed": asked.seed,
        "database": "postgresql" if asked.database else "sqlite", "broker_down_s": asked.down,
        "database_down_s": asked.down if asked.stop_database else 0, "seconds": round(seconds, 1),
    } | found  # fmt: skip


def good(found: Found) -> bool:
    """Say whether nothing was lost, doubled or different."""
    kept = float(str(found["state_differs_by"])) <= 1e-9 and found["counts_equal"]
    return bool(kept) and found["lost"] == found["doubled"] == 0


def main() -> int:
    """Run, print, write the evidence; 1 when anything was lost, doubled or different."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--down", type=float, default=60)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--database", help="URL of PostgreSQL (default SQLite)")
    parser.add_argument("--stop-database", help="shell command that stops it")
    parser.add_argument("--start-database", help="shell command that starts it again")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "evidence" / "kill-live.json")
    asked = parser.parse_args()
    clock = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="peelian-kill-") as folder:
        home = asked.home or Path(folder) / "home"
        if not (home / "runs").is_dir():
            made = started(home, asked.database, "demo", "--no-serve")
            assert made.wait() == 0
        ctx = open_context(home, asked.database, "administration")
        found = asyncio.run(soak(asked, ctx, asked.database, home))
    asked.out.write_text(json.dumps(evidence(asked, found, time.monotonic() - clock), indent=2) + "\n")
    return int(not good(found))


if __name__ == "__main__":
    raise SystemExit(main())
