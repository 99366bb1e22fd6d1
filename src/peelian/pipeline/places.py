"""Names of places: the nearest published street, never a number."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.spatial import cKDTree

from peelian.domain.area import Area
from peelian.pipeline.areas import forces_of
from peelian.pipeline.context import Context
from peelian.store.ledger import read_events

PREFIX = r"^(?i)(on or near|near|on)\s+"


def name_places(ctx: Context, area: Area) -> pl.DataFrame:
    """Give each cell its nearest published street and LSOA: cell, easting, northing, name, lsoa.

    A cell with events takes its most frequent street; others take the nearest named point to their centre.
    Without any published street the name is null.
    """
    columns = ["easting", "northing", "location", "lsoa"]
    points = pl.concat(
        [read_events(ctx.ws, crs=area.grid.crs, force=f, columns=columns) for f in forces_of(ctx, area)]
    ).drop_nulls(["easting", "northing"])
    points = points.group_by("easting", "northing", "location", "lsoa").len()
    cell = area.grid.cell_of(points["easting"].to_numpy(), points["northing"].to_numpy())
    points = points.with_columns(cell=pl.Series(cell)).filter(pl.col("cell") >= 0)
    points = points.with_columns(name=pl.col("location").str.replace(PREFIX, "").str.strip_chars())
    easting, northing = area.grid.corner(area.cells)
    out = pl.DataFrame({"cell": area.cells, "easting": easting, "northing": northing})
    for column in ("name", "lsoa"):
        out = out.with_columns(_nearest(points.drop_nulls(column), column, area).alias(column))
    return out


def _nearest(points: pl.DataFrame, column: str, area: Area) -> pl.Series:
    if points.is_empty():
        return pl.Series(column, [None] * len(area.cells), dtype=pl.String)
    common = (
        points.group_by("cell", column).agg(pl.col("len").sum()).sort("len", column, descending=[True, False])
    )
    own = common.unique("cell", keep="first", maintain_order=True)
    tree = cKDTree(points.select("easting", "northing").to_numpy())
    _, index = tree.query(np.column_stack(area.grid.centre(area.cells)))
    near = pl.DataFrame({"cell": area.cells, "near": points[column].gather(np.atleast_1d(index))})
    joined = near.join(own.select("cell", column), on="cell", how="left", maintain_order="left")
    return joined.select(pl.coalesce(column, "near")).to_series()
