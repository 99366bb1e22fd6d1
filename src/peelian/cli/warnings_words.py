"""A held warning as a line, as lines and as JSON; never more finely placed than may be shown."""

from __future__ import annotations

from typing import Any

from peelian.domain import warning_words as words
from peelian.domain.warning_card import shown_card
from peelian.pipeline.warning_life import Shown
from peelian.store.warning_records import HeldWarning


def row_of(one: HeldWarning) -> dict[str, Any]:
    """Give a line of the list."""
    return {
        "id": one.id, "where": words.where(one.card), "since": str(one.card.start),
        "strength": words.times(one.card.strength), "false": words.false_alarms(one.card.false_alarms_a_week),
        "state": one.state,
    }  # fmt: skip


def summary_of(one: HeldWarning) -> dict[str, Any]:
    """Give one warning as JSON values, without its history."""
    kept = ("id", "area", "target", "kind", "state", "agency", "team", "outcome", "plannable", "version")
    return {name: getattr(one, name) for name in kept} | {
        "as_of": str(one.as_of), "raised": one.raised.isoformat(), "changed": one.changed.isoformat(),
        "where": words.where(one.card), "sentence": words.sentence(one.card), "card": shown_card(one.card),
    }  # fmt: skip


def shown_json(found: Shown) -> dict[str, Any]:
    """Give a warning with its life and who was told."""
    life = [
        {"step": s.step, "actor": s.actor, "reason": s.reason, "at": s.at.isoformat()}
        | {name: value for name, value in s.detail.items() if name != "card"}
        for s in found.steps
    ]
    told = [
        {"team": m.recipient, "channel": m.channel, "state": m.state, "attempts": m.attempts,
         "error": m.last_error}
        for m in found.messages
    ]  # fmt: skip
    return summary_of(found.warning) | {"life": life, "told": told}


def shown_lines(found: Shown) -> list[str]:
    """Say a warning in full."""
    one = found.warning
    card = words.shown(one.card)
    lines = [
        words.where(card),
        words.sentence(card),
        f"So strong a one: {words.false_alarms(card.false_alarms_a_week)}.",
    ]
    lines += [f"set off by: {why}" for why in card.set_off_by]
    lines += [f"check {'passed' if c.passed else 'NOT passed'}: {c.words}" for c in card.checks]
    lines += [
        f"like: {p.place}, {words.day(p.as_of)}, {words.times(p.strength)}: {p.outcome}; {p.after}"
        for p in card.similar
    ]
    lines += ["", f"State: {one.state}" + (f" ({one.agency}, {one.team})" if one.team else "")]
    lines += [f"  {s.at:%d %B %Y %H:%M} {s.step}: {s.reason}{_detail(s.detail)}" for s in found.steps]
    lines += [
        f"  told {m.recipient} by {m.channel}: {m.state}{f' ({m.last_error})' if m.last_error else ''}"
        for m in found.messages
    ]
    return [*lines, "", words.NOT_MEANT]


def _detail(detail: dict[str, Any]) -> str:
    said = [str(value) for name, value in detail.items() if name != "card"]
    return f" ({', '.join(said)})" if said else ""
