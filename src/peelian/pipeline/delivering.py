"""Deliver what the outbox holds: at least once, with a stable id, more slowly after each failure."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Thread
from typing import Final, Protocol

import structlog

from peelian.domain.warning_delivery import Delivery, Recipient
from peelian.pipeline.context import Context
from peelian.pipeline.delivery.mail import MailSender
from peelian.pipeline.delivery.sending import Failed, Pace, wait
from peelian.pipeline.delivery.webhook import WebhookSender
from peelian.pipeline.escalating import escalate
from peelian.store.catalogue import now
from peelian.store.outbox import Leased, Outcome, give_back, lease, settle
from peelian.store.warning_settings import read_delivery

log = structlog.get_logger()
_EVERY_S: Final = 2.0
_PACE: Final = Pace()


class Sender(Protocol):
    """One channel."""

    def send(self, message: Leased, to: Recipient) -> None:
        """Send, or raise Failed."""

    def close(self) -> None:
        """Close what is open."""


@dataclass
class Delivered:
    """What became of the attempts made."""

    sent: int = 0
    failed: int = 0
    dead: int = 0

    def count(self, outcomes: list[Outcome]) -> None:
        """Add these."""
        for one in outcomes:
            self.sent += not one.error
            self.failed += bool(one.error)
            self.dead += bool(one.error) and one.due is None

    def add(self, other: Delivered) -> None:
        """Add another's."""
        self.sent, self.failed, self.dead = (
            self.sent + other.sent, self.failed + other.failed, self.dead + other.dead
        )  # fmt: skip


def _always() -> bool:
    return True


def deliver(
    ctx: Context, *, workers: int = 2, pace: Pace = _PACE, wanted: Callable[[], bool] = _always
) -> Delivered:
    """Make one attempt at each message that is due, and tell the next team of what nobody has seen.

    Several processes may do so at once. What a dead process held is taken up again: at once if it was of
    this machine, else when its lease runs out.

    Raises:
        Forbidden: when the policy says no.
    """
    ctx.allow("disclosure", "early warnings")
    escalate(ctx)
    give_back(ctx.ws)
    delivery, total = read_delivery(ctx.ws), Delivered()
    with ThreadPoolExecutor(workers) as pool:
        for done in pool.map(lambda _: _drain(ctx, delivery, pace, wanted), range(workers)):
            total.add(done)
    return total


def _drain(ctx: Context, delivery: Delivery, pace: Pace, wanted: Callable[[], bool]) -> Delivered:
    total, round_ = Delivered(), _Round(delivery, pace)
    with closing(round_):
        while wanted() and (batch := lease(ctx.ws, most=pace.batch, hold=timedelta(seconds=pace.hold_s))):
            outcomes = round_.attempt(batch, wanted)
            settle(ctx.ws, outcomes, ctx.actor, ctx.purpose)
            give_back(ctx.ws, batch[len(outcomes) :])
            total.count(outcomes)
    return total


@dataclass
class _Round:
    """One thread's channels, and the teams that did not answer at all lately."""

    delivery: Delivery
    pace: Pace
    away: dict[str, Failed] = field(default_factory=dict)
    chance: random.Random = field(default_factory=random.Random)

    def __post_init__(self) -> None:
        seconds = self.pace.timeout_s
        self.senders: dict[str, Sender] = {
            "email": MailSender(self.delivery, timeout_s=seconds),
            "webhook": WebhookSender(self.delivery, timeout_s=seconds),
        }

    def close(self) -> None:
        """Close the channels."""
        for sender in self.senders.values():
            sender.close()

    def attempt(self, batch: list[Leased], wanted: Callable[[], bool]) -> list[Outcome]:
        """Try each message in turn, while there is time before the lease ends; what is left was not tried."""
        self.away.clear()
        outcomes: list[Outcome] = []
        for message in batch:
            if not wanted() or now() > message.until - timedelta(seconds=2 * self.pace.timeout_s):
                break
            outcomes.append(self._one(message))
        return outcomes

    def _one(self, message: Leased) -> Outcome:
        try:
            if message.recipient in self.away:  # one that is away would cost each message its whole patience
                raise self.away[message.recipient]
            to = self.delivery.named(message.recipient)
            if to is None or to.channel != message.channel:
                raise Failed("the settings no longer name this recipient", permanent=True)
            self.senders[message.channel].send(message, to)
        except Failed as failed:
            if failed.unreachable:
                self.away[message.recipient] = failed
            return self._failed(message, failed)
        except Exception as error:  # one message must not hold the others back
            log.error("delivery", kind=type(error).__name__)
            return self._failed(message, Failed(f"failed inside Peelian ({type(error).__name__})"))
        return Outcome(message)

    def _failed(self, message: Leased, failed: Failed) -> Outcome:
        attempts = message.attempts + 1
        if failed.permanent or attempts >= self.delivery.attempts:
            return Outcome(message, failed.why)
        return Outcome(message, failed.why, now() + wait(attempts, self.pace, self.chance, failed.after_s))


def deliver_beside(ctx: Context, wanted: Callable[[], bool], *, every_s: float = _EVERY_S) -> Thread:
    """Deliver for as long as it is wanted, beside other work: a long job must not hold a warning back."""

    def run() -> None:
        while wanted():
            try:
                deliver(ctx, workers=1, wanted=wanted)
            except Exception as error:  # a worker must outlive any one fault; the messages wait in the outbox
                log.error("delivery", kind=type(error).__name__)
            time.sleep(every_s)

    thread = Thread(target=run, name="delivery", daemon=True)
    thread.start()
    return thread
