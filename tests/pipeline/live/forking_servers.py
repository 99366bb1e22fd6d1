"""Begins real servers quickly: HOME DATABASE PORT. Loads the program once; each server is a forked process.

A server opens the workspace anew, takes what it is sent, and follows and keeps the running state, all in its
own process. What is saved against a fresh interpreter is the import alone (seconds, each time). A line on
standard input begins one, in place of whatever ran; its process id is printed when its port is open.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

from peelian.api.serve import run
from peelian.pipeline.context import open_context
from peelian.pipeline.live.inflow import Inflow
from peelian.pipeline.live.state_desk import open_desk

HOME, DATABASE, PORT = Path(sys.argv[1]), sys.argv[2] or None, int(sys.argv[3])


def serve(told: int) -> None:
    """Serve until killed, or until SIGTERM."""
    ctx = open_context(HOME, DATABASE)
    desk, inflow = open_desk(ctx), Inflow(ctx)
    inflow.listeners.append(desk)

    def keep() -> None:  # as the desk does each half minute; often, so that kills fall into it too
        while True:
            time.sleep(0.05)
            if desk.served is not None:
                desk.served.following.keep(1)

    threading.Thread(target=keep, daemon=True).start()
    inflow.start()
    run(
        ctx.ws, "127.0.0.1", PORT, actor=ctx.actor, purpose=ctx.purpose, inlet=inflow.door, live=desk,
        ready=lambda _address: say(told),
    )  # fmt: skip
    inflow.stop()


def say(told: int) -> None:
    """Tell this process's id."""
    os.write(told, f"{os.getpid()}\n".encode())


def main() -> None:
    """Begin a server for each line read."""
    assert not [one for one in threading.enumerate() if one is not threading.main_thread()], "fork is unsafe"
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who was killed needs no burial
    for _ in sys.stdin:
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            sys.stdin.close()
            serve(sys.stdout.fileno())
            os._exit(0)


if __name__ == "__main__":
    main()
