"""An area file: name, CRS, cell size and a boundary or a point mask; how a grid outside Britain is given."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pyproj import Transformer

from peelian.domain.area import Area
from peelian.domain.errors import Misuse, Refused
from peelian.domain.grid import Cells, Grid
from peelian.guard.unreadable import NO_YAML

MakeGrid = Callable[[str, float | None], Grid]
_EXPECTED: Final = "name, crs, cell_size, and boundary (GeoJSON) or points"
_MOST_BYTES: Final = 1 << 28
_MOST_CELLS: Final = 50_000_000
"""Of the box around a boundary: Great Britain in squares of 250 m is below 15 million."""


class AreaFile(BaseModel):
    """What the file may say; anything else is refused by name."""

    model_config = ConfigDict(extra="forbid")

    name: str
    code: str | None = None
    crs: str = "EPSG:27700"
    cell_size: float | None = Field(default=None, gt=0, le=1e7, allow_inf_nan=False)
    boundary: dict[str, Any] | str | None = None  # GeoJSON in WGS84, or a path to it
    points: list[tuple[float, float]] | None = None  # cell centres to keep, in `crs`
    no_data: dict[str, Any] | None = None  # GeoJSON in WGS84: parts that no feed speaks of
    simulated: bool = False


def read_area_file(path: Path, make_grid: MakeGrid) -> Area:
    """Read an area file (JSON or YAML) into the area it describes.

    Raises:
        Misuse: no such file, or it says something unknown.
        Refused: neither a boundary nor points, or nothing inside.
    """
    if not path.is_file() or path.stat().st_size > _MOST_BYTES:
        raise Misuse(f"there is no area file {path.name}", expected="a JSON or YAML file", do="check --area")
    try:
        spec = AreaFile.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (ValidationError, *NO_YAML) as error:
        keys = (
            ", ".join(".".join(map(str, e["loc"])) for e in error.errors())
            if isinstance(error, ValidationError)
            else "its syntax"
        )
        raise Misuse(f"{path.name} is not an area file: see {keys}", expected=_EXPECTED) from None
    grid = make_grid(spec.crs, spec.cell_size)
    code = spec.code or path.stem
    if spec.points is not None:
        xy = np.asarray(spec.points, float).reshape(-1, 2)
        ids = np.unique(grid.cell_of(xy[:, 0], xy[:, 1]))
        return Area(code, spec.name, grid, ids[ids >= 0], "points", None, spec.simulated)
    if spec.boundary is None:
        raise Refused(f"{path.name} gives no boundary and no points", do="add one of the two")
    boundary = spec.boundary
    if isinstance(boundary, str):
        boundary = _beside(path, boundary)
    cells = cells_inside(grid, boundary)
    if not len(cells):
        raise Refused(f"the boundary in {path.name} holds no cell centre", do="check its CRS: WGS84 is read")
    silent = np.intersect1d(cells_inside(grid, spec.no_data), cells) if spec.no_data else cells[:0]
    return Area(code, spec.name, grid, cells, "boundary", boundary, spec.simulated, silent)


def cells_inside(grid: Grid, boundary: dict[str, Any]) -> Cells:
    """Give the cells whose centre lies in a GeoJSON (WGS84) polygon, sorted.

    Raises:
        Misuse: it is no polygon in degrees, or one too large for such cells.
    """
    to_grid = Transformer.from_crs("EPSG:4326", grid.crs, always_xy=True)
    shape = shapely.transform(
        _geometry(boundary), lambda xy: np.column_stack(to_grid.transform(xy[:, 0], xy[:, 1]))
    )
    x0, y0, x1, y1 = shapely.bounds(shape)
    if not np.isfinite([x0, y0, x1, y1]).all():
        raise Misuse("the boundary is empty, or its coordinates are no degrees", expected="GeoJSON in WGS84")
    if (x1 - x0) * (y1 - y0) > _MOST_CELLS * grid.size**2:
        raise Misuse("the boundary is too large for squares of this size", do="check it, and cell_size")
    xs = np.arange(np.floor(x0 / grid.size), np.ceil(x1 / grid.size)) * grid.size + grid.size / 2
    ys = np.arange(np.floor(y0 / grid.size), np.ceil(y1 / grid.size)) * grid.size + grid.size / 2
    px, py = (a.ravel() for a in np.meshgrid(xs, ys))
    shapely.prepare(shape)
    inside = shapely.contains_xy(shape, px, py)
    ids = np.unique(grid.cell_of(px[inside], py[inside]))
    return ids[ids >= 0]


def _geometry(boundary: dict[str, Any]) -> shapely.Geometry:
    features = boundary.get("features", [boundary])
    try:
        shapes = [shapely.from_geojson(json.dumps(f.get("geometry", f))) for f in features]
        return shapely.make_valid(shapely.union_all(shapes))
    except (shapely.errors.GEOSException, ValueError, TypeError, AttributeError, RecursionError):
        raise Misuse("the boundary is no GeoJSON polygon", expected="GeoJSON in WGS84") from None


def _beside(path: Path, name: str) -> dict[str, Any]:
    """Read the boundary's own file, which an area file may name."""
    try:
        body = json.loads((path.parent / name).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Misuse(f"the boundary file that {path.name} names cannot be read", expected="GeoJSON in WGS84")
    return body
