"""NATS JetStream through FastStream: a durable pull consumer that acknowledges what is durable here."""

from __future__ import annotations

import asyncio
import re
from typing import Any, Final

from faststream import AckPolicy
from faststream.nats import JStream, NatsBroker, NatsMessage, PullSub
from faststream.nats.security import NatsSecurity, NatsToken, NatsUserPassword
from nats.js import JetStreamContext
from nats.js.api import AckPolicy as Acks
from nats.js.api import ConsumerConfig, RetentionPolicy
from nats.js.errors import NotFoundError

from peelian.domain.errors import PeelianError
from peelian.domain.live import Inlet
from peelian.pipeline.live.broker import BrokerAsked, Said, Usable
from peelian.pipeline.live.broker_access import Access, access
from peelian.pipeline.live.broker_verdict import AGAIN_S, Judge, message_key

_BATCH: Final = 64
_PULL_S: Final = 0.2
"""How long a pull gathers: a lone message waits at most so long."""
_WAIT_S: Final = 2
_REFUSED_DAYS: Final = 30


async def take_nats(inlet: Inlet, asked: BrokerAsked, said: Said, usable: Usable) -> None:
    """Take messages until cancelled; see `broker.take_messages`."""
    stopping = asyncio.Event()
    broker = _broker(asked, lambda sentence: None if stopping.is_set() else said(sentence))
    ended: asyncio.Future[PeelianError] = asyncio.get_running_loop().create_future()
    judge = Judge(inlet, asked.feed, said, usable)
    client = await broker.connect()
    try:
        stream, born = await _stream(client.jetstream(), asked)

        async def take(message: NatsMessage) -> None:
            raw = message.raw_message
            place = f"{stream}-{born}-{raw.metadata.sequence.stream}"
            verdict = await judge.judge(message_key((raw.headers or {}).get("Nats-Msg-Id"), place), raw.data)
            if verdict.outcome == "taken":
                await message.ack()
            elif verdict.outcome == "refused":  # the sentence goes before the message may be forgotten
                await client.publish(asked.refused, verdict.sentence.encode(), headers={"Peelian-Of": place})
                await message.reject()
            else:
                await message.nack(delay=AGAIN_S)
                if verdict.error is not None and not ended.done():
                    ended.set_result(verdict.error)

        broker.subscriber(
            asked.subject, stream=JStream(stream, declare=False), durable=asked.group,
            pull_sub=PullSub(batch_size=_BATCH, timeout=_PULL_S), ack_policy=AckPolicy.MANUAL,
            decoder=_whole, no_reply=True,
            config=ConsumerConfig(
                ack_policy=Acks.EXPLICIT, ack_wait=asked.ack_wait_s, max_deliver=-1,
                max_ack_pending=4 * _BATCH,
            ),
        )(take)  # fmt: skip
        await broker.start()
        said(f"taking {asked.subject} of {asked.place} for {asked.feed} (Ctrl-C stops it)")
        raise await ended
    finally:
        stopping.set()
        await broker.stop()


async def _whole(message: Any) -> Any:
    """Hand on the message itself: its body is read at the door and nowhere else."""
    return message


def _broker(asked: BrokerAsked, said: Said) -> NatsBroker:
    async def lost() -> None:
        said("the broker does not answer; trying again until it does")

    async def found() -> None:
        said("the broker answers again")

    async def quiet(_error: Exception) -> None:
        """Connection errors come again and again while it is away; `lost` said it once."""

    return NatsBroker(
        asked.url, security=_security(asked, access()), max_reconnect_attempts=-1,
        reconnect_time_wait=_WAIT_S, disconnected_cb=lost, reconnected_cb=found, error_cb=quiet,
        name=asked.group, logger=None, apply_types=False, ping_interval=10, max_outstanding_pings=2,
    )  # fmt: skip


def _security(asked: BrokerAsked, given: Access) -> NatsSecurity | None:
    tls = given.tls() if asked.scheme == "tls" or given.authority else None
    if given.token:
        return NatsToken(given.token, ssl_context=tls)
    if given.user:
        return NatsUserPassword(given.user, given.password, ssl_context=tls)
    return NatsSecurity(ssl_context=tls) if tls else None


async def _stream(js: JetStreamContext, asked: BrokerAsked) -> tuple[str, int]:
    """Give the stream that holds the subject and when it was made; makes one where there is none.

    One that we make lets go of a message once it is acknowledged: events stay in one place only.
    """
    try:
        name = await js.find_stream_name_by_subject(asked.subject)
    except NotFoundError:
        name = "PEELIAN-" + re.sub(r"[^A-Za-z0-9_-]", "-", asked.subject)
        await js.add_stream(
            name=name, subjects=[asked.subject], retention=RetentionPolicy.WORK_QUEUE, duplicate_window=120
        )
        await js.add_stream(name=name + "-refused", subjects=[asked.refused], max_age=_REFUSED_DAYS * 86_400)
    info = await js.stream_info(name)
    made = info.created
    return name, int(made.timestamp()) if made is not None else 0
