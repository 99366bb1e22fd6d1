"""Warnings for whoever asks: listed, shown, and taken a step further, by the policy and with an audit row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from peelian.domain.errors import Misuse
from peelian.domain.warning import STATES
from peelian.guard.typed import sound_step
from peelian.pipeline.context import Context
from peelian.store.catalogue import transaction
from peelian.store.outbox import list_messages, revive
from peelian.store.warning_life import Lived, steps_of, take_step
from peelian.store.warning_records import HeldWarning, Listed, get_warning, list_warnings


@dataclass(frozen=True)
class Shown:
    """A warning with its history, oldest first, and who was told."""

    warning: HeldWarning
    steps: Sequence[Lived]
    messages: Sequence[Any]


def warnings_listed(
    ctx: Context, *, state: str | None = "open", target: str | None = None, area: str | None = None,
    last: int = 50,
) -> Listed:  # fmt: skip
    """List warnings, those not closed first; `state` may be one, `open`, or None for all.

    Raises:
        Forbidden: when the policy says no.
        Misuse: a state that is none.
    """
    if state not in (None, "open", *STATES):
        raise Misuse("that is no state of a warning", expected=", ".join(("open", *STATES)))
    ctx.consult("consultation", "early warnings", area=area or "")
    return list_warnings(ctx.ws, state=state, target=target, area=area, last=last)


def warning_shown(ctx: Context, warning_id: str) -> Shown:
    """Give one warning with its life so far.

    Raises:
        Forbidden: when the policy says no.
        NotFound: there is none of that id.
    """
    ctx.consult("consultation", f"early warning {warning_id[:40]}")
    held = get_warning(ctx.ws, warning_id)
    return Shown(held, steps_of(ctx.ws, warning_id), list_messages(ctx.ws, warning=warning_id))


def step_taken(
    ctx: Context, warning_id: str, to: str, *, version: int | None = None, **words: str
) -> HeldWarning:
    """Take a step with its reason; `version` is the one that was looked at.

    Raises:
        Forbidden: when the policy says no.
        Misuse: something is missing, or a person's data stand in it.
        NotFound: there is none of that id.
        Refused: the step may not follow, or the warning has changed.
    """
    ctx.allow("alteration", "early warnings")
    return take_step(ctx.ws, ctx.actor, ctx.purpose, warning_id, sound_step(to, **words), version=version)


def dead_letters_again(ctx: Context) -> int:
    """Let every dead letter be tried again; give how many.

    Raises:
        Forbidden: when the policy says no.
    """
    ctx.allow("alteration", "outbox")
    with transaction(ctx.ws) as conn:
        many = revive(conn)
        ctx.record(conn, "alteration", f"dead letters to be tried again: {many}")
    return many
