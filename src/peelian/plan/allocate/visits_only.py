"""The quick form: so many equal visits a slot or in all, with no teams, bases or travel."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from peelian.domain.plan import Rules, Slot, Team


def visits_only(visits: int, slots: Sequence[Slot], rules: Rules, *, kind: str = "visible presence",
                agency: str = "unknown") -> tuple[list[Team], Rules]:  # fmt: skip
    """Teams and rules for `visits` in the whole plan: one team a visit, no travel, and `most_visits` set."""
    names = tuple(slot.name for slot in slots)
    team = Team("visits", kind, agency, 0.0, 0.0, "any", names, rules.dwell_minutes / 60, count=visits)
    speeds = {**rules.travel_km_h, "any": math.inf}
    return [team], replace(rules, most_visits=visits, travel_km_h=speeds)
