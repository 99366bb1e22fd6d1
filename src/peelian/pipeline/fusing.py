"""Does fusing help? One forecaster on police feeds alone and on all, held against simulated true events."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from peelian.domain.area import Area
from peelian.domain.errors import Misuse, NotFound, Refused
from peelian.domain.grid import Floats
from peelian.domain.progress import Tick, no_tick
from peelian.domain.target import target_named
from peelian.domain.time import Every, check_origin, london_midnight, step
from peelian.evaluate.fused import Fused, fused_gain
from peelian.evaluate.fused_words import LABEL, fused_lines, fused_section, with_section
from peelian.evaluate.interval import spatial_blocks
from peelian.models import MODELS
from peelian.pipeline.areas import resolve_area
from peelian.pipeline.context import Context
from peelian.pipeline.panels import Panels, load_panels
from peelian.store.runs import latest_run

POLICE: Final = ("police_crime", "police_incidents", "police_uk", "table")
ALONE: Final = "violence"
FUSED: Final = "violence-any-agency"
BLOCK_KM: Final = 2.0
FILE: Final = "fusing.json"


@dataclass(frozen=True)
class FusingRequest:
    """What was asked for: `origins` dates of forecast, and the simulator's file of true harm."""

    truth: str
    area: str
    every: Every
    window: int
    origins: tuple[date, ...]
    model: str = "learner"
    seed: int = 1


def fusing(ctx: Context, request: FusingRequest, tick: Tick = no_tick) -> dict[str, Any]:
    """Fit on police feeds alone and on all feeds, score both on what truly happened, and keep the figures.

    The forecaster is fitted once on each set, at the first origin; counts move on at every origin. Written as
    `fusing.json` beside the area's newest run of violence, with a section in its report.

    Raises:
        Misuse: an area that is not simulated, or an origin that is no period's first day.
        NotFound: no file of the truth, or no run to lay the figures beside.
        Refused: no feed of one of the two sets is held.
    """
    area = resolve_area(ctx, request.area, london_midnight(request.origins[0]))
    if not area.simulated:
        raise Misuse(f"{area.name} is not simulated, so nobody knows its truth", do="use a simulated area")
    if not Path(request.truth).is_file():
        raise NotFound("the simulator's file of true harm is not there", do="simulate again")
    run = latest_run(ctx.ws, area.code, ALONE)
    if run is None:
        raise NotFound("there is no run of violence to lay the check beside", do="forecast first")
    for origin in request.origins:
        check_origin(origin, request.every)
    ctx.allow("combination", "check of fusing")
    tick("reading every agency's records", 0.05)
    alone, fused = both_panels(ctx, area, request)
    tick("forecasting from police feeds alone", 0.2)
    first = surfaces(alone, request)
    tick("forecasting from all feeds", 0.5)
    second = surfaces(fused, request)
    tick("holding both against what happened", 0.9)
    happened = true_counts(Path(request.truth), area, request)
    blocks = spatial_blocks(area.grid, area.covered, BLOCK_KM)
    result = fused_gain(
        request.origins, first, second, happened, blocks, seed=request.seed, block_km=BLOCK_KM
    )
    view = _view(request, alone, fused, result)
    keep(view, run.folder)
    tick("done", 1.0)
    return view


def both_panels(ctx: Context, area: Area, request: FusingRequest) -> tuple[Panels, Panels]:
    """Give the panels of the police feeds alone, and of all feeds with each incident once.

    Raises:
        Refused: nothing is held of one of the two.
    """
    known = london_midnight(request.origins[0])
    fused = load_panels(ctx, area, target_named(FUSED), request.every, known)
    alone = load_panels(ctx, area, target_named(ALONE), request.every, known)
    held = pl.col("source").is_in(list(POLICE))
    versions, covered = alone.versions.filter(held), alone.covered.filter(held)
    if versions.is_empty() or versions.height == fused.versions.height:
        raise Refused(
            "the check of fusing needs a police feed and another agency's",
            do="ingest both, or run: peelian demo",
        )
    early = versions.filter(pl.col("available_at") <= known)["group"].cast(pl.String).unique().to_list()
    types = tuple(name for name in alone.types if name in early)
    return replace(alone, versions=versions, covered=covered, types=types), fused


def surfaces(panels: Panels, request: FusingRequest) -> Floats:
    """Give the expected events of the window after each origin, (O, C), over the area's covered cells."""
    model, fitted, out = MODELS[request.model], None, []
    for origin in request.origins:
        panel = panels.at(origin)
        if fitted is None:
            fitted = model.fit(panel, horizon=1, window=request.window, seed=request.seed)
        made = fitted.predict(panel)
        out.append(np.asarray(made.mean[0], np.float64))
    return np.stack(out)


def true_counts(truth: Path, area: Area, request: FusingRequest) -> Floats:
    """Count the true events in each covered cell in the window after each origin, (O, C)."""
    events = pl.read_parquet(truth).drop_nulls("start")
    ids = area.grid.cell_of(events["easting"].to_numpy(), events["northing"].to_numpy())
    cells = area.covered
    at = np.minimum(np.searchsorted(cells, ids), len(cells) - 1)
    inside = cells[at] == ids
    out = np.zeros((len(request.origins), len(cells)))
    for k, origin in enumerate(request.origins):
        end = london_midnight(step(origin, request.every, request.window))
        when = events["start"].is_between(london_midnight(origin), end, closed="left").to_numpy()
        out[k] = np.bincount(at[when & inside], minlength=len(cells))
    return out


def origins_of(end: date, every: Every, window: int, wanted: int, earliest: date) -> tuple[date, ...]:
    """Give up to `wanted` origins whose windows meet and end at `end`, none before `earliest`."""
    origins = [step(end, every, -window * k) for k in range(wanted, 0, -1)]
    return tuple(origin for origin in origins if origin >= earliest)


def keep(view: dict[str, Any], folder: Path) -> None:
    """Write the figures beside a run, and a section into its report where there is one."""
    (folder / FILE).write_text(json.dumps(view, indent=1), "utf-8")
    report = folder / "report.html"
    if report.is_file():
        report.write_text(with_section(report.read_text("utf-8"), fused_section(view)), "utf-8")


def fused_said(ctx: Context, area: str) -> list[str]:
    """Say what the check found for an area's newest run, in lines; none where it has not been made."""
    run = latest_run(ctx.ws, area, ALONE)
    path = run.folder / FILE if run else None
    return fused_lines(json.loads(path.read_text("utf-8"))) if path and path.is_file() else []


def _view(request: FusingRequest, alone: Panels, fused: Panels, result: Fused) -> dict[str, Any]:
    return {
        "label": LABEL, "model": MODELS[request.model].SPEC.title, "every": request.every,
        "window": request.window, "alone": _feeds(alone), "feeds": len(_feeds(fused)), "all": _feeds(fused),
        "targets": {"alone": ALONE, "fused": FUSED},
    } | result.to_json()  # fmt: skip


def _feeds(panels: Panels) -> Sequence[str]:
    return [str(name) for name in panels.versions["source"].cast(pl.String).unique().sort().to_list()]
