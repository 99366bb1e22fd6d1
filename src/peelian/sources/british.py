"""Longitude and latitude to British National Grid with OSTN15, each distinct point once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl
from convertbng.cutil import convert_to_osgb36

Floats = npt.NDArray[np.float64]


def to_british_grid(longitude: Floats, latitude: Floats) -> tuple[Floats, Floats]:
    """Give easting and northing in metres (EPSG:27700); NaN outside the area OSTN15 covers.

    Never an approximate ("ballpark") transformation: a point without one has no place.
    """
    easting, northing = convert_to_osgb36(longitude, latitude)
    return np.asarray(easting, np.float64), np.asarray(northing, np.float64)


def add_british_grid(frame: pl.DataFrame) -> pl.DataFrame:
    """Add `easting` and `northing` from Float64 `longitude` and `latitude` (null where they are)."""
    points = frame.select("longitude", "latitude").drop_nulls().unique(maintain_order=False)
    easting, northing = to_british_grid(points["longitude"].to_numpy(), points["latitude"].to_numpy())
    points = points.with_columns(
        easting=pl.Series(easting).fill_nan(None), northing=pl.Series(northing).fill_nan(None)
    )
    return frame.join(points, on=["longitude", "latitude"], how="left", maintain_order="left")
