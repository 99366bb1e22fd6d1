"""Decisions for whoever asks: taken, completed by a second role, listed."""

from __future__ import annotations

from collections.abc import Mapping

from peelian.api.acting import complete, decide
from peelian.pipeline.acting.registering import desk
from peelian.pipeline.context import Context
from peelian.store.decisions import HeldDecision, list_decisions


def decided(ctx: Context, typed: Mapping[str, str]) -> HeldDecision:
    """Keep a decision; a refusal is one.

    Raises:
        Forbidden: when the policy says no.
        Misuse, NotFound: with the reason.
    """
    ctx.allow("alteration", "decisions")
    return decide(desk(ctx), typed)


def completed(ctx: Context, decision: int, typed: Mapping[str, str]) -> HeldDecision:
    """Complete a decision as its second approver.

    Raises:
        Forbidden: when the policy says no.
        Misuse, Refused, NotFound: with the reason.
    """
    ctx.allow("alteration", "decisions")
    return complete(desk(ctx), decision, typed)


def listed(ctx: Context, *, queue: str | None = None) -> list[HeldDecision]:
    """List decisions, the newest first; `queue="ethics"` gives those the panel must see.

    Raises:
        Forbidden: when the policy says no.
    """
    ctx.consult("consultation", "decisions")
    return list_decisions(ctx.ws, queue=queue)
