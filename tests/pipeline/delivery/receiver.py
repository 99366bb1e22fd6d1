"""A real HTTP receiver on loopback that keeps connections, deduplicates by id, and fails when told to."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

Fault = Callable[[str, int], str]
"""Of a message's id and attempt: `ok`, `drop` (nothing taken), `500`, or `lost` (taken, no answer)."""


@dataclass
class Receiver:
    """What was taken; `seen` counts what a receiver that knows ids would have shown to its reader."""

    key: bytes
    fault: Fault = lambda _id, _attempt: "ok"
    attempts: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    bodies: dict[str, set[bytes]] = field(default_factory=dict)
    seen: list[bytes] = field(default_factory=list)
    forged: int = 0
    port: int = 0

    def take(self, headers: dict[str, str], body: bytes) -> str:
        """Take one request; give what happens to its answer."""
        id_ = headers["webhook-id"]
        self.attempts[id_] += 1
        what = self.fault(id_, self.attempts[id_])
        if what in ("ok", "lost"):
            signed = f"{id_}.{headers['webhook-timestamp']}.".encode() + body
            digest = base64.b64encode(hmac.new(self.key, signed, hashlib.sha256).digest()).decode()
            self.forged += headers["webhook-signature"] != f"v1,{digest}"
            self.taken[id_] += 1
            self.bodies.setdefault(id_, set()).add(body)
            if self.taken[id_] == 1:
                self.seen.append(body)
        return what

    def __enter__(self) -> Receiver:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/in"

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in head[1:] if line)}
                body = await reader.readexactly(int(headers["content-length"]))
                what = self.take(headers, body)
                if what in ("drop", "lost"):
                    return
                status = "500 Broken" if what == "500" else "204 Taken"
                writer.write(f"HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n".encode())
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()
