"""Longitude and latitude to British National Grid with OSTN15, each distinct point once."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from convertbng.cutil import convert_to_osgb36

Floats = npt.NDArray[np.float64]

_SCHEMA: Final = dict.fromkeys(("longitude", "latitude", "easting", "northing"), pl.Float64())
_ON: Final = ["longitude", "latitude"]


def to_british_grid(longitude: Floats, latitude: Floats) -> tuple[Floats, Floats]:
    """Give easting and northing in metres (EPSG:27700); NaN outside the area OSTN15 covers.

    Never an approximate ("ballpark") transformation: a point without one has no place.
    """
    easting, northing = convert_to_osgb36(longitude, latitude)
    return np.asarray(easting, np.float64), np.asarray(northing, np.float64)


class KnownPoints:
    """Points already transformed. Published points are few and come again each month."""

    def __init__(self, most: int = 50_000) -> None:
        self._most = most
        self._points = pl.DataFrame(schema=_SCHEMA)

    def add_grid(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Add `easting` and `northing` of Float64 `longitude` and `latitude`; null outside Britain."""
        placed = frame.join(self._points, on=_ON, how="left", maintain_order="left")
        if placed["easting"].null_count() == frame["longitude"].null_count():
            return placed
        new = placed.filter(pl.col("easting").is_null()).select(_ON).drop_nulls().unique()
        easting, northing = to_british_grid(new["longitude"].to_numpy(), new["latitude"].to_numpy())
        new = new.with_columns(
            easting=pl.Series(easting).fill_nan(None), northing=pl.Series(northing).fill_nan(None)
        )
        points = pl.concat([self._points, new])
        inside = points.filter(pl.col("easting").is_not_null())
        self._points = inside if inside.height <= self._most else pl.DataFrame(schema=_SCHEMA)
        return frame.join(points, on=_ON, how="left", maintain_order="left")
