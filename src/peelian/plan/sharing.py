"""How a plan's visits are shared out by harm, in words and numbers, for its page, sheet, command and JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from peelian.domain.plan import Plan, ZoneShare

NOT_SHARED = (
    "Visits are not shared out by harm: they go where most is expected, so a part of the area may get more "
    "or less of them than its share of the harm"
)
ONE_ZONE = "Visits are not shared out by harm: only one zone is known, or no harm is expected"


def sharing(made: Plan) -> dict[str, Any]:
    """Give `within` (shares; None: not shared), `furthest`, `cost` (None: not found), `zones`, `sentence`.

    `zones` holds those with a visit or something due, most due first: their shares of harm and of what is
    due, and their visits.
    """
    total = max(1, len(made.visits))
    zones = [one for one in made.zones if one.visits or one.due > 0]
    off = max((abs(one.visits / total - one.due) for one in zones), default=0.0)
    return {
        "within": made.rules.share_by_harm if made.zones else None, "furthest": off if zones else None,
        "cost": made.share_cost, "sentence": _sentence(made, zones, off),
        "zones": [asdict(one) for one in sorted(zones, key=lambda one: (-one.due, one.zone))],
    }  # fmt: skip


def _sentence(made: Plan, zones: list[ZoneShare], off: float) -> str:
    within = made.rules.share_by_harm
    if within is None:
        return NOT_SHARED
    if not zones:
        return ONE_ZONE
    said = (
        f"Visits are shared out by harm: each of {len(zones)} zones gets its share of the harm expected, to "
        f"{100 * within:g} points or the nearest whole visits; the furthest is {100 * off:.1f} points off"
    )
    if made.share_cost is None:
        return f"{said}. What this costs was not found in the time"
    if made.share_cost < 0.0005:
        return f"{said}. It costs nothing: the best plan without it covers no more"
    return f"{said}. Without it as many visits could cover {_more(made.share_cost)} more expected harm"


def _more(cost: float) -> str:
    """What the plan without sharing has more, of what the one with it has."""
    more = cost / max(1 - cost, 1e-9)
    return f"{100 * more:.1f} %"
