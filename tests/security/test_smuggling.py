"""Requests that two servers might read differently, sent as raw bytes to the server as it is started."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn

from peelian.api.reach import Reach
from peelian.store.audit import list_audit
from peelian.store.workspace import Workspace
from tests.api.signing import app_of

INNER = b"GET /audit HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
TWO_WAYS = {
    "both lengths": b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + INNER,
    "two lengths": b"Content-Length: 0\r\nContent-Length: 44\r\n\r\n" + INNER,
    "odd coding": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + INNER,
    "coding twice": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + INNER,
    "space before the colon": b"Content-Length : 44\r\n\r\n" + INNER,
    "signed length": b"Content-Length: +44\r\n\r\n" + INNER,
    "length of nothing": b"Content-Length: \r\n\r\n" + INNER,
    "chunk of no size": b"Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n" + INNER,
}


@pytest.fixture
def port(workspace: Workspace) -> Iterator[int]:
    app = app_of(workspace)
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        config = uvicorn.Config(app, log_level="error", access_log=False, **Reach().uvicorn(None))
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [held]}, daemon=True)
        thread.start()
        until = time.monotonic() + 20
        while not server.started and time.monotonic() < until:
            time.sleep(0.02)
        yield held.getsockname()[1]
        server.should_exit = True
        thread.join(10)


def sent(port: int, body: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), 10) as line:
        line.sendall(body)
        line.settimeout(1.0)
        said = b""
        try:
            while part := line.recv(65_536):
                said += part
        except (TimeoutError, ConnectionResetError):
            pass
        return said


def test_no_second_request_hides_in_the_first(port: int, workspace: Workspace) -> None:
    for name, rest in TWO_WAYS.items():
        before = list_audit(workspace, last=1)
        head = b"POST /api/v1/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        answers = sent(port, head + rest)
        after = [row for row in list_audit(workspace, last=5) if not before or row.id > before[0].id]
        assert b" 200 " not in answers, name
        whats = [row.what for row in after]
        assert not any(what in {"audit page", "audit"} for what in whats), (name, whats)


def test_who_asks_is_the_peer_whatever_a_header_says(port: int) -> None:
    """Forwarded addresses are believed of named proxies only; here none is named."""
    for k in range(5):
        sent_as = (
            b"X-Forwarded-For: 10.0.0.%d\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.example\r\n"
            % k
        )
        said = sent(
            port, b"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" + sent_as + b"\r\n"
        )
        assert b"evil.example" not in said
        assert b"https://" not in said.split(b"\r\n\r\n")[0]


def test_a_line_without_end_is_refused(port: int) -> None:
    said = sent(port, b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert b" 200 " not in said[:20]
    said = sent(port, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nx: " + b"a" * 200_000 + b"\r\n\r\n")
    assert b" 200 " not in said[:20]
