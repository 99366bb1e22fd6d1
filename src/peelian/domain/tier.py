"""Tiers: who sees what of the counts. The force's own see all; partners and the public late, floored tables.

The public tier keeps what the Office for National Statistics calls the 10-5 rule (counts under ten withheld,
others rounded to five), with cell-key noise before it: "Comparison of post-tabular statistical disclosure
control methods", ons.gov.uk, read in November 2026.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from peelian.domain.actor import Actor
from peelian.domain.time import LONDON, floor_period, london_midnight, step

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
_ROLES: Final[dict[str, TierName]] = {
    "analyst": "force", "supervisor": "force", "officer": "force", "partner": "partner",
}  # fmt: skip


def tier_of(actor: Actor) -> TierName:
    """Say what an actor may see: cells and single events are for the force's own analysts alone.

    >>> tier_of(Actor("local", "analyst")), tier_of(Actor("x", "councillor"))
    ('force', 'public')
    """
    return _ROLES.get(actor.role, "public")
