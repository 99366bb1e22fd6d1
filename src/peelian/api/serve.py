"""Serve a workspace on this machine."""

from __future__ import annotations

import socket
from collections.abc import Callable
from threading import Thread
from typing import Final

import uvicorn

from peelian.api.app import create_app
from peelian.api.asking import House
from peelian.api.layers import offered
from peelian.api.live_desk import LiveDesk
from peelian.api.live_desks import LiveDesks
from peelian.api.manifest import manifest
from peelian.api.reach import Reach, check_host
from peelian.domain.actor import Actor, Purpose
from peelian.domain.errors import Misuse
from peelian.domain.live import Inlet
from peelian.store.runs import latest_run
from peelian.store.workspace import Workspace

__all__ = ["THIS_MACHINE", "Reach", "Server", "check_host", "run", "warm"]
THIS_MACHINE: Final = Reach()


def run(
    ws: Workspace, host: str, port: int, *, actor: Actor, purpose: Purpose,
    ready: Callable[[str], None] = lambda _address: None, live: LiveDesk | LiveDesks | None = None,
    inlet: Inlet | None = None, reach: Reach = THIS_MACHINE, wanted: Callable[[], bool] = lambda: True,
) -> None:  # fmt: skip
    """Serve until stopped; calls `ready` with the address once the port is ours.

    `wanted` says whether it was stopped before it could hear so by itself.

    Raises:
        Misuse: a host beyond this machine without sign-in and TLS, a port that is taken or not allowed.
    """
    access = reach.open(ws, host)
    if not 0 <= port <= 65535:
        raise Misuse("the port is not a port", expected="--port from 1 to 65535")
    family = socket.AF_INET6 if host == "::1" else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            held.bind((host, port))
        except OSError as error:
            raise Misuse(
                f"port {port} cannot be used: {(error.strerror or 'refused').lower()}",
                do=f"choose another with --port, such as --port {port + 1}",
            ) from None
        held.listen(128)
        shown = f"[{host}]" if host == "::1" else host
        ready(f"http{'s' if reach.tls else ''}://{shown}:{held.getsockname()[1]}/")
        app = create_app(ws, actor=actor, purpose=purpose, inlet=inlet, access=access)
        app.state.live = live
        Thread(target=warm, args=(app.state.house,), daemon=True).start()
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=3,
            **reach.uvicorn(access),
        )
        if live is not None:
            live.start()
        try:
            Server(config, wanted).run(sockets=[held])
        finally:
            if live is not None:
                live.stop()


class Server(uvicorn.Server):
    """Ends the streams of live changes when it stops: they would go on for ever."""

    def __init__(self, config: uvicorn.Config, wanted: Callable[[], bool] = lambda: True) -> None:
        super().__init__(config)
        self._wanted = wanted

    async def main_loop(self) -> None:
        """Serve. It hears signals since it began; whether one came earlier is asked now."""
        self.should_exit = self.should_exit or not self._wanted()
        await super().main_loop()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop."""
        live: LiveDesk | LiveDesks | None = getattr(getattr(self.config.app, "state", None), "live", None)
        if live is not None:
            live.close()
        await super().shutdown(sockets)


def warm(house: House) -> None:
    """Read the newest run before anyone asks, so that the first page need not wait; gives nothing out."""
    row = latest_run(house.ws)
    if row is not None and (row.folder / "forecast.parquet").is_file():
        run = house.shelf.read(row.folder)
        for name in offered(run):
            house.shelf.layer(run, name)
        manifest(run, [])
