"""Validation on a force's own labels: run here, returned as totals; no row, place, day or code leaves."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from peelian import __version__
from peelian.domain.area import Area
from peelian.domain.errors import Misuse, Refused
from peelian.domain.progress import Tick, no_tick
from peelian.domain.target import Target, target_named
from peelian.domain.time import YEAR_PERIODS, Every, periods_between, step
from peelian.models import MODELS, SERVED
from peelian.models.levels import with_levels
from peelian.pipeline.areas import forces_of, resolve_area
from peelian.pipeline.context import Context
from peelian.pipeline.panels import END_OF_TIME, Panels, load_panels
from peelian.pipeline.rare_targets import check_labels, check_window
from peelian.store.agreements import today

SCHEMA = "peelian validation 1"


@dataclass(frozen=True)
class ValidationRequest:
    """What was asked: the last `windows` windows of `window` periods that do not overlap."""

    target: str = "knife-violence"
    every: Every = "week"
    window: int = 13
    windows: int = 4
    area: str | None = None
    model: str | None = None
    seed: int = 1


@dataclass(frozen=True, eq=False)
class Validated:
    """The answer as it may be returned (`body`, `lines`), and where it is kept."""

    body: dict[str, Any]
    lines: list[str]
    path: Path


def validate(ctx: Context, request: ValidationRequest, tick: Tick = no_tick) -> Validated:
    """Score the forecast on the labels held, on windows held back, and keep the answer in the workspace.

    Raises:
        Misuse, Refused, NotFound: the request or the data do not allow it; each says what would.
    """
    from peelian.evaluate.validation import validate as score  # late: scipy costs every command a second
    from peelian.evaluate.validation_words import figures, sentences

    target, model = _check(request)
    tick("reading events", 0.0)
    area = resolve_area(ctx, request.area, END_OF_TIME)
    panels = load_panels(ctx, area, target, request.every, END_OF_TIME)
    marked = check_labels(panels)
    warmup, origins = held_back(panels, request)
    ctx.consult("combination", f"validate {target.name}", area=area.code)
    forecasters = {name: f for name, f in MODELS.items() if f.SPEC.kind == "plain"}
    forecasters[model] = with_levels(MODELS[model])
    found = score(
        panels.at, lambda day: panels.truth(day, 1, request.window), usable(forecasters, panels, warmup[0]),
        model, origins, warmup=warmup, window=request.window, seed=request.seed, tick=tick,
    )  # fmt: skip
    spec = MODELS[model].SPEC
    body: dict[str, Any] = {
        "schema": SCHEMA, "target": target.name, "every": request.every, "window": request.window,
        "real_labels": not is_simulated(ctx, area), "labels_marked": _whole_percent(marked),
        "model_version": spec.version, "code_version": __version__, "scored": f"{today():%Y-%m}",
    } | figures(found)  # fmt: skip
    lines = [_title(body), *sentences(body)]
    return Validated(body, lines, keep(ctx, area, body))


def _check(request: ValidationRequest) -> tuple[Target, str]:
    target = target_named(request.target)
    model = request.model or SERVED
    if model not in MODELS or MODELS[model].SPEC.kind == "plain":
        models = [name for name, f in MODELS.items() if f.SPEC.kind == "model"]
        raise Misuse(f"--model {model} is no model to validate", expected=", ".join(models))
    if min(request.window, request.windows) < 1:
        raise Misuse("--window and --windows start at 1", do="correct the number")
    check_window(target, request.every, request.window)
    return target, model


def held_back(panels: Panels, request: ValidationRequest) -> tuple[list[date], list[date]]:
    """Give the origins the rival is chosen on and those scored: the last windows, none overlapping.

    Raises:
        Refused: the history is too short for a year, one window to choose the rival on, and one to score.
    """
    year = step(panels.first, request.every, YEAR_PERIODS[request.every])
    room = periods_between(year, panels.end, request.every) // request.window if year < panels.end else 0
    if room < 2:
        raise Refused(
            f"the labels held, from {panels.first:%B %Y} to {panels.end:%B %Y}, are too short to validate on",
            expected=f"a year of history and two windows of {request.window} {request.every}s after it",
            do="ingest more history, or choose a shorter --window",
        )
    scored = min(request.windows, room - 1)
    before = min(4, room - scored)
    starts = [step(panels.end, request.every, -request.window * k) for k in range(scored + before, 0, -1)]
    return starts[:before], starts[before:]


def usable(forecasters: dict[str, Any], panels: Panels, first: date) -> dict[str, Any]:
    """Set aside what needs a longer history than lies before the first origin."""
    years = periods_between(panels.first, first, panels.every) / YEAR_PERIODS[panels.every]
    return {name: f for name, f in forecasters.items() if f.SPEC.needs_years <= years + 1e-9}


def is_simulated(ctx: Context, area: Area) -> bool:
    """Tell whether the labels come from a simulated area: such a validation never counts."""
    forces = forces_of(ctx, area)
    return area.simulated or any(force.startswith("simulated") for force in forces)


def _whole_percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")


def _title(body: dict[str, Any]) -> str:
    real = (
        "" if body["real_labels"] else " (a simulated area: this checks the software and validates nothing)"
    )
    return f"{body['target']}, windows of {body['window']} {body['every']}s{real}"


def keep(ctx: Context, area: Area, body: dict[str, Any]) -> Path:
    """Keep the answer under the area's code: a file of the workspace, in place of the last of its kind."""
    folder = ctx.ws.home / "validations" / "".join(c if c.isalnum() or c in "-_" else "-" for c in area.code)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{body['target']}-{body['every']}-{body['window']}.json"
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(body, indent=1))
    temporary.rename(path)
    return path


def validations(ctx: Context, area: Area, target: str) -> list[dict[str, Any]]:
    """List the answers kept for an area and target, newest last."""
    code = "".join(c if c.isalnum() or c in "-_" else "-" for c in area.code)
    found = (ctx.ws.home / "validations" / code).glob(f"{target}-*.json")
    return [json.loads(p.read_text()) for p in sorted(found, key=lambda p: p.stat().st_mtime)]


def proven(kept: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Give the newest validation, if it ran on real labels and found the model better; else None.

    Only then may a title drop "not yet validated on real labels".
    """
    real = [one for one in kept if one["real_labels"]]
    return real[-1] if real and real[-1]["answer"] == "better" else None
