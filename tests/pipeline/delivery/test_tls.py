"""Over TLS the certificate must be trusted and the host's; the connection goes to a checked address."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from peelian.domain.warning_delivery import Delivery, Recipient
from peelian.pipeline.delivery.sending import Failed
from peelian.pipeline.delivery.webhook import WebhookSender
from peelian.store.outbox import Leased

AT = datetime(2026, 11, 2, tzinfo=UTC)
MESSAGE = Leased(1, "w:raised", "webhook", "desk", "w", {"type": "warning.raised", "data": {}}, 0, AT, AT)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, Path]]:
    """A TLS server whose certificate is for `localhost` and signed by nobody but itself."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl here to make a certificate with")
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", cert],
        check=True, capture_output=True,
    )  # fmt: skip

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    monkeypatch.setenv("PEELIAN_TEST_SECRET", "a secret of at least twenty-four bytes")
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server.server_address[1], cert
    server.shutdown()
    server.server_close()


def send(host: str, port: int) -> None:
    to = Recipient("desk", "desk", "webhook", f"https://{host}:{port}/", secret_env="PEELIAN_TEST_SECRET")
    WebhookSender(Delivery((to,), loopback=True)).send(MESSAGE, to)


def test_a_certificate_nobody_trusts_is_refused(desk: tuple[int, Path]) -> None:
    with pytest.raises(Failed, match="SSLCertVerificationError"):
        send("localhost", desk[0])


def test_a_trusted_one_must_be_the_hosts(desk: tuple[int, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(desk[1]))
    send("localhost", desk[0])
    with pytest.raises(Failed, match="SSLCertVerificationError"):
        send("127.0.0.1", desk[0])
