"""Server-sent events to many: each change is serialised once, every client keeps its own place in the log."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from peelian.live.versions import Versions

HEARTBEAT_S: Final = 2.5
"""With `sessions.AGAIN_S`: a stream ends within 5 s of its follower's right to it."""
SLOW_S: Final = 20.0
"""A client that takes nothing for this long is let go; it may come back and catch up."""
MOST_CLIENTS: Final = 1_000
_RESET: Final = b"event: reset\ndata: {}\n\n"
_BEAT: Final = b"event: heartbeat\ndata: {}\n\n"


class Broadcast:
    """One log of changes and whoever follows it. Changes may come from any thread."""

    def __init__(self, start: str) -> None:
        self.versions = Versions(start)
        self.clients, self.closed = 0, False
        self._bells: dict[asyncio.AbstractEventLoop, asyncio.Event] = {}

    def put(self, event: str, data: str) -> int:
        """Send a change to all; give its version."""
        version = self.versions.put(event, data)
        self._ring_all()
        return version

    def close(self) -> None:
        """End every follower's stream: the server stops."""
        self.closed = True
        self._ring_all()

    def _ring_all(self) -> None:
        for loop in list(self._bells):
            if loop.is_closed():
                self._bells.pop(loop, None)
            else:
                loop.call_soon_threadsafe(self._ring, loop)

    def _ring(self, loop: asyncio.AbstractEventLoop) -> None:
        self._bells.pop(loop, asyncio.Event()).set()

    async def follow(self, last_id: str | None) -> AsyncIterator[bytes]:
        """Give what came since `last_id`, then what comes; ends when the client fell out of the log.

        One whose place is not in the log is told to `reset`, that is to read the whole layer again.
        """
        loop = asyncio.get_running_loop()
        place = self.versions.place(last_id)
        if place is None or self.versions.since(place) is None:
            place = self.versions.newest
            yield f"id: {self.versions.start}-{place}\n".encode() + _RESET
        while not self.closed:
            bell = self._bells.setdefault(loop, asyncio.Event())  # before looking: nothing is missed
            found = self.versions.since(place)
            if found is None:
                return
            if found[0]:
                place = found[1]
                yield b"".join(found[0])
                continue
            try:
                async with asyncio.timeout(HEARTBEAT_S):
                    await bell.wait()
            except TimeoutError:
                yield _BEAT


class EventStream(Response):
    """Follows a broadcast until the client leaves or takes nothing for too long. Nothing waits for it."""

    media_type = "text/event-stream"

    def __init__(self, broadcast: Broadcast, last_id: str | None) -> None:
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        super().__init__(headers=headers, media_type=self.media_type)
        del self.headers["content-length"]
        self.broadcast, self.last_id = broadcast, last_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until there is no one to send to."""
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        self.broadcast.clients += 1
        left = asyncio.ensure_future(_left(receive))
        sending = asyncio.ensure_future(self._send(send))
        try:
            await asyncio.wait({left, sending}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.broadcast.clients -= 1
            for task in (left, sending):
                task.cancel()
            await asyncio.gather(left, sending, return_exceptions=True)

    async def _send(self, send: Send) -> None:
        async for body in self.broadcast.follow(self.last_id):
            async with asyncio.timeout(SLOW_S):
                await send({"type": "http.response.body", "body": body, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
