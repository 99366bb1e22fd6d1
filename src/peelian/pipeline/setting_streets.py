"""Streets from a local file, as metres in tiles of 25 m: for curves by street length, never a feature."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely
from pyproj import CRS, Transformer

from peelian.domain.errors import Misuse, Refused
from peelian.domain.grid import Cells, Floats, Grid
from peelian.domain.progress import Tick, no_tick
from peelian.guard.unreadable import NO_CRS, NO_SHAPES
from peelian.pipeline.context import Context
from peelian.pipeline.gazetteers import Imported
from peelian.store.catalogue import transaction
from peelian.store.context_files import replace_context_file

TILE_M: Final = 25.0
BRITISH: Final = "EPSG:27700"
_SUFFIXES: Final = (".geojson", ".json", ".gpkg", ".shp", ".zip")
_MOST_BYTES: Final = 4 << 30
_EXPECTED: Final = "lines in GeoJSON, GeoPackage or a shapefile, such as OS Open Roads"


def import_setting(ctx: Context, path: Path, tick: Tick = no_tick) -> Imported:
    """Read the lines of a file; they replace what was held. Names are not read.

    Raises:
        Forbidden: when the policy says no.
        Misuse: there is no such file, or it is of another format.
        Refused: it cannot be read, tells no CRS, or holds no line in Great Britain.
    """
    ctx.allow("collection", "streets")
    if path.suffix.lower() not in _SUFFIXES or not path.is_file() or path.stat().st_size > _MOST_BYTES:
        raise Misuse("there is no file of streets that can be read there", expected=_EXPECTED)
    tick("reading", 0.1)
    lines = _lines(path)
    tick("cutting into tiles", 0.6)
    tiles = tiles_of(lines)
    held = _path(ctx)
    replaced = held.is_file()
    held.parent.mkdir(parents=True, exist_ok=True)
    temporary = held.with_suffix(".tmp")
    tiles.write_parquet(temporary)
    temporary.rename(held)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    with transaction(ctx.ws) as conn:
        replace_context_file(conn, "streets", path.name, digest, len(lines))
        ctx.record(conn, "collection", f"{len(lines)} lines of streets")
    tick("done", 1.0)
    return Imported("streets", path.name, digest, {"street": len(lines)}, replaced)


def street_metres(ctx: Context, grid: Grid, cells: Cells) -> Floats | None:
    """Give the metres of street in each of an area's cells, sorted ids; None where no street is held there.

    A piece of at most 25 m goes whole to the cell of its tile's middle: sums are exact, edges are not.
    """
    if grid.crs != BRITISH or not _path(ctx).is_file():
        return None
    tiles = pl.read_parquet(_path(ctx))
    at = grid.cell_of(tiles["easting"].to_numpy(), tiles["northing"].to_numpy())
    place = np.minimum(np.searchsorted(cells, at), len(cells) - 1)
    inside = cells[place] == at
    out = np.bincount(place[inside], tiles["metres"].to_numpy()[inside], len(cells))
    return np.asarray(out, np.float64) if out.sum() > 0 else None


def tiles_of(lines: npt.NDArray[Any]) -> pl.DataFrame:
    """Give metres of line by tile of 25 m: easting and northing of its middle, metres. EPSG:27700."""
    fine = shapely.segmentize(lines, TILE_M)
    xy, of = shapely.get_coordinates(fine, return_index=True)
    same = of[1:] == of[:-1]
    a, b = xy[:-1][same], xy[1:][same]
    tile = np.floor((a + b) / 2.0 / TILE_M)
    return (
        pl.DataFrame({"x": tile[:, 0], "y": tile[:, 1], "metres": np.hypot(*(b - a).T)})
        .group_by("x", "y").agg(pl.col("metres").sum()).sort("x", "y")
        .select(
            easting=(pl.col("x") + 0.5) * TILE_M, northing=(pl.col("y") + 0.5) * TILE_M, metres="metres",
        )
    )  # fmt: skip


def _lines(path: Path) -> npt.NDArray[Any]:
    from pyogrio.raw import read

    where = f"/vsizip/{path.resolve()}" if path.suffix.lower() == ".zip" else str(path.resolve())
    try:
        meta, _, wkb, _ = read(where, columns=[], force_2d=True)
    except NO_SHAPES:
        raise Refused("the file cannot be read as streets", expected=_EXPECTED) from None
    shapes = shapely.from_wkb(np.array([] if wkb is None else wkb, object), on_invalid="ignore")
    parts = shapely.get_parts(shapes[~shapely.is_missing(shapes)])
    lines = parts[(shapely.get_dimensions(parts) == 1) & ~shapely.is_empty(parts)]
    moved = _moved(lines, meta.get("crs"))
    west, south, east, north = shapely.bounds(moved).T  # a line that leads far off would be cut into millions
    kept = (west >= 0) & (east <= 700_000) & (south >= 0) & (north <= 1_300_000) & shapely.is_valid(moved)
    if not kept.any():
        raise Refused("the file holds no line in Great Britain", expected=_EXPECTED)
    return np.asarray(moved[kept], object)


def _moved(lines: npt.NDArray[Any], said: str | None) -> npt.NDArray[Any]:
    if not said:
        raise Refused("the file does not tell its coordinate system", expected="a .prj beside a shapefile")
    try:
        crs = CRS.from_user_input(said)
    except NO_CRS:
        raise Refused("the file's coordinate system is not known", expected=BRITISH) from None
    if crs == CRS.from_user_input(BRITISH):
        return lines
    try:
        to = Transformer.from_crs(crs, BRITISH, always_xy=True)
        moved = shapely.transform(lines, lambda xy: np.column_stack(to.transform(xy[:, 0], xy[:, 1])))
    except NO_CRS:
        raise Refused("there is no way from the file's coordinate system", expected=BRITISH) from None
    return np.asarray(moved, object)


def _path(ctx: Context) -> Path:
    return ctx.ws.home / "settings" / "streets.parquet"
