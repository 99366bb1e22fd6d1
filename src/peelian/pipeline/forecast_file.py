"""The forecast file: one row per period and cell, the run card in the Parquet metadata."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
import pyarrow.parquet as pq

from peelian.domain import negative_binomial as nb
from peelian.domain.forecast import FORECAST_COLUMNS, Forecast, LevelForecast

METADATA_KEY = b"peelian.run_card"


def forecast_table(forecast: Forecast) -> pl.DataFrame:
    """Give the forecast as a table with `FORECAST_COLUMNS`, sorted by period, then cell."""
    h, c = forecast.mean.shape
    easting, northing = forecast.grid.corner(forecast.cells)
    mean, dispersion = forecast.mean.ravel(), forecast.dispersion.ravel()
    silent = np.isnan(mean)  # no feed speaks of these cells: null, never 0
    known, spread = np.where(silent, 0.0, mean), np.where(silent, 0.0, dispersion)
    frame = pl.DataFrame(
        {
            "origin": pl.repeat(forecast.origin, h * c, eager=True),
            "period_start": bounds(forecast.starts, c),
            "period_end": bounds(forecast.ends, c),
            "cell": np.tile(forecast.cells, h),
            "easting": np.tile(easting, h),
            "northing": np.tile(northing, h),
            "support": pl.repeat("cell", h * c, eager=True),
            "target": pl.repeat(forecast.target, h * c, eager=True),
            "model": pl.repeat(forecast.model, h * c, eager=True),
            "mean": mean,
            "dispersion": dispersion,
            "p_any": nb.p_any(known, spread),
            **{f"q{q:02d}": nb.quantile(q / 100, known, spread) for q in (5, 50, 95)},
        }
    )
    numbers = ["mean", "dispersion", "p_any", "q05", "q50", "q95"]
    if silent.any():
        frame = frame.with_columns(pl.when(~pl.Series(silent)).then(pl.col(n)).alias(n) for n in numbers)
    return frame.with_columns(place=pl.col("cell").cast(pl.String)).select(FORECAST_COLUMNS)


def bounds(edges: Sequence[date], cells: int) -> pl.Series:
    """Give each window's bound once a cell: days, or for shifts instants in the place's time zone."""
    if isinstance(edges[0], datetime):
        zone = str(edges[0].tzinfo)
        utc = pl.Series([one.astimezone(UTC) for one in edges], dtype=pl.Datetime("us", "UTC"))  # type: ignore[attr-defined]
        return utc.dt.convert_time_zone(zone).gather(np.repeat(np.arange(len(edges)), cells))
    return pl.Series(np.repeat(np.array(edges, "datetime64[D]"), cells))


def contributions_table(forecast: Forecast) -> pl.DataFrame:
    """Give the contributions: period_start, cell and one column each, adding up to the mean."""
    h, c = forecast.mean.shape
    starts = bounds(forecast.starts, c)
    columns = {name: values.ravel() for name, values in forecast.contributions.items()}
    table = pl.DataFrame({"period_start": starts, "cell": np.tile(forecast.cells, h), **columns})
    return table.with_columns(pl.col(list(columns)).fill_nan(None)) if columns else table


LEVEL_COLUMNS: Final = (
    "origin", "period_start", "period_end", "support", "place", "target", "model", "mean", "dispersion",
    "p_any", "q05", "q50", "q95",
)  # fmt: skip
"""The file of larger places: one row per period and place of each level; `support` is the level."""


def levels_table(forecast: Forecast) -> pl.DataFrame:
    """Give the larger places' forecasts with `LEVEL_COLUMNS`, by level, then period, then place.

    Numbers are null where no cell of the place has one.
    """
    tables = [_level_table(forecast, one) for one in forecast.levels]
    return pl.concat(tables) if tables else pl.DataFrame(schema=dict.fromkeys(LEVEL_COLUMNS, pl.String))


def _level_table(forecast: Forecast, one: LevelForecast) -> pl.DataFrame:
    h, wide = one.mean.shape
    mean, dispersion = one.mean.ravel(), one.dispersion.ravel()
    silent = np.isnan(mean)
    known, spread = np.where(silent, 0.0, mean), np.where(silent, 0.0, dispersion)
    frame = pl.DataFrame(
        {
            "origin": pl.repeat(forecast.origin, h * wide, eager=True),
            "period_start": np.repeat(np.array(forecast.starts, "datetime64[D]"), wide),
            "period_end": np.repeat(np.array(forecast.ends, "datetime64[D]"), wide),
            "support": pl.repeat(one.parents.level, h * wide, eager=True),
            "place": list(one.parents.codes) * h,
            "target": pl.repeat(forecast.target, h * wide, eager=True),
            "model": pl.repeat(forecast.model, h * wide, eager=True),
            "mean": mean,
            "dispersion": dispersion,
            "p_any": nb.p_any(known, spread),
            **{f"q{q:02d}": nb.quantile(q / 100, known, spread) for q in (5, 50, 95)},
        }
    )
    numbers = ["mean", "dispersion", "p_any", "q05", "q50", "q95"]
    said = [pl.when(~pl.Series(silent)).then(pl.col(n)).alias(n) for n in numbers]
    return frame.with_columns(said).select(LEVEL_COLUMNS)


def write_forecast(forecast: Forecast, path: Path) -> None:
    """Write the forecast file; the same forecast gives the same bytes.

    The file appears whole or not at all (temporary file, then rename).
    """
    table = forecast_table(forecast).to_arrow()
    card = json.dumps(forecast.card, sort_keys=True, default=str).encode()
    table = table.replace_schema_metadata({METADATA_KEY: card})
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".tmp")
    pq.write_table(table, temporary, compression="zstd")
    temporary.rename(path)


def read_card(path: Path) -> dict[str, object]:
    """Read the run card of a forecast file."""
    metadata = pq.read_schema(path).metadata or {}
    card: dict[str, object] = json.loads(metadata.get(METADATA_KEY, b"{}"))
    return card
