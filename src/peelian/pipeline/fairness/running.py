"""Audits of all that is served, as a command, a job, or after a retraining."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from peelian.domain.errors import PeelianError, Refused
from peelian.domain.progress import Tick, no_tick
from peelian.pipeline.context import Context
from peelian.pipeline.fairness.served import served_runs
from peelian.store.audit_attributes import attributes_held
from peelian.store.runs import get_run
from peelian.store.stopped import stopped_too

if TYPE_CHECKING:
    from peelian.pipeline.fairness.auditing import Audited

NO_LOOKUP = "Fairness not audited: no lookup imported."


@dataclass(frozen=True)
class AuditRequest:
    """Which of the models served to audit; all of them where nothing is said."""

    area: str | None = None
    target: str | None = None
    run: str | None = None


def audit_served(ctx: Context, request: AuditRequest, tick: Tick = no_tick) -> list[Audited]:
    """Audit each model served, the newest run of each area, target, period and window.

    Raises:
        NotFound: there is none. Refused: none could be audited; says why for the first.
    """
    with stopped_too():  # what is stopped for want of an audit must be audited to go on
        return _audit_each(ctx, request, tick)


def _audit_each(ctx: Context, request: AuditRequest, tick: Tick) -> list[Audited]:
    from peelian.pipeline.fairness.auditing import audit_model  # late: models load what others do not

    rows = served_runs(ctx, request.area, request.target, request.run)
    made: list[Audited] = []
    refused: Refused | None = None
    for k, row in enumerate(rows):

        def part(what: str, share: float, k: int = k) -> None:
            tick(what, (k + share) / len(rows))

        try:
            made.append(audit_model(ctx, row, part))
        except Refused as why:  # the others may still be audited
            refused = refused or why
    if not made and refused is not None:
        raise refused
    return made


def audited_again(ctx: Context, run: str) -> str:
    """Audit what a retraining now serves; give what was found, or why it was not audited.

    A retraining stands whatever comes of it: without an audit the banner says so.
    """
    if not attributes_held(ctx.ws):
        return NO_LOOKUP
    from peelian.pipeline.fairness.auditing import audit_model  # late: as above

    try:
        return audit_model(ctx, get_run(ctx.ws, run)).sentence
    except PeelianError as why:
        return f"Fairness not audited: {why.what}."
