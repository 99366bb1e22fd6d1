"""A pretend Portland: a small study area, events at repeat addresses, in the challenge's own layout."""

from __future__ import annotations

import gzip
import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from peelian.pipeline.nij.events import City, read_city
from peelian.pipeline.nij.tessellation import PIVOT

SIDE = 12_000.0  # feet; about 5 square miles


def frame(seed: int, count: int, first: date, last: date) -> pl.DataFrame:
    """Draw calls: two in three at one of 40 addresses that never change, the others anywhere."""
    rng, places = np.random.default_rng(seed), np.random.default_rng(77)
    address = places.uniform(500, SIDE - 500, (40, 2)).round()
    at = np.where(
        rng.random((count, 1)) < 0.66,
        address[rng.integers(0, 40, count)],
        rng.uniform(1, SIDE - 1, (count, 2)),
    ).round()
    days = np.sort(rng.integers(0, (last - first).days, count))
    return pl.DataFrame(
        {
            "occ_date": [first + timedelta(days=int(k)) for k in days],
            "x_coordina": (at[:, 0] + PIVOT[0]).astype(np.int64),
            "y_coordina": (at[:, 1] + PIVOT[1]).astype(np.int64),
        }
    )


def write(folder: Path, last: date = date(2017, 3, 1)) -> City:
    """Write the folder that the command reads."""
    folder.mkdir(parents=True, exist_ok=True)
    first = date(2012, 3, 1)
    frame(1, 1500, first, last).write_parquet(folder / "burglary_x.parquet")
    frame(2, 2500, first, last).write_parquet(folder / "motor_vehicle_theft_x.parquet")
    west, south = PIVOT
    ring = [
        [west, south],
        [west + SIDE, south],
        [west + SIDE, south + SIDE],
        [west, south + SIDE],
        [west, south],
    ]
    one = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    text = json.dumps({"type": "FeatureCollection", "features": [one]})
    (folder / "police_districts.geojson.gz").write_bytes(gzip.compress(text.encode()))
    return read_city(folder)
