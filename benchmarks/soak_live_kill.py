"""Soak: kill -9 a live server at random points under load; stop the database and the broker for a minute.

The server is a real `peelian serve`, fed over HTTP by a sender that repeats what was not answered, and by
NATS through `peelian listen`. It runs in rounds; at the end of each no acknowledged event is lost, none is
doubled, and the state that was kept equals a clean reading of the ledger within 1e-9. In the last round the
broker (and the database, where commands are given) is away too. Each round is a line of `--kept`: a soak that
was stopped goes on with the next round. docs/evidence/kill-live.json keeps what it found.

    python benchmarks/soak_live_kill.py [--kills 100] [--each 20] [--down 60] [--seed 3] [--home DIR]
        [--kept FILE] [--out FILE]
        [--database postgresql+psycopg://... --stop-database COMMAND --start-database COMMAND]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import signal
import subprocess
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from live_load_parts import ROOT, SUBJECT, Nats
from peelian.pipeline.context import Context, open_context
from peelian.pipeline.live.taker import Taker
from soak_live_kill_parts import (
    PORT,
    Account,
    Found,
    acknowledging,
    added,
    answering,
    compared,
    over_http,
    over_nats,
    settled,
    started,
)

SERVE = ("serve", "--port", str(PORT))
AFTER_S = (0.5, 4.0)
"""A server is killed so long after it first acknowledges a batch; each third, after it first answers."""


async def one_round(asked: argparse.Namespace, ctx: Context, home: Path, number: int, kills: int) -> Found:
    """Run one round of kills; give what was found at its end."""
    Taker(ctx).drain()
    account = Account()
    began, rng = datetime.now(UTC), random.Random(asked.seed * 1000 + number)
    secret = added(ctx, "kill-http")
    added(ctx, "kill-nats")
    broker = Nats(home / f"nats-{account.base}")  # of this round alone: nothing of an earlier one waits in it
    broker.start()
    listen = ("listen", "--feed", "kill-nats", "--broker", broker.url, "--subject", SUBJECT)
    server, listener = started(home, asked.database, *SERVE), started(home, asked.database, *listen)
    waits = []
    waits.append(await answering())
    sending = [
        asyncio.create_task(over_http(account, secret)),
        asyncio.create_task(over_nats(account, broker.url)),
    ]
    for k in range(kills):
        if k % 3:
            await acknowledging(account)
        await asyncio.sleep(rng.uniform(*AFTER_S))
        server.send_signal(signal.SIGKILL)
        server.wait()
        if k % 4 == 3:
            listener.send_signal(signal.SIGKILL)
            listener.wait()
            listener = started(home, asked.database, *listen)
        server = started(home, asked.database, *SERVE)
        waits.append(await answering())
        told = f"round {number}, kill {k + 1}: acknowledged {len(account.http):,} + {len(account.broker):,}"
        print(f"{told}; the server answered after {waits[-1]:.1f} s", flush=True)
    if number == rounds(asked) - 1:
        await away(asked, broker)
    await asyncio.sleep(10)
    account.stop = True
    await asyncio.gather(*sending)
    found = await asyncio.to_thread(settled, ctx, account, began)
    ended = []
    for one in (server, listener):  # the server keeps its state as it stops
        one.terminate()
        ended.append(one.wait())
    broker.kill()
    took = {"longest_start_s": round(max(waits), 1), "ended_by_sigterm_with": ended}
    return {"round": number, "kills": kills} | found | took | compared(ctx)


async def away(asked: argparse.Namespace, broker: Nats) -> None:
    """Stop the broker, and the database where commands say how, for a while each."""
    broker.kill()
    await asyncio.sleep(asked.down)
    broker.start()
    print(f"broker was down for {asked.down} s", flush=True)
    if asked.stop_database:
        await asyncio.to_thread(subprocess.run, asked.stop_database, shell=True, check=True)
        await asyncio.sleep(asked.down)
        await asyncio.to_thread(subprocess.run, asked.start_database, shell=True, check=True)
        print(f"database was down for {asked.down} s", flush=True)


def rounds(asked: argparse.Namespace) -> int:
    """Give how many rounds so many kills take."""
    return -(-int(asked.kills) // int(asked.each))


def commit() -> str:
    """Give the commit that was run."""
    asked = ["git", "rev-parse", "HEAD"]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def kept(path: Path | None) -> list[Found]:
    """Read the rounds that an earlier run of the same commit ended."""
    if path is None or not path.exists():
        return []
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    return [one for one in lines if one["commit"] == commit()]


def soak(asked: argparse.Namespace, home: Path) -> list[Found]:
    """Run the rounds that were not run yet; give what was found in all of them."""
    ctx, found = open_context(home, asked.database, "administration"), kept(asked.kept)
    for number in range(len(found), rounds(asked)):
        clock = time.monotonic()
        kills = min(asked.each, asked.kills - number * asked.each)
        told = asyncio.run(one_round(asked, ctx, home, number, kills))
        found.append(told | {"seconds": round(time.monotonic() - clock, 1), "commit": commit()})
        if asked.kept:
            with asked.kept.open("a") as lines:
                lines.write(json.dumps(found[-1]) + "\n")
    return found


def evidence(asked: argparse.Namespace, found: list[Found]) -> Found:
    """Say what was run, and what it found over all rounds."""

    def total(name: str) -> float:
        return sum(float(str(one[name])) for one in found)

    return {
        "what": "kill -9 of a live server (and of the broker's listener at each fourth) under load",
        "commit": found[0]["commit"], "kills": int(total("kills")), "rounds": len(found), "seed": asked.seed,
        "database": "postgresql" if asked.database else "sqlite", "broker_down_s": asked.down,
        "database_down_s": asked.down if asked.stop_database else 0, "seconds": round(total("seconds"), 1),
        "acknowledged_over_http": int(total("acknowledged_over_http")),
        "acknowledged_by_the_broker": int(total("acknowledged_by_the_broker")),
        "lost": int(total("lost")), "doubled": int(total("doubled")),
        "never_acknowledged": int(total("never_acknowledged")),
        "state_differs_by": max(float(str(one["state_differs_by"])) for one in found),
        "counts_equal": all(one["counts_equal"] for one in found),
        "longest_start_s": max(float(str(one["longest_start_s"])) for one in found),
        "ended_by_sigterm_with": [one["ended_by_sigterm_with"] for one in found],
    }  # fmt: skip


def good(found: Found) -> bool:
    """Say whether nothing was lost, doubled or different."""
    same = float(str(found["state_differs_by"])) <= 1e-9 and found["counts_equal"]
    return bool(same) and found["lost"] == found["doubled"] == 0


def main() -> int:
    """Run, print, write the evidence; 1 when anything was lost, doubled or different."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--each", type=int, default=20, help="kills in a round")
    parser.add_argument("--down", type=float, default=60)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--kept", type=Path, help="keeps each round; read again after a stop")
    parser.add_argument("--database", help="URL of PostgreSQL (default SQLite)")
    parser.add_argument("--stop-database", help="shell command that stops it")
    parser.add_argument("--start-database", help="shell command that starts it again")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "evidence" / "kill-live.json")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="peelian-kill-") as folder:
        home = asked.home or Path(folder) / "home"
        if not (home / "runs").is_dir():
            made = started(home, asked.database, "demo", "--no-serve")
            assert made.wait() == 0
        found = evidence(asked, soak(asked, home))
    asked.out.write_text(json.dumps(found, indent=2) + "\n")
    return int(not good(found))


if __name__ == "__main__":
    raise SystemExit(main())
