"""The outline of each chosen place in longitude and latitude, kept with the plan: areas may change later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl
import shapely
from pyproj import Transformer

from peelian.domain.grid import Grid
from peelian.pipeline.planning.candidates import Choice

_DIGITS: Final = 1e-6
_FINE_M: Final = 2.0


def outlines_of(choice: Choice, places: Sequence[int], grid: Grid) -> pl.DataFrame:
    """Give place and outline (GeoJSON geometry, WGS84) of the chosen places."""
    shapes = _shapes(choice, places, grid)
    to = Transformer.from_crs(grid.crs, "EPSG:4326", always_xy=True)
    moved = shapely.transform(shapes, lambda xy: np.column_stack(to.transform(xy[:, 0], xy[:, 1])))
    texts = shapely.to_geojson(shapely.set_precision(moved, _DIGITS))
    return pl.DataFrame(
        {"place": [choice.candidates.ids[k] for k in places], "outline": list(texts)},
        schema={"place": pl.String, "outline": pl.String},
    )


def _shapes(choice: Choice, places: Sequence[int], grid: Grid) -> np.ndarray:
    if choice.outlines:
        given = shapely.from_wkb([choice.outlines[k] for k in places])
        return np.asarray(shapely.simplify(given, _FINE_M / grid.unit_m), object)
    x, y = grid.corner(np.concatenate([choice.squares[k] for k in places]))
    return np.asarray(shapely.box(x, y, x + grid.size, y + grid.size), object)
