"""A server of a test's own, on loopback."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from peelian.api.app import create_app
from peelian.domain.actor import LOCAL_ANALYST, Purpose
from peelian.store.workspace import Workspace


@contextmanager
def serving(ws: Workspace, purpose: Purpose = "prevention") -> Iterator[str]:
    """The address of an app over a workspace."""
    with serving_app(create_app(ws, actor=LOCAL_ANALYST, purpose=purpose)) as address:
        yield address


@contextmanager
def serving_app(app: ASGIApp) -> Iterator[str]:
    """The address of an app."""
    port = socket.socket()
    port.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [port]}, daemon=True)
    thread.start()
    until = time.monotonic() + 60
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)
