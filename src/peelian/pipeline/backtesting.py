"""Backtest: every forecaster at every origin, scored on what then happened; the verdict sets the gate."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from peelian.domain.area import Area
from peelian.domain.contracts import Forecaster
from peelian.domain.errors import Misuse, Refused
from peelian.domain.negative_binomial import Floats
from peelian.domain.progress import Tick, no_tick
from peelian.domain.target import target_named
from peelian.domain.time import YEAR_PERIODS, Every, check_origin, london_midnight, step
from peelian.evaluate.backtest import backtest as run_backtest
from peelian.evaluate.report import write_html
from peelian.evaluate.result import BacktestResult
from peelian.evaluate.rounds import Rounds
from peelian.models import BY_NAME, MODELS
from peelian.models.levels import with_levels
from peelian.pipeline.areas import resolve_area
from peelian.pipeline.concentrating import concentration_view
from peelian.pipeline.context import Context
from peelian.pipeline.fairness.held_back import keep_held_back
from peelian.pipeline.gating import compared, versions
from peelian.pipeline.harming import harm_backtest
from peelian.pipeline.panels import Panels, load_panels, origins_between
from peelian.pipeline.setting_population import population
from peelian.pipeline.setting_severity import severity_held
from peelian.store.gates import set_gate
from peelian.store.training import learning

WARMUP: dict[Every, int] = {"month": 6, "week": 12, "day": 28}
"""Origins before the window on which the rival plain count is chosen (design §7)."""

REFIT: dict[Every, int] = {"month": 1, "week": 13, "day": 28}
"""Models are refitted once in so many origins; counts move on at every origin."""


@dataclass(frozen=True)
class BacktestRequest:
    """What was asked for: origins from `first` to `last`, both included."""

    target: str
    every: Every
    first: date
    last: date
    lag: int = 0
    models: tuple[str, ...] = ()
    area: str | None = None
    horizon: int = 1
    window: int = 1
    seed: int = 1
    harm: bool = False
    """Also give hit rates by harm (`harm.json`), by the weights held."""


@dataclass(frozen=True, eq=False)
class Backtest:
    """A finished backtest, where its files lie, and what was asked."""

    result: BacktestResult
    folder: Path
    area: Area
    title: str


def backtest(ctx: Context, request: BacktestRequest, tick: Tick = no_tick) -> Backtest:
    """Score forecasters over rolling origins and keep the report.

    Raises:
        Misuse, Refused, NotFound: the request or the data do not allow it; each says what would.
    """
    with learning(ctx.ws) as ws:  # the database itself refuses what is for the audit only
        return _backtest(replace(ctx, ws=ws), request, tick)


def _backtest(ctx: Context, request: BacktestRequest, tick: Tick) -> Backtest:
    chosen = check_backtest(request)
    severity = severity_held(ctx) if request.harm else None
    known = london_midnight(request.first)
    area = resolve_area(ctx, request.area, known)
    panels = load_panels(ctx, area, target_named(request.target), request.every, known)
    origins = origins_between(request.first, request.last, request.every)
    panels.check_origin(request.first)
    ahead = request.horizon + request.window - 1
    last_window_end = step(request.last, request.every, ahead)
    if last_window_end > panels.end:
        raise Misuse(
            f"origin {request.last} needs outcomes up to {last_window_end}, and the data end at {panels.end}",
            expected=f"--to {step(panels.end, request.every, -ahead)} or earlier",
        )
    window = f"{request.first}..{request.last}"
    ctx.consult("combination", f"backtest {request.target}", area=area.code, window=window)
    played: list[Rounds] = []
    result = run_backtest(
        panels.at,
        lambda origin: panels.truth(origin, request.horizon, request.window),
        {name: with_levels(one) for name, one in chosen.items()}, origins,
        warmup=warmup_origins(panels, request), horizon=request.horizon,
        window=request.window, lag=request.lag, seed=request.seed,
        refit_every=REFIT[request.every], tick=tick, weights=held_by_cell(ctx, panels),
        kept=played.append,
    )  # fmt: skip
    first = panels.at(request.first)
    title = panels.target.title(first.marks_known, first.some_left_out)
    tick("comparing concentration with chance", 0.98)
    view = concentration_view(ctx, panels, panels.at(request.last))
    folder = keep(ctx, request, area, title, result, view)
    keep_held_back(folder, played[0], request.window, compared(result.verdict))
    if set(MODELS) - BY_NAME <= set(chosen) and request.lag == 0:
        set_gate(
            ctx.ws, area.code, request.target, request.every, request.horizon, request.window,
            result.verdict.served, result.verdict.to_json(), versions=versions(*compared(result.verdict)),
            source=folder.name, last_origin=request.last,
        )  # fmt: skip
    if severity is not None:
        harm = harm_backtest(
            panels, severity, list(result.origins), model=result.verdict.candidate or result.verdict.served,
            rival=result.rival, window=request.window, refit=REFIT[request.every], seed=request.seed,
        )  # fmt: skip
        (folder / "harm.json").write_text(json.dumps(harm, indent=1))
    return Backtest(result, folder, area, title)


def held_by_cell(ctx: Context, panels: Panels) -> dict[str, Floats]:
    """Give what each cell holds, where known, for curves of events caught by it: people."""
    people = population(ctx, panels.area.covered, panels.parents)
    return {} if people is None else {"population": people}


def check_backtest(request: BacktestRequest) -> dict[str, Forecaster]:
    """Check the request and give the forecasters it names (all when it names none).

    Raises:
        Misuse: with the choices.
    """
    target_named(request.target)
    check_origin(request.first, request.every)
    check_origin(request.last, request.every)
    if request.first > request.last:
        raise Misuse(f"--from {request.first} is after --to {request.last}", do="swap them")
    if min(request.horizon, request.window) < 1 or request.lag < 0:
        raise Misuse("horizon and window start at 1, lag at 0", do="correct the number")
    unknown = [m for m in request.models if m not in MODELS]
    if unknown:
        raise Misuse(f"unknown model {unknown[0]!r}", expected=", ".join(MODELS))
    wanted = request.models or [name for name in MODELS if name not in BY_NAME]
    return {name: MODELS[name] for name in wanted}


def warmup_origins(panels: Panels, request: BacktestRequest) -> list[date]:
    """List the origins before the window, as far back as a year of history allows; at least one.

    Raises:
        Refused: the window starts so early that no origin lies before it.
    """
    year = step(panels.first, request.every, YEAR_PERIODS[request.every])
    starts = [step(request.first, request.every, -k) for k in range(WARMUP[request.every], 0, -1)]
    usable = [
        s
        for s in starts
        if s >= year and step(s, request.every, request.horizon + request.window - 1) <= request.first
    ]
    if not usable:
        raise Refused(
            "no origin lies before the window to choose the rival plain count on",
            expected=f"--from {step(year, request.every, 1)} or later",
            do="start later or ingest more history",
        )
    return usable


def keep(
    ctx: Context,
    request: BacktestRequest,
    area: Area,
    title: str,
    result: BacktestResult,
    view: dict[str, Any],
) -> Path:
    """Write the report and its data, and lay them beside the runs of the same area, target and period."""
    name = f"{area.code}-{request.target}-{request.every}-{request.first}-{request.last}-lag{request.lag}"
    folder = ctx.ws.home / "backtests" / name
    folder.mkdir(parents=True, exist_ok=True)
    result.to_parquet(folder / "scores.parquet")
    write_html(result, folder / "report.html", title=title, area=area.name, concentration=view)
    body = json.dumps(
        result.to_json() | {"title": title, "area": area.name, "concentration": view}, indent=1, default=str
    )
    (folder / "evaluation.json").write_text(body)
    for run in ctx.ws.runs.glob("*/run.json"):
        card: dict[str, Any] = json.loads(run.read_text())
        same = (card["area"]["code"], card["target"], card["every"]) == (
            area.code,
            request.target,
            request.every,
        )
        if same and not run.parent.name.startswith("."):
            for file in ("report.html", "evaluation.json"):
                shutil.copyfile(folder / file, run.parent / file)
    return folder
