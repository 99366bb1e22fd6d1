"""Longitude and latitude to British National Grid with OSTN15, for files that have no eastings."""

from __future__ import annotations

import numpy as np
import polars as pl
from convertbng.cutil import convert_to_osgb36


def with_grid(frame: pl.DataFrame, longitude: str, latitude: str) -> pl.DataFrame:
    """Fill `easting` and `northing` (EPSG:27700 metres); null where the point is outside Britain."""
    lon = frame[longitude].cast(pl.Float64, strict=False).fill_null(float("nan")).to_numpy()
    lat = frame[latitude].cast(pl.Float64, strict=False).fill_null(float("nan")).to_numpy()
    easting, northing = convert_to_osgb36(np.ascontiguousarray(lon), np.ascontiguousarray(lat))
    return frame.with_columns(
        easting=pl.Series(easting, dtype=pl.Float64).fill_nan(None),
        northing=pl.Series(northing, dtype=pl.Float64).fill_nan(None),
    )
