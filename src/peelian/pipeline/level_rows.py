"""The larger places of a run, for list and map: what cells they share, their names, bounds and numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
import shapely
from pyproj import Transformer

from peelian.domain import negative_binomial as nb
from peelian.domain.forecast import Forecast
from peelian.domain.grid import Floats, Grid
from peelian.domain.panel import Parents
from peelian.domain.parents import LEVELS
from peelian.pipeline.context import Context
from peelian.pipeline.forecast_file import levels_table
from peelian.pipeline.panel_parents import ParentsHeld, shapes_near
from peelian.pipeline.setting_boundaries import boundaries_file

SMALLEST: Final = ("lsoa", "block")
"""Levels that have a view of their own on the map."""
_DEGREES: Final = 0.00005
"""Boundaries are simplified by some 5 m for display, and only for display."""


def level_cells(made: Forecast, held: ParentsHeld | None) -> pl.DataFrame:
    """Give which cells make up each place of the view: level, place, cell, share.

    The shares of a cell add up to 1 over the places of a level. An area that owns no cell has its share of
    those it lies in, so that it is in the view and sums over the area stay as they are.
    """
    parts = [pl.DataFrame(schema=_MEMBERS)]
    for one in made.levels:
        level = one.parents.level
        if level not in SMALLEST:
            continue
        rows = _shares(held, level) if held is not None else None
        parts.append(_whole(one.parents, made) if rows is None or rows.is_empty() else rows)
    return pl.concat(parts).sort("level", "place", "cell")


_MEMBERS: Final[dict[str, Any]] = {
    "level": pl.String, "place": pl.String, "cell": pl.Int64, "share": pl.Float64,
}  # fmt: skip


def _shares(held: ParentsHeld, level: str) -> pl.DataFrame:
    mine = held.shares.filter(pl.col("level") == level)
    return mine.select("level", pl.col("code").alias("place"), "cell", "share")


def _whole(parents: Parents, made: Forecast) -> pl.DataFrame:
    inside = np.flatnonzero(parents.of_cell >= 0)
    return pl.DataFrame({
        "level": pl.repeat(parents.level, len(inside), eager=True),
        "place": pl.Series(parents.codes, dtype=pl.String).gather(parents.of_cell[inside]),
        "cell": made.cells[inside], "share": np.ones(len(inside)),
    }, schema=_MEMBERS)  # fmt: skip


def shown_levels(made: Forecast, members: pl.DataFrame) -> pl.DataFrame:
    """Give the file of larger places (`LEVEL_COLUMNS`), small areas included.

    Where an area owns no cell, the cells it lies in are shared out between it and their owners: means of both
    are of the shares, dispersions are the owner's own, so sums over the area stay as they are.
    """
    table = levels_table(made)
    for one in made.levels:
        mine = members.filter(pl.col("level") == one.parents.level)
        split = mine.filter(pl.col("share") < 1)
        if split.is_empty():
            continue
        table = _with_small(table, made, one.parents, one.dispersion, mine)
    return table


def _with_small(
    table: pl.DataFrame, made: Forecast, parents: Parents, dispersion: Floats, members: pl.DataFrame
) -> pl.DataFrame:
    codes = sorted(members["place"].unique().to_list())
    index = dict(zip(codes, range(len(codes)), strict=True))
    place = members["place"].replace_strict(index, return_dtype=pl.Int64).to_numpy()
    cell = np.searchsorted(made.cells, members["cell"].to_numpy())
    share, wide = members["share"].to_numpy(), len(codes)
    known = np.isfinite(made.mean)
    means = [
        np.bincount(place, share * np.where(ok, row, 0.0)[cell], wide)
        for ok, row in zip(known, made.mean, strict=True)
    ]
    said = np.stack([np.bincount(place, ok[cell].astype(float), wide) for ok in known]) > 0
    mean = np.where(said, np.stack(means), np.nan)
    owner = parents.of_cell[cell]  # of the cell that gives most to a place
    order = np.argsort(share, kind="stable")
    of_place = np.zeros(wide, np.int64)
    of_place[place[order]] = owner[order]
    spread = np.where(said, dispersion[:, of_place], np.nan)
    rows = _rows(table.filter(pl.col("support") == parents.level), made, codes, mean, spread)
    kept = table.filter(pl.col("support") != parents.level)
    return pl.concat([rows, kept]) if made.levels[0].parents is parents else pl.concat([kept, rows])


def _rows(like: pl.DataFrame, made: Forecast, codes: list[str], mean: Floats, spread: Floats) -> pl.DataFrame:
    h, wide = mean.shape
    edges = like.select("origin", "period_start", "period_end", "support", "target", "model").unique(
        "period_start", maintain_order=True
    )
    every = edges[np.repeat(np.arange(h), wide).tolist()]
    m, a = mean.ravel(), spread.ravel()
    silent = np.isnan(m)
    known, doubt = np.where(silent, 0.0, m), np.where(silent, 0.0, a)
    numbers: dict[str, Any] = {"mean": m, "dispersion": a, "p_any": nb.p_any(known, doubt)}
    numbers |= {f"q{q:02d}": nb.quantile(q / 100, known, doubt) for q in (5, 50, 95)}
    out = every.with_columns(
        pl.Series("place", codes * h), *(pl.Series(name, values) for name, values in numbers.items())
    )
    said = [pl.when(~pl.Series(silent)).then(pl.col(name)).alias(name) for name in numbers]
    return out.with_columns(said).select(like.columns).cast(like.schema)


def level_scenes(
    ctx: Context, made: Forecast, members: pl.DataFrame, held: ParentsHeld | None
) -> Mapping[str, dict[str, Any]]:
    """Give each view's places as GeoJSON (WGS84), by code: name, code and a simplified bound of each."""
    out = {}
    for level in members["level"].unique().sort().to_list():
        codes = members.filter(pl.col("level") == level)["place"].unique().sort().to_list()
        if held is not None and level in LEVELS:
            out[level] = _areas(boundaries_file(ctx, level), made, codes)
        else:
            out[level] = _squares(made.grid, members.filter(pl.col("level") == level), codes)
    return out


def _areas(path: Path, made: Forecast, codes: list[str]) -> dict[str, Any]:
    near = shapes_near(path, made.grid, made.cells).filter(pl.col("code").is_in(codes)).sort("code")
    shapes = shapely.simplify(shapely.from_wkb(near["wkb"].to_list()), _DEGREES)
    return _collection(near["code"].to_list(), near["name"].to_list(), shapes)


def _squares(grid: Grid, members: pl.DataFrame, codes: list[str]) -> dict[str, Any]:
    """Draw each place as its cells' joined outline: names come from streets, by the page."""
    to_globe = Transformer.from_crs(grid.crs, "EPSG:4326", always_xy=True)
    x, y = grid.corner(members["cell"].to_numpy())
    boxes = shapely.box(x, y, x + grid.size, y + grid.size)
    of = members["place"].to_numpy()
    order = np.argsort(of, kind="stable")
    edges = np.searchsorted(of[order], codes)
    shapes = np.array([shapely.union_all(some) for some in np.split(boxes[order], edges[1:])])
    shapes = shapely.simplify(shapes, 0.01)
    globe = shapely.transform(shapes, lambda xy: np.column_stack(to_globe.transform(xy[:, 0], xy[:, 1])))
    return _collection(codes, [""] * len(codes), globe)


def _collection(codes: list[str], names: list[str], shapes: Any) -> dict[str, Any]:
    drawn = shapely.to_geojson(shapely.set_precision(shapes, 1e-6))
    features = [
        {"type": "Feature", "id": k, "properties": {"place": code, "name": name}, "geometry": json.loads(one)}
        for k, (code, name, one) in enumerate(zip(codes, names, drawn, strict=True))
    ]
    return {"type": "FeatureCollection", "features": features}


def write_levels(ctx: Context, made: Forecast, held: ParentsHeld | None, folder: Path) -> None:
    """Write `levels.parquet`, `level_cells.parquet` and one GeoJSON a view into a run's folder."""
    members = level_cells(made, held)
    shown_levels(made, members).write_parquet(folder / "levels.parquet")
    members.write_parquet(folder / "level_cells.parquet")
    for level, scene in level_scenes(ctx, made, members, held).items():
        (folder / f"{level}.geojson").write_text(json.dumps(scene, separators=(",", ":")))
