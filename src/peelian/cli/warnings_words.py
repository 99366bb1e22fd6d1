"""A held warning as a line, as lines and as JSON; never more finely placed than may be shown."""

from __future__ import annotations

from typing import Any

from peelian.cli.warning_lines import corroboration_words
from peelian.domain import warning_words as words
from peelian.pipeline.warning_life import Shown
from peelian.store.warning_records import HeldWarning


def row_of(one: HeldWarning) -> dict[str, Any]:
    """Give a line of the list."""
    return {
        "id": one.id, "where": words.where(one.card), "since": str(one.card.start),
        "strength": words.times(one.card.strength), "false": words.false_alarms(one.card.false_alarms_a_week),
        "state": one.state,
    }  # fmt: skip


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
    lines += [corroboration_words(said) for said in card.corroboration]
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
