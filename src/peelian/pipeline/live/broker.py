"""Live data from a message broker: one message is one batch, acknowledged once it is durable here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from peelian.domain.errors import Misuse
from peelian.domain.live import Inlet
from peelian.guard.outward import check_outward

_SUBJECT: Final = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
NATS: Final = ("nats", "tls")
KAFKA: Final = ("kafka", "kafka+tls")
Said = Callable[[str], None]
Usable = Callable[[], None]
"""Raises when nothing of the feed may come in now, such as when its agreement is over."""


@dataclass(frozen=True)
class BrokerAsked:
    """Where messages of a feed wait: the broker's address, without credentials, and a subject (or topic).

    A message that was not acknowledged for `ack_wait_s` is sent again: to us, or to another of the same name.
    """

    url: str
    subject: str
    feed: str
    ack_wait_s: float = 30.0

    @property
    def scheme(self) -> str:
        """Say which kind of broker it is."""
        return urlsplit(self.url).scheme

    @property
    def place(self) -> str:
        """Give host and port."""
        return urlsplit(self.url).netloc

    @property
    def refused(self) -> str:
        """Give the subject on which a sentence is told of every message that was refused."""
        return f"{self.subject}.refused"

    @property
    def group(self) -> str:
        """Name the consumer: it is the same after a restart, so nothing is left out."""
        return f"peelian-{self.feed}"


def checked(asked: BrokerAsked) -> BrokerAsked:
    """Give what was asked when it can be used.

    Raises:
        Misuse: a credential in the address, an address or subject that is none.
        Refused: the operator's list of hosts does not name it (`guard.outward`).
    """
    parts = urlsplit(asked.url)
    if parts.username is not None or parts.password is not None:
        raise Misuse(
            "the broker's address holds a credential, which others on this machine could read",
            expected="nats://HOST:PORT", do="give it in PEELIAN_BROKER_USER and PEELIAN_BROKER_PASSWORD",
        )  # fmt: skip
    if parts.scheme not in (*NATS, *KAFKA) or not parts.hostname:
        raise Misuse("the broker's address cannot be used", expected="nats://HOST:PORT or kafka://HOST:PORT")
    check_outward(parts.hostname)
    if not _SUBJECT.fullmatch(asked.subject):
        raise Misuse(
            "the subject cannot be used", expected="letters, digits, - and _ between dots; no wildcard"
        )
    return asked


async def take_messages(inlet: Inlet, asked: BrokerAsked, said: Said, usable: Usable) -> None:
    """Take messages until cancelled; reconnects unaided. When `usable` raises, nothing is taken and it ends.

    Raises:
        Misuse: what was asked cannot be used, or the library for this kind of broker is not installed.
        NotFound, Forbidden: there is no such feed, or it was revoked; its messages stay with the broker.
    """
    checked(asked)
    usable()
    if asked.scheme in NATS:
        from peelian.pipeline.live.broker_nats import take_nats

        await take_nats(inlet, asked, said, usable)
        return
    from peelian.pipeline.live.broker_kafka import take_kafka

    await take_kafka(inlet, asked, said, usable)
