"""Forecast: panel, model, run folder, all from what was known at the origin."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from peelian import __version__
from peelian.domain.area import Area
from peelian.domain.errors import Misuse, Refused
from peelian.domain.forecast import Forecast
from peelian.domain.panel import Panel
from peelian.domain.progress import Tick, no_tick
from peelian.domain.rhythm import Rhythm
from peelian.domain.target import target_named
from peelian.domain.time import london_midnight
from peelian.models import MODELS
from peelian.models.levels import levels_for
from peelian.pipeline.areas import forces_of, resolve_area
from peelian.pipeline.context import Context
from peelian.pipeline.fairness.beside import carry
from peelian.pipeline.fairness.fragile import mark_fragile
from peelian.pipeline.forecast_request import ForecastRequest, check_request
from peelian.pipeline.gating import gate_cards, panel_of_fit, serve
from peelian.pipeline.harming import harm_of
from peelian.pipeline.panels import Panels, load_panels
from peelian.pipeline.rare_targets import ONLY_SCORED, check_labels, is_short
from peelian.pipeline.run_folder import write_run_folder
from peelian.pipeline.setting_severity import severity_held
from peelian.pipeline.setting_shifts import shifts_held
from peelian.pipeline.shifting import by_shift, clock_card, days_ahead
from peelian.pipeline.silence import over_whole_area, unsaid_where_unheld
from peelian.pipeline.validating import proven, validations
from peelian.store.agreements import agreements_read
from peelian.store.catalogue import reading
from peelian.store.gates import GateKey
from peelian.store.ledger import latest_snapshot
from peelian.store.training import learning


@dataclass(frozen=True, eq=False)
class Run:
    """A finished forecast and where it lies."""

    run_id: str
    folder: Path
    forecast: Forecast
    area: Area
    title: str
    verdict: str


def forecast(ctx: Context, request: ForecastRequest, tick: Tick = no_tick) -> Run:
    """Make one forecast, keep it as a run and register it.

    Raises:
        Misuse, Refused, NotFound: the request or the data do not allow it; each says what would.
    """
    made = learned_forecast(ctx, request, tick)
    laid_beside(ctx, made.run_id)
    return made


def learned_forecast(ctx: Context, request: ForecastRequest, tick: Tick = no_tick) -> Run:
    """Make one forecast as `forecast` does, without what an audit lays beside it (`laid_beside`)."""
    with learning(ctx.ws) as ws:  # the database itself refuses what is for the audit only
        return _forecast(replace(ctx, ws=ws), request, tick)


def laid_beside(ctx: Context, run_id: str) -> None:
    """Mark a run's fragile places and carry its model's audit on: outside the door of what learns."""
    mark_fragile(ctx, run_id)
    carry(ctx, run_id)


def _forecast(ctx: Context, request: ForecastRequest, tick: Tick) -> Run:
    check_request(request)
    tick("reading events", 0.0)
    check_snapshot(ctx, request.snapshot)
    severity = severity_held(ctx) if request.harm else None
    shifts = shifts_held(ctx) if request.every == "shift" else None
    as_of = request.as_of or (shifts.opens if shifts else london_midnight)(request.origin)
    area = resolve_area(ctx, request.area, as_of, request.snapshot)
    ctx.may_go_on(area.code)
    target, every = target_named(request.target), "day" if shifts else request.every
    panels = load_panels(ctx, area, target, every, as_of, request.snapshot, shifts)
    panels.check_origin(request.origin)
    check_labels(panels)
    ctx.allow("combination", f"forecast {request.target}")
    tick("counting", 0.2)
    panel = panels.at(request.origin, as_of=as_of)
    if request.as_of is None:  # with --as-of the user asks for what was known earlier, gaps included
        # A feed that ends at midnight leaves the hours up to the policing day's beginning unsaid.
        check_last_period(panel, spare=1 if shifts else 0)
    rhythm = panels.rhythm(request.origin, as_of)
    if shifts and isinstance(rhythm, Refused):
        raise rhythm
    ahead = days_ahead(request.horizon, shifts) if shifts else request.horizon
    key = GateKey(area.code, request.target, every, ahead, request.window)
    served = serve(ctx, key, request.origin, request.model, request.fitted_at)
    tick(f"fitting {served.model}", 0.3)
    learn_on = panel_of_fit(panels, panel, served.fitted_at)
    fitted = MODELS[served.model].fit(learn_on, horizon=ahead, window=request.window, seed=request.seed)
    made = fitted.predict(panel)
    if shifts and isinstance(rhythm, Rhythm):
        made = by_shift(made, rhythm, shifts, request.horizon)
    made = unsaid_where_unheld(made, panel)
    if shifts is None:  # a shift's doubt is not known at larger places
        doubts = levels_for(fitted, learn_on, horizon=ahead, window=request.window)
        made = replace(made, levels=doubts.of(made, panel))
    made = over_whole_area(made, area)
    harm = severity and harm_of(
        panels, severity, made, model=served.model, learned=learn_on.origin, as_of=as_of,
        window=request.window, seed=request.seed,
    )  # fmt: skip
    kept = validations(ctx, area, request.target)
    title = panels.target.title(panel.marks_known, panel.some_left_out, proven(kept) is not None)
    only_scored = is_short(target, request.every, request.window)
    title += f" ({ONLY_SCORED})" if only_scored else ""
    links = panels.links.said(as_of) if panels.links is not None else None
    card = run_card(
        ctx, request, area, panel, made, title, served.sentence, links, clock_card(rhythm, shifts)
    )
    card |= gate_cards(served, learn_on, kept, target, only_scored)
    if harm:
        card["harm"] = harm.card
    made = replace(made, card={k: v for k, v in card.items() if k not in {"run_id", "created"}})
    tick("writing", 0.9)
    folder = write_run_folder(
        ctx, panels, panel, made, area, card, rhythm, {"harm": harm.table(made)} if harm else {}
    )
    tick("done", 1.0)
    return Run(str(card["run_id"]), folder, made, area, title, served.sentence)


def check_snapshot(ctx: Context, snapshot: int | None) -> None:
    """Check that a snapshot asked for exists.

    Raises:
        Misuse: with the snapshots there are.
    """
    newest = latest_snapshot(ctx.ws)
    if snapshot is not None and not 1 <= snapshot <= newest:
        raise Misuse(
            f"there is no snapshot {snapshot} here", expected=f"1 to {newest}",
            do="take a run's from: peelian lineage RUN",
        )  # fmt: skip


def check_last_period(panel: Panel, spare: int = 0) -> None:
    """Check that the period just before the origin was published and known; `spare` may be missing.

    Raises:
        Refused: it is missing, so the forecast would start from a hole; names the last period held.
    """
    seen = np.asarray(panel.target_observed.any(axis=1), np.bool_)
    if seen[-1 - spare :].any():
        return
    last = panel.starts[int(np.flatnonzero(seen)[-1])] if seen.any() else "nowhere"
    raise Refused(
        f"the {panel.every} before {panel.origin} was not published or not yet known: missing, not zero",
        expected=f"every {panel.every} up to the origin; the last one held starts {last}",
        do="ingest the missing one, or choose an earlier --origin",
    )


def run_card(
    ctx: Context,
    request: ForecastRequest,
    area: Area,
    panel: Panel,
    made: Forecast,
    title: str,
    verdict: str,
    links: dict[str, Any] | None = None,
    clock: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Give the run card: enough to make the forecast again, and to explain it.

    `links` names the linking that made incidents of several agencies' reports, where the target spans them;
    `clock` says shifts and rhythm (`shifting.clock_card`).
    """
    grid = area.grid
    card: dict[str, Any] = {
        "area": {
            "code": area.code, "name": area.name, "km2": round(area.km2, 3), "cells": len(area.cells),
            "how": area.how, "simulated": area.simulated,
        },
        "grid": {
            "name": grid.name, "crs": grid.crs, "size": grid.size, "columns": grid.columns, "rows": grid.rows,
            "origin_easting": grid.origin_easting, "origin_northing": grid.origin_northing, "unit": grid.unit,
        },
        "target": request.target, "title": title, "marks_known": panel.marks_known, "every": request.every,
        "window": request.window, "horizon": request.horizon, "origin": str(request.origin),
        "as_of": panel.as_of.isoformat(), "model": {"id": made.model, "title": MODELS[made.model].SPEC.title,
        "version": MODELS[made.model].SPEC.version}, "served": {"sentence": verdict}, "seed": request.seed,
        "code_version": __version__, "history": {"from": str(panel.starts[0]), "periods": len(panel.starts)},
        "events": int(panel.target_counts.sum()), "elsewhere": int(panel.elsewhere[0].sum()),
    }  # fmt: skip
    card |= clock or {}
    if links is not None:
        card["links"] = links
    digest = hashlib.sha256(json.dumps(card, sort_keys=True).encode() + made.mean.tobytes()).hexdigest()
    card["run_id"] = f"{request.origin}-{request.target}-{request.every}-{digest[:10]}"
    card["snapshot"] = request.snapshot or latest_snapshot(ctx.ws)
    card["forces"] = forces_of(ctx, area, request.snapshot)
    with reading(ctx.ws) as conn:
        card["agreements"] = agreements_read(conn, card["forces"])
    return card


def panels_of(ctx: Context, request: ForecastRequest) -> Panels:
    """Load the panels a request speaks of."""
    as_of = request.as_of or london_midnight(request.origin)
    area = resolve_area(ctx, request.area, as_of, request.snapshot)
    return load_panels(ctx, area, target_named(request.target), request.every, as_of, request.snapshot)
