"""Webhook and mail against real servers on loopback: signed, stable, and honest about failures."""

from __future__ import annotations

import base64
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message as Mail
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from peelian.domain.warning_delivery import Delivery, Recipient, Smtp
from peelian.pipeline.delivery.mail import MailSender
from peelian.pipeline.delivery.sending import Failed, message_id
from peelian.pipeline.delivery.webhook import WebhookSender, key_of, payload, signed_headers
from peelian.store.outbox import Leased
from peelian.store.warning_messages import messages_of
from tests.pipeline.delivery.receiver import Receiver
from tests.warnings_made import made

KEY = "a secret of at least twenty-four bytes"
MAILBOX = Recipient("north", "neighbourhood team", "email", "north@force.example")


def leased(channel: str = "webhook", to: str = "desk") -> Leased:
    team = Recipient(to, "desk", "webhook", "https://desk.example")
    body = messages_of(made(), Delivery((team,), page="https://peelian.example"))[0].body
    at = datetime(2026, 11, 2, 9, tzinfo=UTC)
    return Leased(1, "w1:raised", channel, to, "w1", body, 0, at, at)


def desk(url: str) -> Recipient:
    return Recipient("desk", "control room", "webhook", url, secret_env="PEELIAN_TEST_SECRET")


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEELIAN_TEST_SECRET", KEY)


def test_signatures_equal_the_reference_vector_of_standard_webhooks() -> None:
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    made_ = signed_headers("msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', key, 1614265330)
    assert made_["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_message_has_one_id_and_other_messages_others() -> None:
    one = leased()
    assert message_id(one) == message_id(leased())
    others = {message_id(leased(to="duty")), message_id(leased("email"))}
    assert message_id(one) not in others
    assert len(others) == 2


def test_a_webhook_is_signed_and_its_body_is_the_same_each_time() -> None:
    with Receiver(KEY.encode()) as taken:
        sender = WebhookSender(Delivery(loopback=True))
        for _ in range(3):
            sender.send(leased(), desk(taken.url))
        sender.close()
    assert taken.forged == 0
    assert taken.seen == [payload(leased())]
    assert b"High Street" in taken.seen[0]
    assert b"https://peelian.example/warnings/w1" in taken.seen[0]


@pytest.mark.parametrize(
    ("secret_", "ok"), [("whsec_" + base64.b64encode(b"k" * 24).decode(), True), ("tiny", False),
                        ("", False), ("whsec_%%%", False)],
)  # fmt: skip
def test_a_secret_too_short_does_not_sign(monkeypatch: pytest.MonkeyPatch, secret_: str, ok: bool) -> None:
    monkeypatch.setenv("PEELIAN_TEST_SECRET", secret_)
    if ok:
        assert key_of(desk("https://x.example")) == b"k" * 24
        return
    with pytest.raises(Failed) as caught:
        key_of(desk("https://x.example"))
    assert not secret_ or secret_ not in caught.value.why


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(KEY + "\n")
    to = Recipient("desk", "desk", "webhook", "https://x.example", secret_file=str(tmp_path / "secret"))
    assert key_of(to) == KEY.encode()


@contextmanager
def answering(status: int, headers: dict[str, str]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/in"
        server.shutdown()


@pytest.mark.parametrize(
    ("status", "headers", "permanent", "after"),
    [
        (500, {}, False, None), (503, {"retry-after": "120"}, False, 120.0),
        (429, {"retry-after": "x"}, False, None), (410, {}, True, None),
        (302, {"location": "http://127.0.0.1:1/"}, True, None), (401, {}, False, None),
    ],
)  # fmt: skip
def test_other_answers_are_failures(
    status: int, headers: dict[str, str], permanent: bool, after: float | None
) -> None:
    with answering(status, headers) as url, pytest.raises(Failed) as caught:
        WebhookSender(Delivery(loopback=True)).send(leased(), desk(url))
    assert (caught.value.permanent, caught.value.after_s) == (permanent, after)


def test_the_next_address_of_a_name_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    with Receiver(KEY.encode()) as taken:
        # Nothing listens on 127.0.0.2, as with an IPv6 address that has no route.
        both = [(2, 1, 6, "", (ip, taken.port)) for ip in ("127.0.0.2", "127.0.0.1")]
        monkeypatch.setattr(
            "peelian.pipeline.delivery.addresses.socket",
            SimpleNamespace(getaddrinfo=lambda *_, **__: both, SOCK_STREAM=1),
        )
        WebhookSender(Delivery(loopback=True)).send(leased(), desk(f"http://localhost:{taken.port}/"))
    assert len(taken.seen) == 1


def test_nobody_there_is_said_to_be_so() -> None:
    with pytest.raises(Failed) as caught:
        WebhookSender(Delivery(loopback=True)).send(leased(), desk("http://127.0.0.1:1/in"))
    assert caught.value.unreachable
    with pytest.raises(Failed) as caught:
        MailSender(Delivery((MAILBOX,), Smtp("127.0.0.1", 1, "none", "p@x.example"))).send(leased(), MAILBOX)
    assert caught.value.unreachable


class Box:
    """A mail server's mailbox; `refuse` is the answer to a recipient, if any."""

    def __init__(self, refuse: str = "") -> None:
        self.refuse = refuse
        self.mails: list[Mail] = []

    async def handle_RCPT(self, _s: Any, _se: Any, envelope: Any, address: str, _o: Any) -> str:  # noqa: N802
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content))
        return "250 taken"


@contextmanager
def mail_server(box: Box) -> Iterator[Delivery]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield Delivery((MAILBOX,), Smtp("127.0.0.1", port, "none", "peelian@force.example"))
    finally:
        controller.stop()


def test_a_mail_says_where_since_when_how_strong_and_what_it_does_not_mean() -> None:
    box = Box()
    with mail_server(box) as settings:
        sender = MailSender(settings)
        for _ in range(2):
            sender.send(leased("email", "north"), MAILBOX)
        sender.close()
    first, second = box.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@force.example>")
    assert (first["To"], first["Auto-Submitted"]) == ("north@force.example", "auto-generated")
    assert first.get_content_type() == "text/plain"
    text = first.get_payload(decode=True).decode()  # type: ignore[union-attr]
    for said in ("High Street, Marsh", "28 September 2026", "35 reports, 12.0 expected", "2.9 times",
                 "2.5 times", "What it does NOT mean", "https://peelian.example/warnings/w1"):  # fmt: skip
        assert said in text
    assert len(text) < 1_200


@pytest.mark.parametrize(("answer", "permanent"), [("550 no such mailbox", True), ("451 later", False)])
def test_a_mailbox_that_is_refused_is_said_so(answer: str, permanent: bool) -> None:
    with mail_server(Box(answer)) as settings:
        sender = MailSender(settings)
        with pytest.raises(Failed) as caught:
            sender.send(leased("email", "north"), MAILBOX)
        sender.close()
    assert caught.value.permanent is permanent


def test_a_subject_cannot_carry_a_header() -> None:
    box = Box()
    one = leased("email", "north")
    body = one.body | {"subject": "More\r\nBcc: someone@else.example"}
    with mail_server(box) as settings:
        sender = MailSender(settings)
        sender.send(Leased(**vars(one) | {"body": body}), MAILBOX)
        sender.close()
    assert box.mails[0]["Bcc"] is None
