"""What one harm avoided cost, with an interval that says when there is none."""

from __future__ import annotations

from dataclasses import dataclass

from peelian.plan.effects.effect import Effect


@dataclass(frozen=True)
class CostPerHarm:
    """Cost divided by events avoided; None where the events avoided may be none, so that it has no bound."""

    cost: float
    each: float | None
    low: float | None
    high: float | None


def cost_per_harm(cost: float, effect: Effect) -> CostPerHarm:
    """Divide the cost by what was avoided and by both ends of its interval (Fieller's case: no upper end)."""
    avoided, most, least = -effect.change, -effect.change_low, -effect.change_high
    return CostPerHarm(
        cost,
        cost / avoided if avoided > 0 else None,
        cost / most if most > 0 else None,
        cost / least if least > 0 else None,
    )
