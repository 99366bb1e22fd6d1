"""A run's folder: the forecast file and what the map needs beside it. The API only reads it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl

from peelian.domain.area import Area
from peelian.domain.errors import Refused
from peelian.domain.forecast import Forecast
from peelian.domain.panel import Panel
from peelian.domain.rhythm import Rhythm
from peelian.domain.time import YEAR_PERIODS
from peelian.pipeline.context import Context
from peelian.pipeline.forecast_file import contributions_table, write_forecast
from peelian.pipeline.level_rows import write_levels
from peelian.pipeline.panels import Panels
from peelian.pipeline.places import event_points, name_cells, named_points
from peelian.pipeline.shifting import write_rhythm
from peelian.pipeline.street_points import street_points
from peelian.store.catalogue import transaction
from peelian.store.runs import add_run

HISTORY_PERIODS = {"month": 60, "week": 156, "day": 366}


def write_run_folder(
    ctx: Context,
    panels: Panels,
    panel: Panel,
    made: Forecast,
    area: Area,
    card: dict[str, Any],
    rhythm: Rhythm | Refused,
    tables: Mapping[str, pl.DataFrame] = MappingProxyType({}),
) -> Path:
    """Write the run and register it; the folder appears whole before its row does.

    Each of `tables` becomes a Parquet file of its name.
    """
    run_id = str(card["run_id"])
    folder = ctx.ws.runs / run_id
    building = ctx.ws.runs / f".{run_id}.building"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    write_forecast(made, building / "forecast.parquet")
    contributions_table(made).write_parquet(building / "contributions.parquet")
    write_levels(ctx, made, panels.parents, building)
    history(panel).write_parquet(building / "history.parquet")
    observed(panel).write_parquet(building / "coverage.parquet")
    cell_coverage(panel, area).write_parquet(building / "cells.parquet")
    last_year(panel).write_parquet(building / "last_year.parquet")
    write_rhythm(rhythm, panel, building)
    for name, table in tables.items():
        table.write_parquet(building / f"{name}.parquet")
    points = event_points(ctx, area)
    named = named_points(ctx, area, points)
    name_cells(area, points, named).write_parquet(building / "places.parquet")
    street_points(panels, panel, named).write_parquet(building / "street_points.parquet")
    scene = ctx.ws.areas / f"{area.code}.scene.geojson"
    if scene.is_file():
        shutil.copyfile(scene, building / "scene.geojson")
    elif area.boundary is not None:
        (building / "scene.geojson").write_text(json.dumps(boundary_scene(area)))
    _lay_evaluation(ctx, card, building)
    if panels.parents is not None:
        card = card | {"areas": panels.parents.digest}
    card = card | {"created": datetime.now(UTC).isoformat(timespec="seconds")}
    (building / "run.json").write_text(json.dumps(card, indent=1, default=str))
    shutil.rmtree(folder, ignore_errors=True)
    building.rename(folder)
    with transaction(ctx.ws) as conn:
        add_run(conn, run_id, card, force=_owner(card))
        ctx.record(
            conn, "combination", f"forecast {card['target']}", area=area.code, window=str(card["origin"])
        )
    return folder


def _lay_evaluation(ctx: Context, card: dict[str, Any], building: Path) -> None:
    """Lay the newest backtest of the same area, target and period beside the run."""
    every = "day" if card["every"] == "shift" else card["every"]  # shifts share out the day's forecast
    name = f"{card['area']['code']}-{card['target']}-{every}-*"
    done = sorted(
        (ctx.ws.home / "backtests").glob(f"{name}/evaluation.json"), key=lambda p: p.stat().st_mtime
    )
    for file in ("evaluation.json", "report.html") if done else ():
        shutil.copyfile(done[-1].parent / file, building / file)


def boundary_scene(area: Area) -> dict[str, Any]:
    """Give the area's boundary as the scene when nothing better is loaded."""
    boundary: dict[str, Any] = area.boundary or {}
    features = boundary.get("features", [boundary])
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": f.get("geometry", f),
                "properties": {"kind": "boundary", "name": area.name},
            }
            for f in features
        ],
    }


def history(panel: Panel) -> pl.DataFrame:
    """Give the target's counts that are not zero: cell, period_start, count."""
    first = max(0, len(panel.starts) - HISTORY_PERIODS[panel.every])
    counts = panel.target_counts[first:]
    period, cell = np.nonzero(counts)
    starts = np.array(panel.starts[first:], "datetime64[D]")
    return pl.DataFrame(
        {"cell": panel.cells[cell], "period_start": starts[period], "count": counts[period, cell]}
    )


def observed(panel: Panel) -> pl.DataFrame:
    """Give which periods were observed anywhere in the area: period_start, observed."""
    first = max(0, len(panel.starts) - HISTORY_PERIODS[panel.every])
    seen = panel.target_observed[first:].any(axis=1)
    return pl.DataFrame({"period_start": np.array(panel.starts[first:], "datetime64[D]"), "observed": seen})


def cell_coverage(panel: Panel, area: Area) -> pl.DataFrame:
    """Give the share of the last year's periods observed in each cell: cell, share (0 = no data)."""
    recent = panel.target_observed[-YEAR_PERIODS[panel.every] :].mean(axis=0)
    cells = np.concatenate([panel.cells, area.silent])
    return pl.DataFrame({"cell": cells, "share": np.concatenate([recent, np.zeros(len(area.silent))])})


def last_year(panel: Panel) -> pl.DataFrame:
    """Give the plain count of the last year (52 weeks or 12 months) in each cell: cell, count.

    The count is of the periods published; null where none was.
    """
    year = YEAR_PERIODS[panel.every]
    counted = panel.target_counts[-year:].sum(axis=0, dtype=np.float64)
    held = panel.target_observed[-year:].any(axis=0)
    return pl.DataFrame({"cell": panel.cells, "count": np.where(held, counted, np.nan)}, nan_to_null=True)


def _owner(card: dict[str, Any]) -> str:
    """Give the force a run is of; one of several is no single force's: only who may see all sees it."""
    forces = card.get("forces") or [""]
    return str(forces[0]) if len(forces) == 1 else "several"
