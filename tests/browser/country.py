"""A run whose squares lie at six places of England and Wales, far apart, one hot square at each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from tests.api.run_folder import COLUMNS, FIRST_COLUMN, FIRST_ROW, ORIGIN, ROWS, mask, write_run

PLACES: Final = {
    "Cornwall": (147_000, 30_000), "Kent": (628_000, 141_000), "Norfolk": (622_000, 308_000),
    "Anglesey": (245_000, 380_000), "Cumbria": (339_000, 556_000), "Northumberland": (398_000, 648_000),
}  # fmt: skip
"""South-west corners of the six, metres of the National Grid."""
_WIDE, _HIGH = COLUMNS // 3, ROWS // 2


def write_country(folder: Path) -> dict[str, int]:
    """Write the folder; give the hot square of each place."""
    card = write_run(folder)
    cells = mask()
    column, row = cells % GRID.columns - FIRST_COLUMN, cells // GRID.columns - FIRST_ROW
    part = column // _WIDE + 3 * (row // _HIGH)
    west, south = (np.array([at[k] // 250 for at in PLACES.values()])[part] for k in (0, 1))
    new = (south + row % _HIGH) * GRID.columns + west + column % _WIDE
    moved = dict(zip(cells.tolist(), new.tolist(), strict=True))
    middle = (column % _WIDE == _WIDE // 2) & (row % _HIGH == _HIGH // 2)
    hot = {name: int(new[(part == k) & middle][0]) for k, name in enumerate(PLACES)}
    for path in folder.glob("*.parquet"):
        _move(path, moved, list(hot.values()))
    for name in ("levels.parquet", "level_cells.parquet", "block.geojson"):
        (folder / name).unlink(missing_ok=True)
    (folder / "scene.geojson").unlink()
    (folder / "run.json").write_text(json.dumps(card))
    return hot


def _move(path: Path, moved: dict[int, int], hot: list[int]) -> None:
    rows = pl.read_parquet(path)
    if path.name == "forecast.parquet":
        rows = rows.filter(pl.col("period_start") == ORIGIN)
    if "cell" not in rows.columns:
        return
    rows = rows.with_columns(pl.col("cell").replace_strict(moved, return_dtype=pl.Int64))
    if "easting" in rows.columns:
        x, y = GRID.corner(rows["cell"].to_numpy())
        rows = rows.with_columns(easting=pl.Series(x), northing=pl.Series(y))
    if path.name == "forecast.parquet":
        mean = pl.when(pl.col("cell").is_in(hot)).then(20.0).otherwise(0.05)
        rows = rows.with_columns(mean=mean, dispersion=pl.lit(0.03))
    if path.name == "cells.parquet":
        rows = rows.with_columns(share=pl.lit(1.0))
    rows.sort("cell").write_parquet(path)
