"""Unique Street Reference Numbers: OS Open USRN (`usrn`, `street_type`, a line) exported as CSV with WKT.

The product itself is a GeoPackage (docs.os.uk, OS Open USRN); `roads` says why that is not read here. A CSV
with `usrn` and a point (easting and northing) serves too.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from peelian.gazetteer.loaders.csvs import csv_frames, need, pick
from peelian.gazetteer.loaders.lines import WKT, middle_and_spread
from peelian.gazetteer.loaders.points import EASTING, point_columns
from peelian.gazetteer.loaders.uprn import number


def load(path: Path) -> Iterator[pl.DataFrame]:
    """Give each USRN's middle, and how far its street reaches.

    Raises:
        Refused: when a column is missing.
    """
    for frame in csv_frames(path):
        code = need(frame, ("usrn",), path)
        if pick(frame, EASTING) is None:
            line = need(frame, WKT, path)
            east, north, spread = middle_and_spread(frame[line])
            frame = frame.with_columns(
                easting=pl.Series(east), northing=pl.Series(north), spread=pl.Series(spread)
            )
        else:
            frame = point_columns(frame, path)
        spread_column = pl.col("spread") if "spread" in frame.columns else pl.lit(None, pl.Float64)
        yield frame.select(
            "easting", "northing", kind=pl.lit("usrn"), code=number(code), spread=spread_column
        )
