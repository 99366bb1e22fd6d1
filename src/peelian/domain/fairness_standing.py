"""How a model stands with its fairness audit: audited, audited long ago, or not audited; and what follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

State = Literal["current", "stale", "lapsed", "partial", "none"]
KINDS: Final = ("deprivation", "ethnicity", "rurality")
"""What areas are told apart by, each from a lookup that only the audit may read; by force needs none."""
STALE_DAYS: Final = 90
LAPSED_DAYS: Final = 180
"""Ours (governance, section 1): after 90 days a banner, after 180 a registered deployment stops."""
LIVE: Final = frozenset({"approved", "conditional"})
"""States of a registered deployment in which it may be used, and so must be audited."""


@dataclass(frozen=True)
class Standing:
    """Where an audit stands: `sentence` for a banner, empty where nothing needs saying."""

    state: State
    sentence: str
    days: int | None = None

    def stops(self, status: str | None, simulated: bool) -> bool:
        """Whether a deployment of this register status may not be served; a fictional place always may."""
        return status in LIVE and not simulated and self.state in ("none", "partial", "lapsed")

    def to_json(self) -> dict[str, object]:
        """Give it as JSON."""
        return {"state": self.state, "sentence": self.sentence, "days": self.days}


def standing(
    made: datetime | None, kinds: tuple[str, ...], now: datetime, *, lookups: bool | None
) -> Standing:
    """Say how an audit made at an instant over some `kinds` stands now.

    `lookups`: whether any lookup is held, so that an audit could be made at all; None: not known.

    >>> from datetime import UTC, timedelta
    >>> now = datetime(2026, 6, 30, tzinfo=UTC)
    >>> [standing(now - timedelta(days=d), KINDS, now, lookups=True).state for d in (90, 91, 180, 181)]
    ['current', 'stale', 'stale', 'lapsed']
    """
    if made is None:
        unsaid = "no lookup imported, or no audit made since"
        why = unsaid if lookups is None else "none was made" if lookups else "no lookup imported"
        return Standing("none", f"Fairness not audited: {why}.")
    days = (now - made).days
    if days > LAPSED_DAYS:
        return Standing(
            "lapsed", f"Fairness last audited {days} days ago, more than {LAPSED_DAYS}: too old.", days
        )
    missing = [kind for kind in KINDS if kind not in kinds]
    if missing:
        return Standing("partial", f"Fairness audited in part: nothing held on {', '.join(missing)}.", days)
    if days > STALE_DAYS:
        return Standing("stale", f"Fairness last audited {days} days ago: due after {STALE_DAYS}.", days)
    return Standing("current", "", days)
