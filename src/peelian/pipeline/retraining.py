"""Retraining: a new fit replaces the one in force only if no worse on the last origins; both are kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from peelian.domain.errors import Misuse, Refused
from peelian.domain.progress import Tick, no_tick
from peelian.domain.target import target_named
from peelian.domain.time import Every, check_origin, london_midnight, step
from peelian.models import MODELS
from peelian.pipeline.areas import resolve_area
from peelian.pipeline.context import Context
from peelian.pipeline.fairness.running import audited_again
from peelian.pipeline.forecast_request import ForecastRequest
from peelian.pipeline.forecasting import laid_beside, learned_forecast
from peelian.pipeline.gating import fit_in_force, serve
from peelian.pipeline.panels import Panels, load_panels, origins_between
from peelian.pipeline.rare_targets import check_window
from peelian.store.gates import GateKey, gate_history, set_gate
from peelian.store.training import learning

LAST: Final[dict[str, int]] = {"month": 6, "week": 13, "day": 28}
"""How many of the last origins two fits are compared on."""


@dataclass(frozen=True)
class RetrainRequest:
    """What was asked: a fit for forecasts from `origin` on. `first` starts anew, comparing with nothing."""

    target: str
    every: Every
    origin: date
    window: int = 1
    area: str | None = None
    origins: int | None = None
    first: bool = False
    seed: int = 1


@dataclass(frozen=True)
class Retrained:
    """What was decided: whether the new fit is served now, why, and the runs of both."""

    replaced: bool
    sentence: str
    fit: dict[str, Any]
    runs: tuple[str, ...]
    comparison: dict[str, Any] | None
    fairness: str = ""
    """What the fairness audit of the fit now served found, or why there is none."""


def retrain(ctx: Context, request: RetrainRequest, tick: Tick = no_tick) -> Retrained:
    """Fit the served model anew, hold it against the fit in force, and serve the new one if it is no worse.

    The new fit learns up to the first of the last origins and no further, so that neither fit has seen what
    the comparison scores; what was scored is what is served. A fit is kept as its recipe (model, version,
    origin learned at, seed), which gives the same bytes again.

    Raises:
        Misuse, Refused, NotFound: the request or the data do not allow it; each says what would.
    """
    with learning(ctx.ws) as ws:  # the database itself refuses what is for the audit only
        made = _retrain(replace(ctx, ws=ws), request, tick)
    for run_id in made.runs:
        laid_beside(ctx, run_id)
    return replace(made, fairness=audited_again(ctx, made.runs[-1]))


def _retrain(ctx: Context, request: RetrainRequest, tick: Tick) -> Retrained:
    target = target_named(request.target)
    check_origin(request.origin, request.every)
    check_window(target, request.every, request.window)
    if request.every not in LAST:
        raise Misuse(f"fits are not kept by {request.every}", expected=", ".join(LAST))
    known = london_midnight(request.origin)
    area = resolve_area(ctx, request.area, known)
    panels = load_panels(ctx, area, target, request.every, known)
    panels.check_origin(request.origin)
    ctx.allow("combination", f"retrain {request.target}")
    key = GateKey(area.code, request.target, request.every, 1, request.window)
    parts = (area.code, request.target, request.every, 1, request.window)
    model = serve(ctx, key, request.origin).model
    past = gate_history(ctx.ws, *parts, kind="retrain")
    held = None if request.first else fit_in_force(past, model, request.origin)
    if held is None:
        made = _first(ctx, request, area.code, model, bool(past))
    else:
        made = _against(ctx, request, panels, model, held.verdict["fit"], tick)
    verdict = {
        "sentence": made.sentence, "fit": made.fit, "replaced": made.replaced, "runs": list(made.runs),
        "comparison": made.comparison,
    }  # fmt: skip
    last = made.comparison["origins"][-1] if made.comparison else str(request.origin)
    set_gate(
        ctx.ws, *parts, model, verdict, kind="retrain", versions={model: MODELS[model].SPEC.version},
        source=", ".join(made.runs), last_origin=date.fromisoformat(last),
    )  # fmt: skip
    tick("done", 1.0)
    return made


def _recipe(model: str, fitted_at: date, seed: int) -> dict[str, Any]:
    version = MODELS[model].SPEC.version
    return {"model": model, "version": version, "fitted_at": str(fitted_at), "seed": seed}


def _first(ctx: Context, request: RetrainRequest, area: str, model: str, again: bool) -> Retrained:
    fit = _recipe(model, request.origin, request.seed)
    run = _run(ctx, request, area, fit)
    why = "started anew, as asked" if again else "the first fit kept here"
    words = f"“{MODELS[model].SPEC.title}” as fitted at {request.origin} is served: {why}."
    return Retrained(False, words, fit, (run,), None)


def _against(
    ctx: Context, request: RetrainRequest, panels: Panels, model: str, held: dict[str, Any], tick: Tick
) -> Retrained:
    from peelian.evaluate.refit import compare_fits  # late: scipy costs every command a second

    count = request.origins or LAST[request.every]
    last = step(request.origin, request.every, -request.window)
    first = step(last, request.every, 1 - count)
    was = date.fromisoformat(held["fitted_at"])
    if was >= first:
        raise Refused(
            f"the fit in force was made at {was}, too lately to compare a new one with it on {count} origins",
            expected=f"--origin {step(was, request.every, count + request.window)} or later",
            do="wait, ask for fewer --origins, or start anew with --first",
        )
    forecaster = MODELS[model]
    options = {"horizon": 1, "window": request.window}
    tick("fitting as before", 0.1)
    before = forecaster.fit(panels.at(was), seed=int(held["seed"]), **options)
    tick("fitting anew", 0.25)
    after = forecaster.fit(panels.at(first), seed=request.seed, **options)
    found = compare_fits(
        panels.at, lambda day: panels.truth(day, 1, request.window), forecaster.SPEC, before, after,
        origins_between(first, last, request.every), window=request.window, seed=request.seed, tick=tick,
    )  # fmt: skip
    new = _recipe(model, first, request.seed)
    kept, other = (new, held) if found.no_worse else (held, new)
    runs = tuple(
        _run(ctx, request, panels.area.code, fit) for fit in (other, kept)
    )  # the served one is newest
    gain = found.gain
    figures = f"{gain.value:+.4f} nats an event, 95 % interval {gain.low:+.4f} to {gain.high:+.4f}"
    words = (
        f"The fit made at {kept['fitted_at']} is served: on {len(found.origins)} origins that neither fit "
        f"had seen, the new one was {'no worse' if found.no_worse else 'worse'} ({figures})."
    )
    return Retrained(found.no_worse, words, kept, runs, found.to_json())


def _run(ctx: Context, request: RetrainRequest, area: str, fit: dict[str, Any]) -> str:
    asked = ForecastRequest(
        request.target, request.every, request.origin, 1, request.window, area, fit["model"],
        seed=int(fit["seed"]), fitted_at=date.fromisoformat(fit["fitted_at"]),
    )  # fmt: skip
    return learned_forecast(ctx, asked).run_id
