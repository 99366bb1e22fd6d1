"""What leaves a force: counts of whole weeks or quarters by LSOA, late, floored and rounded. Never one event.

The windows are fixed and do not overlap, and a table says what was known when it fell due. So no later event
changes one, no two tables differ by an event, and nothing on the stream moves when an event comes in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

import numpy as np
import polars as pl

from peelian.domain.actor import Actor
from peelian.domain.time import LONDON, floor_period, london_midnight, step
from peelian.live.entering import entering
from peelian.live.recipe import Recipe
from peelian.live.state import microseconds

TierName = Literal["force", "partner", "public"]


@dataclass(frozen=True)
class Tier:
    """How what a tier sees is floored (reference: the figures of docs/live.md)."""

    name: TierName
    window: Literal["week", "quarter"]
    delay: timedelta
    least: int  # a smaller count is not shown
    round_to: int

    def due(self, now: datetime) -> tuple[date, date]:
        """Give the newest window, [start, end) in London days, that may be shown at an instant."""
        day = (now - self.delay).astimezone(LONDON).date()
        if self.window == "week":
            end = floor_period(day, "week")
            return step(end, "week", -1), end
        month = floor_period(day, "month")
        end = step(month, "month", -((month.month - 1) % 3))
        return step(end, "month", -3), end

    def known(self, end: date) -> datetime:
        """Give the instant at which a window that ends on a day fell due: later records change nothing."""
        return london_midnight(end) + self.delay


PARTNER: Final = Tier("partner", "week", timedelta(days=1), 5, 5)
PUBLIC: Final = Tier("public", "quarter", timedelta(days=31), 10, 5)
TIERS: Final[dict[TierName, Tier]] = {"partner": PARTNER, "public": PUBLIC}
_ROLES: Final[dict[str, TierName]] = {"analyst": "force", "partner": "partner"}


def tier_of(actor: Actor) -> TierName:
    """Say what an actor may see: cells and single events are for the force's own analysts alone.

    >>> tier_of(Actor("local", "analyst")), tier_of(Actor("x", "councillor"))
    ('force', 'public')
    """
    return _ROLES.get(actor.role, "public")


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
