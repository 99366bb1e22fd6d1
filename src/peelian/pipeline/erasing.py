"""Erase what must go: rows of agreements that are over, and rows older than their agreement lets us keep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from peelian.domain.time import london_midnight
from peelian.pipeline.context import Context
from peelian.store import erasing
from peelian.store.agreements import list_agreements, today
from peelian.store.catalogue import reading
from peelian.store.erasing import Due


@dataclass(frozen=True)
class Erased:
    """What went, or would go: an agreement, why, how many rows."""

    agreement: str
    rule: str
    rows: int


def due(ctx: Context) -> list[Due]:
    """List what must go today."""
    day, out = today(), []
    with reading(ctx.ws) as conn:
        held = [one for one, _ in list_agreements(conn)]
    for one in held:
        last = min((d for d in (one.expiry, one.ended) if d is not None), default=None)
        if last is not None and last < day:
            out.append(Due(one.id, f"the agreement ended on {last}"))
        elif one.retention_days is not None:
            cut = day - timedelta(days=one.retention_days)
            out.append(Due(one.id, f"kept for {one.retention_days} days only", london_midnight(cut)))
    return out


def erase(ctx: Context, *, dry_run: bool = False) -> list[Erased]:
    """Erase what is due and log it; with `dry_run` only count. Agreements with nothing to erase are left out.

    Raises:
        Forbidden: when the actor may not.
    """
    ctx.allow("erasure", "events")
    out = []
    for one in due(ctx):
        rows = erasing.count_due(ctx.ws, one)
        if rows and not dry_run:
            rows = erasing.erase(ctx.ws, one, actor=ctx.actor, purpose=ctx.purpose)
        if rows:
            out.append(Erased(one.agreement, one.rule, rows))
    return out
