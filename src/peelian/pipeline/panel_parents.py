"""The larger places of an area's cells, from the boundaries imported: found once, then kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
import shapely
from pyproj import Transformer

from peelian.domain.grid import Cells, Floats, Grid
from peelian.domain.panel import Parents
from peelian.domain.parents import LEVELS, NESTED, Overlaps, nested, owners, weights
from peelian.pipeline.context import Context
from peelian.pipeline.setting_boundaries import boundaries_file
from peelian.pipeline.setting_lookup import lookup_file

POINTS: Final = 5
"""Points a side, 25 in all, that tell how much of a cell lies in an area: to 4 % of it, enough to say which
holds most. Cells wholly within one area need none."""
NEAREST_M: Final = 2000.0
"""A cell that touches no area (a coast drawn coarsely) belongs to the nearest within this distance."""
_FORM: Final = 1
_CELLS_AT_ONCE: Final = 20_000


@dataclass(frozen=True, eq=False)
class ParentsHeld:
    """The larger places of one set of cells.

    `parents`: nested levels, smallest first. `shares`: for each level, and for wards and beats too, the fixed
    table (level, cell, code, share) that shares cells out for display; a cell's shares add up to 1. `digest`
    names the files it rests on.
    """

    parents: tuple[Parents, ...]
    shares: pl.DataFrame
    digest: str


def parents_held(ctx: Context, grid: Grid, cells: Cells) -> ParentsHeld | None:
    """Give the larger places of the cells, or None where no boundary of them is held.

    Without boundaries there are no areas: squares of a kilometre stand for them, for the codes that sources
    publish with their events change from one vintage to another.
    """
    files = {level: boundaries_file(ctx, level) for level in LEVELS}
    held = {level: path for level, path in files.items() if path.is_file()}
    if not held or not len(cells):
        return None
    sources = [*held.values(), *([lookup_file(ctx)] if lookup_file(ctx).is_file() else [])]
    digest = _digest(sources, grid, cells)
    kept = ctx.ws.home / "settings" / "parents" / f"{digest}.parquet"
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        temporary = kept.with_suffix(".tmp")
        _find(held, lookup_file(ctx), grid, cells).write_parquet(temporary)
        temporary.rename(kept)
    table = pl.read_parquet(kept)
    return _of(table, cells, digest) if table.height else None


def _of(table: pl.DataFrame, cells: Cells, digest: str) -> ParentsHeld:
    parents = []
    for level in NESTED:
        own = table.filter((pl.col("level") == level) & pl.col("owner"))
        if own.is_empty():
            continue
        codes = sorted(own["code"].unique().to_list())
        index = dict(zip(codes, range(len(codes)), strict=True))
        of_cell = np.full(len(cells), -1, np.int64)
        at = np.searchsorted(cells, own["cell"].to_numpy())
        of_cell[at] = own["code"].replace_strict(index, return_dtype=pl.Int64).to_numpy()
        parents.append(Parents(level, tuple(codes), of_cell))
    return ParentsHeld(tuple(parents), table.select("level", "cell", "code", "share"), digest)


def _digest(files: Sequence[Path], grid: Grid, cells: Cells) -> str:
    """Name what the answer depends on: files, lattice and cells."""
    out = hashlib.sha256(json.dumps([_FORM, POINTS, grid.name, grid.size]).encode())
    for path in files:
        out.update(hashlib.sha256(path.read_bytes()).digest())
    out.update(np.ascontiguousarray(cells, np.int64).tobytes())
    return out.hexdigest()[:24]


def _find(held: dict[str, Path], lookup: Path, grid: Grid, cells: Cells) -> pl.DataFrame:
    """Find owners and shares of each level: level, cell, code, share, owner."""
    pairs = pl.read_parquet(lookup) if lookup.is_file() else None
    below: tuple[str, tuple[str, ...], Cells] | None = None
    out = [pl.DataFrame(schema=_SCHEMA)]
    for level, path in held.items():
        near = shapes_near(path, grid, cells)
        if near.is_empty():
            continue
        codes = tuple(near["code"].to_list())
        overlaps = overlaps_of(_projected(near, grid), grid, cells)
        of_cell = owners(overlaps, len(cells))
        if level in NESTED and below is not None:
            of_cell, codes = _nest(of_cell, codes, level, below, pairs)
            overlaps = Overlaps(cells[:0], cells[:0], np.empty(0))  # no area of it is lost in a cell
        if level in NESTED:
            below = (level, codes, of_cell)
        out.append(_table(level, codes, weights(overlaps, of_cell), of_cell, cells))
    return pl.concat(out)


_SCHEMA: Final[dict[str, Any]] = {
    "level": pl.String, "cell": pl.Int64, "code": pl.String, "share": pl.Float64, "owner": pl.Boolean,
}  # fmt: skip


def _table(level: str, codes: tuple[str, ...], rows: Overlaps, of_cell: Cells, cells: Cells) -> pl.DataFrame:
    return pl.DataFrame({
        "level": pl.repeat(level, len(rows.cell), eager=True), "cell": cells[rows.cell],
        "code": pl.Series(codes, dtype=pl.String).gather(rows.area), "share": rows.share,
        "owner": of_cell[rows.cell] == rows.area,
    }, schema=_SCHEMA)  # fmt: skip


def _nest(
    of_cell: Cells, codes: tuple[str, ...], level: str, below: tuple[str, tuple[str, ...], Cells],
    pairs: pl.DataFrame | None,
) -> tuple[Cells, tuple[str, ...]]:  # fmt: skip
    """Give each cell the larger area of its smaller one: by the lookup, else by most of its cells."""
    child_level, children, child_of = below
    found = nested(child_of, of_cell, len(children))
    if pairs is not None:
        asked = (pl.col("child_level") == child_level) & (pl.col("parent_level") == level)
        told = dict(pairs.filter(asked).select("child", "parent").iter_rows())
        index = {code: k for k, code in enumerate(codes)}
        said = [index.get(told.get(code, ""), -1) for code in children]
        found = np.where(np.array(said) >= 0, said, found)
    # A cell of no smaller area keeps the larger one that it lies in.
    return np.where(child_of >= 0, found[np.maximum(child_of, 0)], of_cell).astype(np.int64), codes


def shapes_near(path: Path, grid: Grid, cells: Cells) -> pl.DataFrame:
    """Read the areas of a file whose box meets the cells' box, by code; the rest of the country is not."""
    easting, northing = grid.corner(cells)
    side, far = grid.size, NEAREST_M / grid.unit_m
    x = np.linspace(easting.min() - far, easting.max() + side + far, 9)
    y = np.linspace(northing.min() - far, northing.max() + side + far, 9)
    lon, lat = Transformer.from_crs(grid.crs, "EPSG:4326", always_xy=True).transform(*np.meshgrid(x, y))
    return (
        pl.scan_parquet(path)
        .filter((pl.col("west") <= lon.max()) & (pl.col("east") >= lon.min())
                & (pl.col("south") <= lat.max()) & (pl.col("north") >= lat.min()))
        .sort("code").collect()
    )  # fmt: skip


def _projected(near: pl.DataFrame, grid: Grid) -> Any:
    to_grid = Transformer.from_crs("EPSG:4326", grid.crs, always_xy=True)
    shapes = shapely.from_wkb(near["wkb"].to_list())
    moved = shapely.transform(shapes, lambda xy: np.column_stack(to_grid.transform(xy[:, 0], xy[:, 1])))
    return shapely.make_valid(moved)


def overlaps_of(shapes: Any, grid: Grid, cells: Cells) -> Overlaps:
    """Measure how much of each cell lies in each shape (in the grid's CRS), by points within the cell.

    A point on a border counts to the first shape. Cells of no shape are wholly the nearest one's.
    """
    tree = shapely.STRtree(shapes)
    x, y = grid.corner(cells)
    inside, at = tree.query(shapely.box(x, y, x + grid.size, y + grid.size), predicate="within")
    whole = np.full(len(cells), -1, np.int64)
    whole[inside[::-1]] = at[::-1]
    cut = np.flatnonzero(whole < 0)
    parts = [Overlaps(np.flatnonzero(whole >= 0), whole[whole >= 0], np.ones(int((whole >= 0).sum())))]
    for k in range(0, len(cut), _CELLS_AT_ONCE):
        some = cut[k : k + _CELLS_AT_ONCE]
        parts.append(_sampled(tree, some, x[some], y[some], grid.size))
    lost = np.setdiff1d(cut, np.concatenate([part.cell for part in parts]))
    parts.append(_nearest(tree, lost, grid, cells))
    return Overlaps(
        *(np.concatenate([getattr(p, name) for p in parts]) for name in ("cell", "area", "share"))
    )


def _sampled(tree: shapely.STRtree, some: Cells, x: Floats, y: Floats, size: float) -> Overlaps:
    steps = (np.arange(POINTS) + 0.5) / POINTS * size
    px = (x[:, None] + np.tile(steps, POINTS)).ravel()
    py = (y[:, None] + np.repeat(steps, POINTS)).ravel()
    point, shape = tree.query(shapely.points(px, py), predicate="intersects")
    order = np.lexsort((shape, point))
    point, shape = point[order], shape[order]
    first = np.r_[True, point[1:] != point[:-1]] if len(point) else np.empty(0, np.bool_)
    cell, shape = some[point[first] // POINTS**2], shape[first]
    wide = int(shape.max(initial=0)) + 1
    pairs, many = np.unique(cell * wide + shape, return_counts=True)
    pairs = pairs.astype(np.int64)
    counted = Overlaps(pairs // wide, pairs % wide, many / POINTS**2)
    total = np.bincount(counted.cell, counted.share)  # less than 1 at a coast: the sea takes no share
    return replace(counted, share=counted.share / total[counted.cell])


def _nearest(tree: shapely.STRtree, lost: Cells, grid: Grid, cells: Cells) -> Overlaps:
    if not len(lost):
        return Overlaps(lost, lost, np.empty(0))
    points = shapely.points(*grid.centre(cells[lost]))
    point, shape = tree.query_nearest(points, max_distance=NEAREST_M / grid.unit_m, all_matches=False)
    return Overlaps(lost[point], shape.astype(np.int64), np.ones(len(point)))
