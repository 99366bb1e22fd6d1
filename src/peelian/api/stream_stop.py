"""Live answers of a stopped area: none begins, and one under way ends within seconds."""

from __future__ import annotations

import time
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.types import Message, Receive, Scope, Send

from peelian.api.asking import Asked
from peelian.api.broadcast import Broadcast, EventStream
from peelian.api.live_desk import LiveDesk
from peelian.api.live_scope import why_beyond
from peelian.store.deployments import stopped_now
from peelian.store.stopped import refusal
from peelian.store.workspace import Workspace

AGAIN_S: Final = 2.0
"""How often the register is read while a stream goes on; with the heartbeat it ends within 5 s."""


def area_shown(desk: LiveDesk) -> str:
    """Give the area whose rate now the desk shows; empty where none is."""
    return str(desk.served.layer.run.card["area"]["code"]) if desk.served is not None else ""


def why_stopped(ws: Workspace, desk: LiveDesk) -> str:
    """Say why what the desk shows is stopped; empty where it is not."""
    area = area_shown(desk)
    return stopped_now(ws).of(area) if area else ""


def check_live(ws: Workspace, desk: LiveDesk) -> None:
    """Do nothing where what the desk shows may be shown.

    Raises:
        Refused: its area is stopped.
    """
    why = why_stopped(ws, desk)
    if why:
        raise refusal(area_shown(desk), why)


class WhileRunning(EventStream):
    """A stream that ends when its area is stopped, or its desk comes to a run beyond its follower."""

    def __init__(self, broadcast: Broadcast, last_id: str | None, asked: Asked, desk: LiveDesk) -> None:
        super().__init__(broadcast, last_id)
        self.asked, self.desk = asked, desk

    def _why(self) -> str:
        return why_stopped(self.asked.ws, self.desk) or why_beyond(self.asked, self.desk)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until there is no one to send to, or nothing that may be sent."""
        looked, of = time.monotonic(), self.desk.served

        async def watched(message: Message) -> None:
            nonlocal looked, of
            goes_on = message.get("more_body", False)
            # a run that is new may be of another area: asked before a word of it leaves
            if goes_on and (time.monotonic() - looked >= AGAIN_S or self.desk.served is not of):
                looked, of = time.monotonic(), self.desk.served
                if await run_in_threadpool(self._why):
                    await send({"type": "http.response.body", "body": b"", "more_body": False})
                    raise _Over
            await send(message)

        await super().__call__(scope, receive, watched)


class _Over(Exception):
    """The area was stopped: the sending ends here."""
