"""What followers of the live stream cost: clients that all get four patches of 200 cells a second, for 8 s.

The clients run in a process of their own; the server's share of one core and its memory are its process's.

    python benchmarks/stream_clients.py [--clients 200]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

PATCHES, EVERY_S, CELLS = 32, 0.25, 200


async def follow(port: int, waits: list[float]) -> None:
    """Follow until the stream ends; note how long each patch took."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /api/v1/stream HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n\r\n".encode())
    while line := await reader.readline():
        if line.startswith(b'data: {"sent"'):
            waits.append(time.time() - json.loads(line[6:])["sent"])


async def clients(port: int, many: int) -> None:
    """Follow with many, and print the waits."""
    waits: list[float] = []
    await asyncio.gather(*(follow(port, waits) for _ in range(many)))
    waits.sort()
    print(
        f"{len(waits):,} of {PATCHES * many:,} patches received, half within {waits[len(waits) // 2]:.3f} s, "
        f"99 % within {waits[int(len(waits) * 0.99)]:.3f} s"
    )


def serve(many: int) -> None:
    """Serve an empty workspace's stream, and print what it cost."""
    import uvicorn

    from peelian.api.app import create_app
    from peelian.api.live_desk import LiveDesk
    from peelian.api.serve import Server
    from peelian.domain.actor import LOCAL_ANALYST
    from peelian.live.clock import Clock
    from peelian.store.workspace import open_workspace

    ws = open_workspace(Path(tempfile.mkdtemp(prefix="peelian-stream-")))
    desk = LiveDesk(Clock(lambda: datetime.now(UTC)), list, lambda _run: None)
    app = create_app(ws, actor=LOCAL_ANALYST, purpose="demonstration")
    app.state.live = desk
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen(2_048)
        port = held.getsockname()[1]
        server = Server(uvicorn.Config(app, log_level="error", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [held]}, daemon=True)
        thread.start()
        child = subprocess.Popen([sys.executable, __file__, "--clients", str(many), "--port", str(port)])
        while desk.broadcast.clients < many:
            time.sleep(0.05)
        used, began, memory = time.process_time(), time.monotonic(), _mb()
        for _ in range(PATCHES):
            patch = {"sent": time.time(), "cells": list(range(CELLS)), "bytes": [9] * CELLS}
            desk.broadcast.put("cells", json.dumps(patch))
            time.sleep(EVERY_S)
        share = (time.process_time() - used) / (time.monotonic() - began)
        print(
            f"{many} clients: {100 * share:.1f} % of a core, memory {memory:.0f} to {_mb():.0f} MB",
            flush=True,
        )
        server.should_exit = True
        thread.join()
        child.wait()


def _mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.port:
        asyncio.run(clients(asked.port, asked.clients))
    else:
        serve(asked.clients)
