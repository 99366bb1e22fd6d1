"""The point of a row, whatever its columns are called: easting and northing, degrees, or WKT."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from peelian.gazetteer.loaders.csvs import need, pick
from peelian.gazetteer.loaders.lines import WKT, middle_and_spread
from peelian.gazetteer.projection import with_grid

EASTING: Final = ("easting", "eastings", "east1m", "oseast1m", "x_coordinate", "geometry_x", "x", "ea")
NORTHING: Final = ("northing", "northings", "north1m", "osnrth1m", "y_coordinate", "geometry_y", "y", "no")
LONGITUDE: Final = ("longitude", "long", "lon", "lng")
LATITUDE: Final = ("latitude", "lat")


def point_columns(frame: pl.DataFrame, path: Path) -> pl.DataFrame:
    """Add `easting` and `northing` (EPSG:27700 metres; null where unreadable or both 0).

    Raises:
        Refused: when the file has neither pair of columns.
    """
    if pick(frame, EASTING) is None and pick(frame, LONGITUDE) is not None:
        return with_grid(frame, need(frame, LONGITUDE, path), need(frame, LATITUDE, path))
    line = pick(frame, WKT)
    if pick(frame, EASTING) is None and line is not None:
        east, north, _ = middle_and_spread(frame[line])
        return frame.with_columns(easting=pl.Series(east), northing=pl.Series(north))
    x, y = need(frame, EASTING, path), need(frame, NORTHING, path)
    frame = frame.with_columns(
        easting=pl.col(x).cast(pl.Float64, strict=False), northing=pl.col(y).cast(pl.Float64, strict=False)
    )
    # A point 0, 0 is how postcode files say that there is none.
    there = (pl.col("easting") != 0) | (pl.col("northing") != 0)
    return frame.with_columns(pl.when(there).then(pl.col(c)).alias(c) for c in ("easting", "northing"))
