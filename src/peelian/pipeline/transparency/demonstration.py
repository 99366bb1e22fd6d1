"""The demonstration's organisation: fictional answers and a register line, so that its records are whole."""

from __future__ import annotations

from peelian.api.transparency_settings import settings_file
from peelian.pipeline.context import Context
from peelian.pipeline.transparency.records import write_template
from peelian.store.deployments import deployments, set_deployment


def state_simulated(ctx: Context, area: str) -> None:
    """Register a fictional area and answer the questions, each marked SIMULATED; what is there stays."""
    if not settings_file(ctx.ws).exists():
        write_template(ctx, simulated=True)
    if area not in deployments(ctx.ws):
        ctx.allow("alteration", "deployment")
        set_deployment(
            ctx.ws, ctx.actor, ctx.purpose, area, "conditional",
            senior_owner="SIMULATED: deputy chief constable",
            lawful_basis="SIMULATED: law enforcement purposes, of a fictional force",
            ethics="SIMULATED: for, with a review after six months", why="the demonstration",
        )  # fmt: skip
