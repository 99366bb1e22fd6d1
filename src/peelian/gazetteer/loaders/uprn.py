"""OS Open UPRN as CSV: `UPRN,X_COORDINATE,Y_COORDINATE,LATITUDE,LONGITUDE`, some 40 million rows nationally.

The header is as quoted by several public readers of the product (read 24 November 2026); the file may begin
with a byte-order mark.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from peelian.gazetteer.loaders.csvs import csv_frames, need


def load(path: Path) -> Iterator[pl.DataFrame]:
    """Give each UPRN's point.

    Raises:
        Refused: when a column is missing.
    """
    for frame in csv_frames(path):
        code, x, y = (need(frame, (name,), path) for name in ("uprn", "x_coordinate", "y_coordinate"))
        yield frame.select(
            kind=pl.lit("uprn"), code=number(code),
            easting=pl.col(x).cast(pl.Float64, strict=False),
            northing=pl.col(y).cast(pl.Float64, strict=False),
        )  # fmt: skip


def number(column: str) -> pl.Expr:
    """A reference number as text without leading zeros; null where it is none."""
    return pl.col(column).str.strip_chars().str.extract(r"^0*(\d{1,12})(?:\.0+)?$", 1)
