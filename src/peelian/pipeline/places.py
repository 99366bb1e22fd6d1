"""Names of places: the nearest published street, never a number."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.spatial import cKDTree

from peelian.domain.area import Area
from peelian.pipeline.areas import forces_of
from peelian.pipeline.context import Context
from peelian.store.ledger import read_events

_NAMED = ("easting", "northing", "name", "cell", "len")
PREFIX = r"^(?i)(on or near|near|on)\s+"


def name_places(ctx: Context, area: Area) -> pl.DataFrame:
    """Give each cell its nearest published street and LSOA; see `name_cells`."""
    points = event_points(ctx, area)
    return name_cells(area, points, named_points(ctx, area, points))


def event_points(ctx: Context, area: Area) -> pl.DataFrame:
    """Give the points of events in an area: easting, northing, location, lsoa, len, cell, name (street)."""
    columns = ["easting", "northing", "location", "lsoa"]
    points = pl.concat(
        [read_events(ctx.ws, crs=area.grid.crs, force=f, columns=columns) for f in forces_of(ctx, area)]
    ).drop_nulls(["easting", "northing"])
    points = points.group_by(columns).len().sort(columns)  # in one order, or equals would be told by chance
    cell = area.grid.cell_of(points["easting"].to_numpy(), points["northing"].to_numpy())
    points = points.with_columns(cell=pl.Series(cell)).filter(pl.col("cell") >= 0)
    return points.with_columns(name=pl.col("location").str.replace(PREFIX, "").str.strip_chars())


def named_points(ctx: Context, area: Area, points: pl.DataFrame) -> pl.DataFrame:
    """Give every point that has a street's name: easting, northing, name, cell, len.

    `points` as `event_points` gives them. Streets of the workspace's gazetteer are named points too, for
    feeds that publish none.
    """
    return pl.concat([points.select(_NAMED), _streets(ctx, area)]).drop_nulls("name")


def name_cells(area: Area, points: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    """Give each cell its nearest published street and LSOA: cell, easting, northing, name, lsoa.

    `points` as `event_points` gives them, `named` as `named_points` does. A cell with events takes its most
    frequent street; others take the nearest named point to their centre. Without any the name is null.
    """
    easting, northing = area.grid.corner(area.cells)
    out = pl.DataFrame({"cell": area.cells, "easting": easting, "northing": northing})
    for column, some in (("name", named), ("lsoa", points.drop_nulls("lsoa"))):
        out = out.with_columns(_nearest(some, column, area).alias(column))
    return out


def _streets(ctx: Context, area: Area) -> pl.DataFrame:
    """Give the gazetteer's streets on the grid, each as one named point."""
    nothing = pl.DataFrame(schema={"easting": pl.Float64, "northing": pl.Float64, "name": pl.String,
                                   "cell": pl.Int64, "len": pl.UInt32})  # fmt: skip
    if not ctx.ws.gazetteer.is_file() or area.grid.crs != "EPSG:27700":
        return nothing
    streets = (
        pl.scan_parquet(ctx.ws.gazetteer)
        .filter((pl.col("kind") == "street") & pl.col("name").is_not_null())
        .select("easting", "northing", "name").collect()
    )  # fmt: skip
    cell = area.grid.cell_of(streets["easting"].to_numpy(), streets["northing"].to_numpy())
    streets = streets.with_columns(cell=pl.Series(cell, dtype=pl.Int64), len=pl.lit(1, pl.UInt32))
    return pl.concat([nothing, streets.filter(pl.col("cell").is_in(area.cells.tolist()))])


def _nearest(points: pl.DataFrame, column: str, area: Area) -> pl.Series:
    if points.is_empty():
        return pl.Series(column, [None] * len(area.cells), dtype=pl.String)
    east, north = area.grid.centre(points["cell"].to_numpy())
    far = np.hypot(points["easting"].to_numpy() - east, points["northing"].to_numpy() - north)
    common = (
        points.with_columns(far=pl.Series(far))
        .group_by("cell", column).agg(pl.col("len").sum(), pl.col("far").min())
        .sort("len", "far", column, descending=[True, False, False])
    )  # fmt: skip
    own = common.unique("cell", keep="first", maintain_order=True)
    tree = cKDTree(points.select("easting", "northing").to_numpy())
    _, index = tree.query(np.column_stack(area.grid.centre(area.cells)))
    near = pl.DataFrame({"cell": area.cells, "near": points[column].gather(np.atleast_1d(index))})
    joined = near.join(own.select("cell", column), on="cell", how="left", maintain_order="left")
    return joined.select(pl.coalesce(column, "near")).to_series()
