"""What leaves a force: counts of whole weeks or quarters by LSOA, late, floored and rounded. Never one event.

The windows are fixed and do not overlap, and a table says what was known when it fell due. So no later event
changes one, no two tables differ by an event, and nothing on the stream moves when an event comes in.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl

from peelian.domain.tier import PARTNER, PUBLIC, TIERS, Tier, TierName, tier_of
from peelian.domain.time import london_midnight
from peelian.live.entering import entering
from peelian.live.recipe import Recipe
from peelian.live.state import microseconds

__all__ = ["PARTNER", "PUBLIC", "TIERS", "Tier", "TierName", "table", "tier_of"]


def table(rows: pl.DataFrame, recipe: Recipe, tier: Tier, window: tuple[date, date]) -> dict[str, Any]:
    """Count the target by LSOA in a window, from rows known when it fell due; small counts are left out.

    No total is given: it would tell what was left out.
    """
    start, end = (microseconds(london_midnight(day)) for day in window)
    coded = rows.filter(pl.col("lsoa").is_not_null())
    read = entering(coded, recipe)
    inside = (read.kind == 0) & (read.time >= start) & (read.time < end)
    codes = coded["lsoa"].to_numpy()[read.row[inside]]
    names, at = np.unique(codes.astype(str), return_inverse=True)
    counts = np.bincount(at, read.count[inside], len(names)).astype(int)
    shown = {
        name: int(tier.round_to * round(n / tier.round_to))
        for name, n in zip(names.tolist(), counts.tolist(), strict=True)
        if n >= tier.least
    }
    return {
        "target": recipe.target, "title": recipe.title, "from": window[0].isoformat(),
        "to": window[1].isoformat(), "support": "lsoa", "areas": shown,
        "note": f"areas with fewer than {tier.least} are not shown; counts are rounded to {tier.round_to}",
    }  # fmt: skip
