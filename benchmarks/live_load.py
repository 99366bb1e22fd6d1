"""Live load from a separate process: events a second over HTTP (or NATS) to the ledger and to the stream.

The workspace is the demonstration's (made when absent, some minutes). A real `peelian serve` takes JSON lines
while a plain HTTP client follows the stream. An event was seen when the stream told a position that is not
before its own. Waiting counts from when an event was due, so that a stalled server is not flattered. The
machine's load and the server's CPU time stand beside each phase: waiting tells little on a busy machine.
Memory is read every 30 s of the steady load, of each process; its slope is that of the second half.

    python benchmarks/live_load.py [--minutes 10] [--rate 200] [--burst 1000] [--burst-s 30] [--rows 10]
                                   [--nats] [--home DIR]
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path

from live_load_memory import Memory
from live_load_parts import Seen, Sent, begun, listen, phase, report, send_http, send_nats


async def loaded(asked: argparse.Namespace, home: Path) -> int:
    """Run both phases; give 1 when something was lost or doubled."""
    with begun(home, asked.broker) as world:
        seen = Seen()
        listening = asyncio.create_task(listen(world.address, seen))
        send = send_nats if asked.broker else send_http
        warm = Sent("warm-up", 50, 10, asked.batch)
        await phase(world, send, warm)
        steady = Sent("steady", asked.rate, asked.minutes * 60, asked.batch)
        halves = [Sent(f"steady {k}", asked.rate, steady.seconds / 2, asked.batch) for k in (1, 2)]
        held = Memory(world)
        watching = asyncio.create_task(held.watch())
        for one in halves:
            await phase(world, send, one)
        watching.cancel()
        burst = Sent("burst", asked.burst, asked.burst_s, asked.batch * 5)
        await phase(world, send, burst)
        await asyncio.sleep(3)
        held.take("after the burst")
        failed = await report(world, seen, [warm, *halves, burst])
        held.say()
        listening.cancel()
        return failed


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rate", type=float, default=200)
    parser.add_argument("--burst", type=float, default=1000)
    parser.add_argument("--burst-s", type=float, default=30)
    parser.add_argument(
        "--rows", "--batch", dest="batch", type=int, default=10,
        help="events a batch or message (five times in the burst); 1: each event by itself",
    )  # fmt: skip
    parser.add_argument("--nats", "--broker", dest="broker", action="store_true")
    parser.add_argument("--home", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="peelian-load-") as folder:
        return asyncio.run(loaded(asked, asked.home or Path(folder) / "home"))


if __name__ == "__main__":
    raise SystemExit(main())
