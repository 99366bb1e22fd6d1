"""Keep warnings in the workspace: new ones once, those that go on under the id they had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from peelian.domain.warning import EarlyWarning
from peelian.pipeline.context import Context
from peelian.store.warnings import Watched, keep_warnings


def keep(
    ctx: Context, warnings: Sequence[EarlyWarning], *, area: str, target: str, as_of: date, places: int
) -> tuple[tuple[EarlyWarning, ...], int]:
    """Keep the warnings and what was watched; give them with the ids held, and how many are new.

    A warning mostly on the places of an open one of the last eight weeks is that one going on.
    """
    ctx.allow("combination", f"early warnings {target}")
    looked = Watched(area, target, as_of, places)
    kept = keep_warnings(ctx.ws, ctx.actor, ctx.purpose, warnings, watched=[looked])
    ids = dict(kept.ids)
    return tuple(replace(one, id=ids.get(one.id, one.id)) for one in warnings), len(kept.new)
