"""The gate in force: which model and fit are served here, why, since when, and whether that is stale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from peelian.domain.panel import Panel
from peelian.domain.target import UNVALIDATED, Target
from peelian.domain.time import YEAR_PERIODS, Every, london_midnight, periods_between
from peelian.models import MODELS, SERVED
from peelian.pipeline.context import Context
from peelian.pipeline.panels import Panels
from peelian.pipeline.rare_targets import ONLY_SCORED
from peelian.pipeline.validating import proven
from peelian.store.gates import Gate, GateKey, gate_history, get_gate

if TYPE_CHECKING:
    from peelian.evaluate.verdict import Verdict

UNCHECKED: Final = (
    "Not yet compared with the plain count for this target here; run peelian backtest before relying on it."
)
BY_HAND: Final = "Chosen by hand with --model."
RETRAINS: Final = 4
"""A verdict is stale once more fits than this have replaced one another since."""


@dataclass(frozen=True)
class Served:
    """What to serve. `fitted_at` is the origin the fit in force learned at; None: the forecast's own.

    `gate` goes into the run card: served model, verdict, date, backtest, versions, what makes it stale.
    """

    model: str
    sentence: str
    fitted_at: date | None = None
    gate: dict[str, Any] | None = None


def serve(
    ctx: Context, key: GateKey, origin: date, model: str | None = None, fitted_at: date | None = None
) -> Served:
    """Give what the gate serves for a forecast from `origin`; `model` and `fitted_at` override it by hand.

    A verdict on the first window after the origin stands for the later ones too, where they have none.
    """
    if model is not None:
        return Served(model, BY_HAND, fitted_at)
    first = replace(key, horizon=1)  # fits are kept, and most verdicts reached, for the first window ahead
    gate = get_gate(ctx.ws, *_parts(key)) or get_gate(ctx.ws, *_parts(first))
    retrained = gate_history(ctx.ws, *_parts(first), kind="retrain")
    if gate is None:
        fit = fit_in_force(retrained, SERVED, origin)
        return Served(SERVED, UNCHECKED, fitted_at or _made_at(fit), _fit_card(fit) if fit else None)
    name = gate.served_model
    stale = stale_reasons(gate, versions(), origin, retrains_since(gate, retrained))
    sentence = str(gate.verdict.get("sentence", ""))
    if name not in MODELS:
        name = SERVED
    if stale:
        sentence = f"{sentence} This verdict is stale: {'; '.join(stale)}. Run peelian backtest again."
    card = gate_card(gate, stale)
    fit = fit_in_force(retrained, name, origin)
    if fit is not None:
        card |= _fit_card(fit)
    return Served(name, sentence.strip(), fitted_at or _made_at(fit), card)


def _made_at(fit: Gate | None) -> date | None:
    return None if fit is None else date.fromisoformat(fit.verdict["fit"]["fitted_at"])


def _fit_card(fit: Gate) -> dict[str, Any]:
    return {"fit": fit.verdict["fit"] | {"decided": f"{fit.at:%Y-%m-%d}"}}


def _parts(key: GateKey) -> tuple[str, str, str, int, int]:
    return key.area, key.target, key.every, key.horizon, key.window


def versions(*names: str) -> dict[str, str]:
    """Give the versions of forecasters, all of them where none is named."""
    return {name: MODELS[name].SPEC.version for name in names or MODELS if name in MODELS}


def compared(verdict: Verdict) -> list[str]:
    """Name the forecasters a verdict is about: served, rival and candidate."""
    return sorted({name for name in (verdict.served, verdict.rival, verdict.candidate) if name})


def stale_reasons(gate: Gate, now: Mapping[str, str], origin: date, retrains: int) -> list[str]:
    """Say what has changed since a verdict: models' versions, fits replaced, a year gone by.

    A verdict with no record of versions (older than this program) is stale.
    """
    reasons = []
    if not gate.versions:
        reasons.append("it does not say which versions it compared")
    for name, version in sorted(gate.versions.items()):
        if name not in now:
            reasons.append(f"it compared “{name}”, which this program no longer has")
        elif now[name] != version:
            reasons.append(
                f"it was reached on version {version} of “{name}”, and this is version {now[name]}"
            )
    if retrains > RETRAINS:
        reasons.append(f"{retrains} fits have replaced one another since")
    every: Every = gate.key.every if gate.key else "month"  # type: ignore[assignment]
    if gate.last_origin is not None and every in YEAR_PERIODS:
        gone = periods_between(gate.last_origin, origin, every)
        if gone > YEAR_PERIODS[every]:
            reasons.append(f"the last date it compared, {gate.last_origin:%d %B %Y}, is over a year earlier")
    return reasons


def retrains_since(gate: Gate, retrained: list[Gate]) -> int:
    """Count the fits that replaced another after the verdict."""
    return sum(1 for one in retrained if one.at > gate.at and one.verdict.get("replaced", False))


def fit_in_force(retrained: list[Gate], model: str, origin: date) -> Gate | None:
    """Give the newest decision about fits of this model and version, if its fit was made by `origin`."""
    for one in retrained:
        fit = one.verdict["fit"]
        if fit["model"] == model and fit["version"] == versions(model).get(model):
            return one if date.fromisoformat(fit["fitted_at"]) <= origin else None
    return None


def gate_card(gate: Gate, stale: list[str]) -> dict[str, Any]:
    """Give a verdict as the run card names it."""
    verdict = {name: gate.verdict.get(name) for name in ("passed", "rival", "candidate")}
    return {
        "served": gate.served_model, **verdict, "decided": f"{gate.at:%Y-%m-%d}", "backtest": gate.source,
        "versions": gate.versions, "last_origin": str(gate.last_origin) if gate.last_origin else None,
        "stale": stale,
    }  # fmt: skip


def panel_of_fit(panels: Panels, panel: Panel, fitted_at: date | None) -> Panel:
    """Give the panel to learn on: as known when the fit in force was made, else the forecast's own.

    Where kinds of event have come or gone since, an old fit cannot read the new panel: the own one is given.
    """
    if fitted_at is None or fitted_at >= panel.origin:
        return panel
    earlier = panels.at(fitted_at, as_of=min(london_midnight(fitted_at), panel.as_of))
    return earlier if earlier.types == panel.types else panel


def gate_cards(
    served: Served, learned: Panel, kept: list[dict[str, Any]], target: Target, only_scored: bool
) -> dict[str, Any]:
    """Give what the run card says of the gate, the fit, the validation and the use it may be put to.

    `kept` are the area's validations of the target, newest last (`validating.validations`).
    """
    card: dict[str, Any] = {"gate": served.gate, "fitted_at": str(learned.origin)}
    if kept or target.knife:
        unproven = target.knife and proven(kept) is None
        card["validated"] = ({"sentence": UNVALIDATED} if unproven else {}) | (kept[-1] if kept else {})
    if only_scored:
        card["evaluation_only"] = ONLY_SCORED
    return card
