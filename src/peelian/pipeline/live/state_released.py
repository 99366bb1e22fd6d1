"""What a tier may see of a window, read from the ledger as it was known when the window fell due."""

from __future__ import annotations

from datetime import date
from typing import Any

from peelian.live.released import Tier, table
from peelian.live.state import RunningState
from peelian.pipeline.areas import resolve_area
from peelian.pipeline.context import Context
from peelian.pipeline.live.state_recipe import rows_of
from peelian.store.runs import get_run


class Releases:
    """Gives tables; the same window is the same table, whatever came since."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx

    def __call__(self, state: RunningState, tier: Tier, window: tuple[date, date]) -> dict[str, Any]:
        """Give one table."""
        known = tier.known(window[1])
        area = resolve_area(self.ctx, get_run(self.ctx.ws, state.recipe.run).area, known)
        return table(rows_of(self.ctx, area, known, known), state.recipe, tier, window)
