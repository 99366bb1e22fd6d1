"""Verdicts as they are kept, for whoever asks."""

from __future__ import annotations

from typing import Any

from peelian.api.evaluation_view import evaluation_json
from peelian.pipeline.context import Context
from peelian.store.effect_verdicts import list_verdicts


def verdicts_kept(ctx: Context, intervention: str | None = None) -> list[dict[str, Any]]:
    """List verdicts, of one entry or all, the newest first, with what each does not know.

    Raises:
        Forbidden: when the policy says no.
    """
    ctx.consult("consultation", "evaluations")
    return [evaluation_json(ctx.ws, one) for one in list_verdicts(ctx.ws, intervention)]
