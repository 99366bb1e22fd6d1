"""Lines as text (WKT) to arrays: their middles, how far they reach, where they end."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely

WKT: Final = ("wkt", "geometry", "geom", "wkt_geom", "the_geom")
Floats = npt.NDArray[np.float64]


def from_wkt(texts: pl.Series) -> npt.NDArray[Any]:
    """Give geometries; None where the text is none."""
    plain = texts.str.replace(r"(?i)^srid=\d+;", "").to_numpy(allow_copy=True)
    return np.asarray(shapely.from_wkt(plain, on_invalid="ignore"), dtype=object)


def middle_and_spread(texts: pl.Series) -> tuple[Floats, Floats, Floats]:
    """Give each line's own point nearest its centroid, and the distance to its furthest corner."""
    return middles(from_wkt(texts))


def middles(lines: npt.NDArray[Any]) -> tuple[Floats, Floats, Floats]:
    """As `middle_and_spread`, of geometries; NaN for None."""
    centre = shapely.centroid(lines)
    at = shapely.get_point(shapely.shortest_line(lines, centre), 0)
    spread = shapely.hausdorff_distance(at, lines)
    x, y = shapely.get_x(at), shapely.get_y(at)
    return np.asarray(x, np.float64), np.asarray(y, np.float64), np.asarray(spread, np.float64)
