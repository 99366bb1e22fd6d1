"""Reading the challenge's files: events as points and days, and the study area."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely

from peelian.domain.errors import Misuse, Refused
from peelian.domain.grid import Floats
from peelian.guard.outside_parquet import read_outside_parquet
from peelian.pipeline.nij.rules import CATEGORIES, Category

COLUMNS: Final = ("occ_date", "x_coordina", "y_coordina")
_EPOCH: Final = date(1970, 1, 1)
_NO_GEOJSON: Final = (
    OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, RecursionError,
    shapely.errors.GEOSException,
)  # fmt: skip


def day_number(day: date) -> int:
    """Give the days since 1970."""
    return (day - _EPOCH).days


@dataclass(frozen=True, eq=False)
class Events:
    """Points in EPSG:2913 feet and their days (numbers since 1970), shapes (N,)."""

    x: Floats
    y: Floats
    day: npt.NDArray[np.int64]

    def between(self, first: date | None, last: date) -> Events:
        """Keep what happened from `first` (or ever) to the day before `last`."""
        keep = self.day < day_number(last)
        if first is not None:
            keep &= self.day >= day_number(first)
        return Events(self.x[keep], self.y[keep], self.day[keep])

    def __len__(self) -> int:
        return len(self.day)


@dataclass(frozen=True, eq=False)
class City:
    """Everything held of Portland: events by category, and the study area with its size in square feet."""

    events: Mapping[str, Events]
    boundary: shapely.Geometry
    area: float


def read_city(folder: Path) -> City:
    """Read a folder of one Parquet file a category and the police districts (GeoJSON, EPSG:2913).

    Raises:
        Misuse: no such folder.
        Refused: a category's file or the districts are not there, or lack their columns.
    """
    if not folder.is_dir():
        raise Misuse(
            "there is no such data folder", expected="a folder of the challenge's files", do="see --data"
        )
    events = {c.name: read_events(_one(folder, f"{c.prefix}*.parquet"), c) for c in CATEGORIES}
    boundary = _districts(_one(folder, "police_districts*.geojson*"))
    return City(events, boundary, float(shapely.area(boundary)))


def _districts(path: Path) -> shapely.Geometry:
    try:
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        shapes = [shapely.from_geojson(json.dumps(f["geometry"])) for f in json.loads(raw)["features"]]
        return shapely.union_all(shapes)
    except _NO_GEOJSON:
        raise Refused(f"{path.name} is no GeoJSON of districts", expected="polygons in EPSG:2913") from None


def read_events(path: Path, category: Category) -> Events:
    """Read one file (Parquet or CSV) with `occ_date`, `x_coordina` and `y_coordina`.

    Raises:
        Refused: it cannot be read, a column is missing, or a row has no day or place.
    """
    try:
        csv = path.suffix == ".csv"
        frame = pl.read_csv(path, try_parse_dates=True) if csv else read_outside_parquet(path)
    except (pl.exceptions.PolarsError, OSError, ValueError):
        raise Refused(f"{path.name} is damaged or no table", expected="Parquet or CSV") from None
    missing = [name for name in COLUMNS if name not in frame.columns]
    if missing:
        raise Refused(f"{path.name} lacks {', '.join(missing)}", expected=", ".join(COLUMNS))
    try:
        if "category" in frame.columns:
            frame = frame.filter(pl.col("category") == category.name)
        rows = frame.select(
            pl.col("occ_date").cast(pl.Date), *(pl.col(c).cast(pl.Float64) for c in COLUMNS[1:])
        )
    except pl.exceptions.PolarsError:
        raise Refused(f"{path.name} holds other types", expected="days, and numbers of feet") from None
    if rows.null_count().sum_horizontal().item():
        raise Refused(f"{path.name} has rows without a day or a place", do="leave them out and say how many")
    days = rows["occ_date"].to_physical().to_numpy()  # days since 1970, as `day_number` counts
    return Events(rows[COLUMNS[1]].to_numpy(), rows[COLUMNS[2]].to_numpy(), days.astype(np.int64))


def _one(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if not found:
        raise Refused(f"the data folder holds no {pattern}", do="see docs/nij.md for what it must hold")
    return found[0]
