"""The shapes of a run's places: squares of its lattice, or the boundaries it holds of larger places."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from peelian.api.level_run import LevelRun
from peelian.api.projection import lonlat
from peelian.api.run_folder import Run
from peelian.domain.grid import Floats

Shapes = npt.NDArray[Any]
"""An object array of shapely geometries."""


def corners(run: Run) -> tuple[Floats, Floats]:
    """Give the five corners of each square in the grid's CRS, (C, 5) each, anticlockwise and closed."""
    x, y = run.base.grid.corner(run.base.cells)
    size = run.base.grid.size
    return (
        np.asarray(x, np.float64)[:, None] + np.array([0.0, size, size, 0.0, 0.0]),
        np.asarray(y, np.float64)[:, None] + np.array([0.0, 0.0, size, size, 0.0]),
    )


def shapes(run: Run) -> Shapes:
    """Give each place's shape, in the order of the run's cells, longitude and latitude (WGS84 degrees)."""
    if not isinstance(run, LevelRun):
        x, y = corners(run)
        lon, lat = lonlat(run.grid.crs, x, y)
        rings = np.stack([lon.round(7), lat.round(7)], axis=2)
        return np.asarray(shapely.polygons(shapely.linearrings(rings)))
    scene = json.loads((run.of.folder / f"{run.view}.geojson").read_text("utf-8"))
    by_code = {str(one["properties"]["place"]): json.dumps(one["geometry"]) for one in scene["features"]}
    made = shapely.from_geojson([by_code[code] for code in run.codes])
    return np.asarray(shapely.orient_polygons(made))
