"""A small but real run folder, as the pipeline writes it: a made-up area in the North Sea."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from peelian.domain import negative_binomial as nb
from peelian.domain.blocks import blocks, whole
from peelian.domain.forecast import CONTRIBUTIONS, FORECAST_COLUMNS, Forecast, LevelForecast, summed
from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.pipeline.level_rows import write_levels

ORIGIN = date(2026, 11, 2)
COLUMNS, ROWS, FIRST_COLUMN, FIRST_ROW = 24, 18, 2640, 1700
STEPS, WINDOW, WEEKS = 4, 4, 60
UNHELD = slice(40, 46)
"""Positions in the mask of cells with nothing published in the last year."""
STREETS = ("Harbour Lane", "Mill Street", "Station Road", "Market Place", "Tower Hill", "Ferry Quay",
           "Orchard Way", "Lamp Row", "Weir Side", "Tanner Street", "Cooper's Yard", "Bell Lane")  # fmt: skip


def mask(columns: int = COLUMNS, rows: int = ROWS) -> np.ndarray:
    """All of the block but its four corners, sorted cell ids."""
    column, row = np.meshgrid(np.arange(columns), np.arange(rows))
    corner = ((column < 4) | (column >= columns - 4)) & ((row < 4) | (row >= rows - 4))
    ids = (row + FIRST_ROW) * GRID.columns + column + FIRST_COLUMN
    return np.sort(ids[~corner])


def write_run(
    folder: Path, *, seed: int = 7, simulated: bool = True, columns: int = COLUMNS, rows: int = ROWS
) -> dict[str, Any]:
    """Write the folder; give its card."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(seed)
    cells = mask(columns, rows)
    starts = [ORIGIN + timedelta(weeks=k) for k in range(STEPS)]
    long_run = rng.gamma(0.35, 0.5, len(cells))
    mean = long_run * np.linspace(0.9, 1.2, STEPS)[:, None] * rng.uniform(0.9, 1.1, (STEPS, len(cells)))
    dispersion = np.broadcast_to(rng.choice([0.03, 0.2, 0.7, 2.5], len(cells)), mean.shape)
    held = np.ones(len(cells), bool)
    held[UNHELD] = False
    shares = pl.DataFrame({"cell": cells, "share": np.where(held, 1.0, 0.0)})
    shares.write_parquet(folder / "cells.parquet")
    mean, dispersion = (np.where(held, part, np.nan) for part in (mean, dispersion))
    _forecast(starts, cells, mean, dispersion).write_parquet(folder / "forecast.parquet")
    _contributions(starts, cells, mean).write_parquet(folder / "contributions.parquet")
    _levels(folder, starts, cells, mean, dispersion)
    _past(folder, cells, long_run, held, rng)
    _places(cells).write_parquet(folder / "places.parquet")
    card = _card(folder.name, len(cells), simulated)
    (folder / "run.json").write_text(json.dumps(card))
    (folder / "scene.geojson").write_text(json.dumps(_scene()))
    (folder / "evaluation.json").write_text(json.dumps({"scores": []}))
    return card


def _forecast(
    starts: list[date], cells: np.ndarray, mean: np.ndarray, dispersion: np.ndarray
) -> pl.DataFrame:
    parts = []
    east, north = GRID.corner(cells)
    for k, start in enumerate(starts):
        silent = np.isnan(mean[k])
        m, a = np.nan_to_num(mean[k]), np.nan_to_num(dispersion[k])
        quantiles = {f"q{round(q * 100):02d}": nb.quantile(q, m, a) for q in (0.05, 0.5, 0.95)}
        numbers = {"mean": m, "dispersion": a, "p_any": nb.p_any(m, a), **quantiles}
        frame = pl.DataFrame({
            "origin": ORIGIN, "period_start": start, "period_end": start + timedelta(weeks=WINDOW),
            "cell": cells, "easting": east, "northing": north, "support": "cell",
            "place": [str(cell) for cell in cells], "target": "violence", "model": "learner", **numbers,
        })  # fmt: skip
        held = pl.Series(~silent)
        parts.append(frame.with_columns(pl.when(held).then(pl.col(name)).alias(name) for name in numbers))
    return pl.concat(parts).select(FORECAST_COLUMNS)


def _levels(
    folder: Path, starts: list[date], cells: np.ndarray, mean: np.ndarray, dispersion: np.ndarray
) -> None:
    """Squares of a kilometre and the whole area, as the pipeline writes them where no areas are held."""
    ends = tuple(start + timedelta(weeks=WINDOW) for start in starts)
    made = Forecast(GRID, "week", ORIGIN, tuple(starts), ends, cells, "violence", "learner", mean, dispersion)
    levels = []
    for parents in (blocks(GRID, cells), whole(cells)):
        sums = summed(np.nan_to_num(mean), parents)
        said = summed(np.isfinite(mean).astype(float), parents) > 0
        levels.append(LevelForecast(parents, np.where(said, sums, np.nan), np.where(said, 0.1, np.nan)))
    write_levels(None, replace(made, levels=tuple(levels)), None, folder)  # type: ignore[arg-type]


def _contributions(starts: list[date], cells: np.ndarray, mean: np.ndarray) -> pl.DataFrame:
    shares = (0.6, 0.1, 0.15, 0.1, 0.04, 0.01)
    return pl.concat(
        pl.DataFrame(
            {"period_start": start, "cell": cells}
            | {name: mean[k] * share for name, share in zip(CONTRIBUTIONS, shares, strict=True)}
        )
        for k, start in enumerate(starts)
    )


def _past(
    folder: Path, cells: np.ndarray, rate: np.ndarray, held: np.ndarray, rng: np.random.Generator
) -> None:
    weeks = [ORIGIN - timedelta(weeks=WEEKS - k) for k in range(WEEKS)]
    counts = rng.poisson(np.broadcast_to(rate / WINDOW, (WEEKS, len(cells)))).astype(np.float32)
    observed = [k != 3 for k in range(WEEKS)]
    each_week = np.repeat(np.array(weeks, "datetime64[D]"), len(cells))
    history = pl.DataFrame(
        {"cell": np.tile(cells, WEEKS), "period_start": each_week, "count": counts.ravel()}
    )
    history.filter(pl.col("count") > 0).write_parquet(folder / "history.parquet")
    pl.DataFrame({"period_start": weeks, "observed": observed}).write_parquet(folder / "coverage.parquet")
    last = pl.DataFrame({"cell": cells, "count": counts[-52:].sum(axis=0)})
    last.write_parquet(folder / "last_year.parquet")


def _places(cells: np.ndarray) -> pl.DataFrame:
    column, row = GRID.column_row(cells)
    east, north = GRID.corner(cells)
    street = [
        f"On or near {STREETS[(c // 2 + 5 * (r // 3)) % len(STREETS)]}"
        for c, r in zip(column, row, strict=True)
    ]
    lsoa = [f"{'Easthaven' if c < FIRST_COLUMN + COLUMNS // 2 else 'Westhaven'} 001A" for c in column]
    return pl.DataFrame({"cell": cells, "easting": east, "northing": north, "name": street, "lsoa": lsoa})


def _card(run: str, cells: int, simulated: bool) -> dict[str, Any]:
    return {
        "run_id": run, "created": datetime(2026, 11, 2, 9, tzinfo=UTC).isoformat(),
        "area": {"code": "SIM1", "name": "Easthaven and Westhaven", "km2": cells / 16, "cells": cells,
                 "how": "points", "simulated": simulated},
        "grid": {"name": GRID.name, "crs": GRID.crs, "size": GRID.size,
                 "columns": GRID.columns, "rows": GRID.rows,
                 "origin_easting": 0.0, "origin_northing": 0.0, "unit": "metre"},
        "target": "violence", "marks_known": True,
        "title": "violence in public places (not domestic, not sexual)",
        "every": "week", "window": WINDOW, "horizon": STEPS, "origin": ORIGIN.isoformat(),
        "as_of": datetime(2026, 11, 2, tzinfo=UTC).isoformat(),
        "model": {"id": "learner", "title": "Learned rate"},
        "served": {"sentence": "Its log score beat the plain count."}, "seed": 7, "snapshot": 1,
    }  # fmt: skip


def _scene() -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"kind": "town", "name": "Easthaven"},
         "geometry": {"type": "Point", "coordinates": [1.62, 53.69]}},
    ]}  # fmt: skip
