"""Webhooks, signed as the Standard Webhooks specification (version 1.0.0) has it: id, time, HMAC-SHA256.

Any receiver's library for that specification verifies them; the id is the same for every attempt.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import http.client
import json
import socket
import ssl
import time
from typing import Final

from peelian import __version__
from peelian.domain.warning_delivery import Delivery, Recipient
from peelian.pipeline.delivery.addresses import Target, resolve
from peelian.pipeline.delivery.sending import TIMEOUT_S, Failed, message_id, secret
from peelian.store.outbox import Leased

_MOST_ANSWER: Final = 64 * 1024
_LEAST_SECRET: Final = 24  # bytes, as the specification asks


class _Plain(http.client.HTTPConnection):
    """Connects to the addresses that were checked, whatever the name resolves to by now."""

    def __init__(self, target: Target, timeout: float) -> None:
        super().__init__(target.host, target.port, timeout=timeout)
        self._ips = target.ips

    def connect(self) -> None:
        for last, ip in enumerate(self._ips, 1):
            try:
                self.sock = socket.create_connection((ip, self.port), self.timeout)
                break
            except OSError:
                if last == len(self._ips):
                    raise
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class _Tls(_Plain):
    """The same over TLS; the certificate must be the host's."""

    default_port = 443

    def connect(self) -> None:
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


class WebhookSender:
    """Sends to webhooks of the settings; keeps one connection a recipient. For one thread."""

    def __init__(self, delivery: Delivery, *, timeout_s: float = TIMEOUT_S) -> None:
        self._delivery, self._timeout = delivery, timeout_s
        self._open: dict[str, tuple[_Plain, Target]] = {}

    def send(self, message: Leased, to: Recipient) -> None:
        """Send one message; returns when the receiver has taken it (2xx).

        Raises:
            Failed: it has not, or it did and its answer was lost.
        """
        body = payload(message)
        headers = signed_headers(message_id(message), body, key_of(to))
        connection, target = self._connection(to)
        try:
            connection.request("POST", target.path, body, headers)
            answer = connection.getresponse()
            answer.read(_MOST_ANSWER)
        except (OSError, http.client.HTTPException) as error:
            self._drop(to.name)
            away = isinstance(error, (ConnectionRefusedError, TimeoutError, ssl.SSLError))
            raise Failed(f"the webhook did not answer ({type(error).__name__})", unreachable=away) from None
        if answer.will_close or not answer.isclosed():
            self._drop(to.name)
        _judge(answer)

    def close(self) -> None:
        """Close all connections."""
        for name in list(self._open):
            self._drop(name)

    def _connection(self, to: Recipient) -> tuple[_Plain, Target]:
        held = self._open.get(to.name)
        if held is None:
            target = resolve(to.address, self._delivery)
            held = (_Tls if target.tls else _Plain)(target, self._timeout), target
            self._open[to.name] = held
        return held

    def _drop(self, name: str) -> None:
        held = self._open.pop(name, None)
        if held is not None:
            held[0].close()


def payload(message: Leased) -> bytes:
    """Give the body, the same bytes for every attempt: type, time, and what a machine is told."""
    body = {
        "type": message.body["type"],
        "timestamp": message.created.isoformat(),
        "data": message.body["data"],
    }
    return json.dumps(body, separators=(",", ":"), sort_keys=True).encode()


def signed_headers(id_: str, body: bytes, key: bytes, at: int | None = None) -> dict[str, str]:
    """Give the headers: id, time of this attempt (Unix seconds), signature over `id.time.body`."""
    moment = str(int(time.time()) if at is None else at)
    digest = hmac.new(key, b".".join((id_.encode(), moment.encode(), body)), hashlib.sha256).digest()
    return {
        "content-type": "application/json", "user-agent": f"peelian/{__version__}",
        "idempotency-key": f'"{id_}"', "webhook-id": id_, "webhook-timestamp": moment,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }  # fmt: skip


def key_of(to: Recipient) -> bytes:
    """Read a webhook's secret (`whsec_` and base64, or any text of at least 24 bytes).

    Raises:
        Failed: there is none, or it is too short to sign with.
    """
    held = secret(to.secret_env, to.secret_file, "webhook's secret") or ""
    try:
        key = base64.b64decode(held[6:], validate=True) if held.startswith("whsec_") else held.encode()
    except binascii.Error:
        key = b""
    if len(key) < _LEAST_SECRET:
        raise Failed(f"the webhook's secret is shorter than {_LEAST_SECRET} bytes, or no whsec_ secret")
    return key


def _judge(answer: http.client.HTTPResponse) -> None:
    if 200 <= answer.status < 300:
        return
    if 300 <= answer.status < 400:
        raise Failed("the webhook answered with a redirect, which is not followed", permanent=True)
    after = answer.getheader("retry-after", "")
    raise Failed(
        f"the webhook answered {answer.status}", permanent=answer.status == 410,
        after_s=float(after) if after.isdecimal() and len(after) < 7 else None,
    )  # fmt: skip
