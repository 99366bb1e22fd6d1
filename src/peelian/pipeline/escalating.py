"""Tell the next team of a warning that nobody has looked at: once, and by the settings."""

from __future__ import annotations

from datetime import timedelta

from peelian.pipeline.context import Context
from peelian.store.catalogue import now, reading, transaction
from peelian.store.outbox import enqueue
from peelian.store.warning_messages import unseen_messages
from peelian.store.warning_settings import read_delivery
from peelian.store.warning_unseen import unseen_warnings


def escalate(ctx: Context) -> int:
    """Queue a message to the next team for each warning unseen too long, or undelivered; give how many.

    Raises:
        Forbidden: when the policy says no.
    """
    ctx.allow("disclosure", "early warnings")
    delivery = read_delivery(ctx.ws)
    if not any(one.next for one in delivery.recipients):
        return 0
    before = now() - timedelta(hours=delivery.unseen_hours)
    with reading(ctx.ws) as conn:  # most of the time there is none, and then no lock is taken
        if not unseen_warnings(conn, before, most=1):
            return 0
    queued = 0
    with transaction(ctx.ws) as conn:
        for one in unseen_warnings(conn, before):
            messages = unseen_messages(one.warning.card, delivery, one.told)
            enqueue(conn, messages, force=one.warning.force, area=one.warning.area)
            queued += len(messages)
        if queued:
            ctx.record(conn, "disclosure", f"next teams to be told of unseen warnings: {queued}")
    return queued
