"""What every request and answer must keep to: loopback names only, nothing from outside, no sniffing.

The host check stops DNS rebinding: a page of another site whose name was pointed at 127.0.0.1 sends its
own name as Host and is refused.
"""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from peelian.api.access import Access
from peelian.api.gate_log import GATE_LOG
from peelian.api.problems import answer
from peelian.api.rate_limit import RateLimit
from peelian.api.uploading import MAX_UPLOAD
from peelian.domain.errors import Forbidden, Misuse, PeelianError, TooLarge

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
MAX_BODY: Final = 64 * 1024
MAX_BATCH: Final = 1 << 20
"""Of a live feed's batch: the one kind of request that may be larger."""
PATIENCE_S: Final = 30.0
"""How long a request's body is waited for."""
FEEDS: Final = "/api/v1/feeds/"
UPLOADS: Final = "/start/files"
"""The one address that takes files."""
CSP: Final = (
    "default-src 'none'; script-src 'self'; worker-src 'self' blob:; style-src 'self'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HSTS: Final = "max-age=31536000"
REPORT_CSP: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""For the report file, which carries its own styles and pictures and no script."""
HEADERS: Final = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "private, no-cache",
}


def host_name(host: str) -> str:
    """Give the name in a Host header without its port.

    >>> host_name("127.0.0.1:8000"), host_name("[::1]:80"), host_name("evil.example")
    ('127.0.0.1', '[::1]', 'evil.example')
    """
    if host.startswith("["):
        return host.split("]")[0].lower() + "]"
    return host.rsplit(":", 1)[0].lower() if ":" in host else host.lower()


class Gatekeeper:
    """ASGI middleware: checks the request's host, origin and size, and sets the answer's headers."""

    def __init__(self, app: ASGIApp, access: Access | None = None) -> None:
        self.app = app
        self.names = LOOPBACK | (access.hosts if access else frozenset())
        self.more = {"strict-transport-security": HSTS} if access and access.secure else {}
        self.more |= {"cache-control": "no-store"} if access else {}
        self.rate = RateLimit(access.requests_s if access else 0)
        self.patience_s = PATIENCE_S

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in (HEADERS | self.more).items():
                    headers.setdefault(name, value)
            await send(message)

        most = _most(scope["path"])
        client = scope.get("client")
        refusal: PeelianError | None = self.rate.refusal(client[0] if client else "") or _refusal(
            scope["method"], Headers(scope=scope), most, self.names
        )
        if refusal is not None:
            GATE_LOG.refused(refusal.what, refusal.http_status)
            await answer(Request(scope), refusal)(scope, receive, send_with_headers)
            return
        await self.app(scope, _limited(receive, most, self.patience_s), send_with_headers)


def _most(path: str) -> int:
    """Give how many bytes a request to an address may have."""
    if path == UPLOADS:
        return MAX_UPLOAD
    return MAX_BATCH if path.startswith(FEEDS) else MAX_BODY


def _refusal(method: str, headers: Headers, most: int, names: frozenset[str]) -> Misuse | Forbidden | None:
    if host_name(headers.get("host", "")) not in names:
        own = "127.0.0.1 or localhost in the address"
        return Misuse("this server answers on its own names only", expected=own if names == LOOPBACK else "")
    if method in {"GET", "HEAD"}:
        return None
    origin = headers.get("origin")
    if origin is not None and origin.partition("://")[2] != headers.get("host"):
        return Forbidden("the request comes from another site")
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return Forbidden("the request comes from another site")
    length = headers.get("content-length", "0")
    if not length.isdigit() or int(length) > most:
        kind = TooLarge if most > MAX_BODY else Misuse
        return kind("the request is too large", expected=f"at most {most // 1024:,} KiB")
    return None


def _limited(receive: Receive, most: int, patience_s: float) -> Receive:
    """Cut off a body that is longer than it said, or that drips in.

    A small body must be whole within `patience_s`; of a large one each part must follow the last within it.
    """
    seen, whole = 0, False
    loop = asyncio.get_running_loop()
    last = loop.time() + patience_s

    async def limited() -> Message:
        nonlocal seen, whole
        if whole:  # what comes now is the end of the connection: a stream may wait for it as long as it likes
            return await receive()
        left = last - loop.time() if most <= MAX_BATCH else patience_s
        try:
            message = await asyncio.wait_for(receive(), max(left, 0.001))
        except TimeoutError:
            return {"type": "http.disconnect"}
        seen += len(message.get("body", b""))
        whole = not message.get("more_body", False)
        return {"type": "http.disconnect"} if seen > most else message

    return limited
