"""From a table's coordinates to the projected CRS its cells are in."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import polars as pl
import pyproj

from peelian.sources.british import Floats, to_british_grid
from peelian.sources.table.mapping import Mapping


def add_place(frame: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    """Add `_x`, `_y` (input, Float64) and `_e`, `_n` in `project_to`'s unit; null where there is no place.

    Each distinct point is transformed once. Points outside the CRS's area of use get no `_e` and `_n`.
    """
    columns = mapping.columns
    if not (columns.easting or columns.longitude):
        return frame.with_columns(pl.lit(None, pl.Float64).alias(c) for c in ("_x", "_y", "_e", "_n"))
    x, y = ("easting", "northing") if columns.easting else ("longitude", "latitude")
    frame = frame.with_columns(
        _x=pl.col(x).cast(pl.Float64, strict=False), _y=pl.col(y).cast(pl.Float64, strict=False)
    )
    finite = pl.col("_x").is_finite() & pl.col("_y").is_finite()
    points = frame.select("_x", "_y").filter(finite).unique()
    easting, northing = project(
        points["_x"].to_numpy(), points["_y"].to_numpy(), mapping.input_crs, mapping.project_to
    )
    points = points.with_columns(
        _e=pl.Series(easting, dtype=pl.Float64).fill_nan(None),
        _n=pl.Series(northing, dtype=pl.Float64).fill_nan(None),
    )
    return frame.join(points, on=["_x", "_y"], how="left", maintain_order="left")


def project(x: Floats, y: Floats, crs: str, to: str) -> tuple[Floats, Floats]:
    """Transform points; NaN outside the area of use. Into British National Grid always by OSTN15."""
    if crs != to and to == "EPSG:27700":
        longitude, latitude = (x, y) if crs == "EPSG:4326" else _transformer(crs, "EPSG:4326").transform(x, y)
        return to_british_grid(longitude, latitude)
    easting, northing = (x, y) if crs == to else _transformer(crs, to).transform(x, y)
    west, south, east, north = bounds(to)
    easting, northing = np.asarray(easting, np.float64), np.asarray(northing, np.float64)
    inside = (easting >= west) & (easting <= east) & (northing >= south) & (northing <= north)
    return np.where(inside, easting, np.nan), np.where(inside, northing, np.nan)


@lru_cache(maxsize=16)
def _transformer(crs: str, to: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(crs, to, always_xy=True, allow_ballpark=False)


@lru_cache(maxsize=16)
def bounds(crs: str) -> tuple[float, float, float, float]:
    """Give the box of a projected CRS's area of use, in its own unit."""
    if crs == "EPSG:27700":
        return 0.0, 0.0, 700_000.0, 1_300_000.0
    area = pyproj.CRS.from_user_input(crs).area_of_use
    if area is None:
        return -np.inf, -np.inf, np.inf, np.inf
    box = _transformer("EPSG:4326", crs).transform_bounds(area.west, area.south, area.east, area.north)
    return float(box[0]), float(box[1]), float(box[2]), float(box[3])
