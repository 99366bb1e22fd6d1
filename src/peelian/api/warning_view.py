"""A held warning as JSON and as a page's parts; never more finely placed than may be shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from peelian.api.languages import plain, plural
from peelian.domain import warning_words as words
from peelian.domain.warning_card import shown_card
from peelian.domain.warning_life import NEXT
from peelian.store.catalogue import now
from peelian.store.warning_life import Lived
from peelian.store.warning_records import HeldWarning


def summary_of(one: HeldWarning) -> dict[str, Any]:
    """Give one warning as JSON values, without its history."""
    kept = ("id", "area", "target", "kind", "state", "agency", "team", "outcome", "plannable", "version")
    return {name: getattr(one, name) for name in kept} | {
        "as_of": str(one.as_of), "raised": one.raised.isoformat(), "changed": one.changed.isoformat(),
        "where": words.where(one.card), "sentence": words.sentence(one.card),
        "false_alarms": words.false_alarms(one.card.false_alarms_a_week), "card": shown_card(one.card),
    }  # fmt: skip


def detail_of(one: HeldWarning, steps: Sequence[Lived], messages: Sequence[Any]) -> dict[str, Any]:
    """Give a warning with its life, oldest step first, the steps that may follow, and who was told."""
    told = [
        {"team": m.recipient, "channel": m.channel, "state": m.state, "attempts": m.attempts,
         "error": m.last_error}
        for m in messages
    ]  # fmt: skip
    return summary_of(one) | {
        "life": [_lived(step) for step in steps], "next": list(NEXT[one.state]), "told": told,
        "not_meant": words.NOT_MEANT,
    }  # fmt: skip


def _lived(step: Lived) -> dict[str, Any]:
    said = {name: value for name, value in step.detail.items() if name != "card"}
    return {"step": step.step, "actor": step.actor, "reason": step.reason, "at": step.at.isoformat()} | said


def age(at: datetime, moment: datetime | None = None) -> str:
    """Say how long ago.

    >>> from datetime import UTC, timedelta
    >>> at = datetime(2026, 11, 1, tzinfo=UTC)
    >>> [age(at, at + timedelta(hours=h)) for h in (0.2, 5, 30, 24 * 15)]
    ['within the hour', '5 hours ago', '1 day ago', '15 days ago']
    """
    hours = ((moment or now()) - at).total_seconds() / 3600
    if hours < 1:
        return plain("within the hour")
    if hours < 24:
        return plural("{n} hour ago", "{n} hours ago", int(hours))
    return plural("{n} day ago", "{n} days ago", int(hours / 24))
