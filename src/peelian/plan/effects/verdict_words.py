"""A verdict in plain language: what changed, how sure that is, what it cost, what was not measured."""

from __future__ import annotations

from typing import Final

from peelian.domain.per_cent import change, change_per_cent
from peelian.plan.effects.cost import CostPerHarm
from peelian.plan.effects.effect import Effect

_BY: Final = {
    "wdd": "counts before and after, against the control places",
    "event-study": "each place against places not treated at the time",
    "matched": "each place against untreated places like it before",
    "synthetic": "each place against a mix of untreated places",
    "randomised": "places drawn for it against places drawn to wait",
}
NOT_MEASURED: Final = (
    "Whether harm moved to other hours, kinds of crime or people.",
    "Harm that was not reported, and whether reporting itself changed.",
    "How people who live there felt about it.",
    "Other things that began in the same places at the same time.",
)


def headline(effect: Effect, what: str) -> str:
    """Say the result in one sentence; no effect found is not the same as no effect."""
    if not effect.clear:
        return (
            f"No change in {what} could be told apart from chance. That is not proof of no effect: "
            f"{_range(effect)} all fit what was seen."
        )
    if effect.change < 0:
        return f"{what.capitalize()} fell more than chance explains: {_middle(effect)}; {_range(effect)} fit."
    return f"{what.capitalize()} rose more than chance explains: {_middle(effect)}; {_range(effect)} fit."


def lines(effect: Effect, what: str, cost: CostPerHarm | None = None) -> list[str]:
    """Say the verdict in full sentences: result, how it was found, cost, and doubts of the method."""
    out = [
        headline(effect, what),
        f"Seen {effect.seen:,.0f}; expected without it {effect.expected:,.0f} "
        f"({100 * effect.level:.0f} % interval of the change: {change(effect.change_low)} to "
        f"{change(effect.change_high)}; chance if there were no effect: {_chance(effect.p)}).",
        f"Method: {effect.method}, {_BY[effect.method]} "
        f"({effect.treated:,} treated, {effect.controls:,} controls).",
    ]
    before = effect.more.get("before")
    if before and before["clear"]:
        out.append(
            "Warning: the places already differed just before the start, so this may not be its effect."
        )
    if effect.method != "randomised":
        out.append(
            "Places were not drawn by lot, so a cause other than the intervention cannot be ruled out."
        )
    if cost is not None:
        out.append(cost_words(cost))
    return out


def cost_words(cost: CostPerHarm) -> str:
    """Say the cost of one event avoided; without an upper end where none may have been avoided."""
    if cost.each is None:
        return (
            f"It cost £{cost.cost:,.0f}; no event was seen to be avoided, so a cost for each cannot be given."
        )
    if cost.high is None:
        return (
            f"£{cost.each:,.0f} for each event avoided, but the interval has no upper end: from "
            f"£{cost.low:,.0f}, and perhaps nothing was avoided."
        )
    return f"£{cost.each:,.0f} for each event avoided (from £{cost.low:,.0f} to £{cost.high:,.0f})."


def _middle(effect: Effect) -> str:
    if effect.ratio is None:
        return f"{change(effect.change)} events"
    return f"{change_per_cent(effect.ratio)}, or {change(effect.change)} events"


def _range(effect: Effect) -> str:
    if effect.ratio_low is None or effect.ratio_high is None:
        return f"changes from {change(effect.change_low)} to {change(effect.change_high)} events"
    return f"changes from {change_per_cent(effect.ratio_low)} to {change_per_cent(effect.ratio_high)}"


def _chance(p: float) -> str:
    return "under 0.1 %" if p < 0.001 else f"{100 * p:.1f} %"
