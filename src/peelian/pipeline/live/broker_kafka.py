"""Kafka through FastStream, by configuration: the same path as NATS. Not tested against a broker of ours."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from faststream import AckPolicy

from peelian.domain.errors import Misuse, PeelianError
from peelian.domain.live import Inlet
from peelian.pipeline.live.broker import BrokerAsked, Said, Usable
from peelian.pipeline.live.broker_access import access
from peelian.pipeline.live.broker_verdict import AGAIN_S, Judge, message_key

KEY: Final = "idempotency-key"
"""The header in which a sender may give a message's own id."""


async def take_kafka(inlet: Inlet, asked: BrokerAsked, said: Said, usable: Usable) -> None:
    """Take messages until cancelled; see `broker.take_messages`.

    A partition is taken in its order, and its offset is committed once a message is durable here or refused.
    One that cannot be taken now holds those behind it, so that none is passed over.
    """
    broker = _broker(asked)
    ended: asyncio.Future[PeelianError] = asyncio.get_running_loop().create_future()
    judge = Judge(inlet, asked.feed, said, usable)

    async def take(message: Any) -> None:
        raw = message.raw_message
        place = f"{raw.topic}-{raw.partition}-{raw.offset}"
        key = message_key(message.headers.get(KEY), place)
        while (verdict := await judge.judge(key, raw.value or b"")).outcome == "again":
            await asyncio.sleep(AGAIN_S)
        if verdict.error is not None:
            if not ended.done():
                ended.set_result(verdict.error)
            await asyncio.Event().wait()  # until this consumer is stopped: the message stays with the broker
        if verdict.outcome == "refused":
            await broker.publish(verdict.sentence, topic=asked.refused, headers={"peelian-of": place})
        await message.ack()

    broker.subscriber(
        asked.subject, group_id=asked.group, auto_offset_reset="earliest", ack_policy=AckPolicy.MANUAL,
        decoder=_whole, no_reply=True,
    )(take)  # fmt: skip
    try:
        await broker.start()
        said(f"taking {asked.subject} of {asked.place} for {asked.feed} (Ctrl-C stops it)")
        raise await ended
    finally:
        await broker.stop()


async def _whole(message: Any) -> Any:
    return message


def _broker(asked: BrokerAsked) -> Any:
    try:
        from faststream.kafka import KafkaBroker
    except ImportError:
        raise Misuse(
            "the library for Kafka is not installed", expected="nats://HOST:PORT, or Kafka's library",
            do='install it with: pip install "faststream[kafka]"',
        ) from None  # fmt: skip
    from faststream.security import BaseSecurity, SASLScram512

    given = access()
    tls = given.tls() if asked.scheme == "kafka+tls" or given.authority else None
    secured = tls is not None
    if given.user:
        security: Any = SASLScram512(given.user, given.password, ssl_context=tls, use_ssl=secured)
    else:
        security = BaseSecurity(ssl_context=tls, use_ssl=secured) if secured else None
    return KafkaBroker(asked.place, security=security, logger=None, apply_types=False)
