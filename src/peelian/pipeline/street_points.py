"""Street-level counts of the last year behind a run: a row a shared point and period, never one a record."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from scipy.spatial import cKDTree

from peelian.domain.panel import Panel
from peelian.domain.time import YEAR_PERIODS
from peelian.features.panel import positions
from peelian.features.spread import edges_of, shares
from peelian.features.standing import counts_as, standing_at
from peelian.pipeline.panels import Panels

SHARED: Final = {"police_uk": 60.0}
"""Feeds whose points are the publisher's own shared ones, and the precision (m) from which a point is one of
them: a report that took its place from another agency's is finer."""
SCHEMA: Final = {
    "cell": pl.Int64(), "easting": pl.Float64(), "northing": pl.Float64(), "period_start": pl.Date(),
    "count": pl.Float64(), "street": pl.String(), "published": pl.Boolean(),
}  # fmt: skip


def street_points(panels: Panels, panel: Panel, named: pl.DataFrame) -> pl.DataFrame:
    """Count the target's rows of the last year (52 weeks, 12 months) by point and period.

    A published shared point stays where it is. Any other point is moved to the middle of a quarter of its
    square, so that no report's own place is told. Rows in homes, domestic and sexual ones have no
    point at all (null easting, northing, street): with them each square's sum over the periods observed is
    the panel's own count. `named` has easting, northing and name: each point takes the nearest street's.

    Columns: cell, easting, northing (the grid's CRS and unit), period_start, count, street, published.
    """
    first = max(0, len(panel.starts) - YEAR_PERIODS[panel.every])
    known = standing_at(panels.events_known(panel.as_of), panel.as_of, panels.opens(panel.origin))
    rows = known.filter(counts_as(panels.target))
    rows = rows.with_columns(at=pl.Series(positions(rows, panel.grid, panel.cells))).filter(pl.col("at") >= 0)
    start = rows["start"].to_physical().to_numpy()
    end = rows["end"].fill_null(rows["start"]).to_physical().to_numpy()
    event, period, share = shares(start, end, edges_of(panel.starts[first:], panel.origin, panels.opens))
    at = rows["at"].to_numpy()[event]
    seen = panel.target_observed[first + period, at]
    told = _placed(rows, panel)[event[seen].tolist()].with_columns(
        cell=pl.Series(panel.cells[at[seen]], dtype=pl.Int64),
        period_start=pl.Series(np.array(panel.starts[first:], "datetime64[D]")[period[seen]]).cast(pl.Date),
        count=pl.Series(share[seen] * rows["n"].to_numpy()[event[seen]]),
    )  # fmt: skip
    by = ["cell", "easting", "northing", "period_start", "published"]
    sums: pl.DataFrame = told.group_by(by).agg(pl.col("count").sum())
    sums = sums.join(_streets(sums, named), on=["easting", "northing"], how="left")
    typed = [pl.col(name).cast(kind) for name, kind in SCHEMA.items()]
    return sums.select(typed).sort("cell", "easting", "northing", "period_start")


def _placed(rows: pl.DataFrame, panel: Panel) -> pl.DataFrame:
    """Give each row's point as it may be shown: easting, northing, published; null where it may not."""
    shown = ~((pl.col("setting") == "dwelling") | (pl.col("domestic") == "yes") | (pl.col("sexual") == "yes"))
    published = pl.any_horizontal(
        (pl.col("source") == source) & (pl.col("precision_m") >= least) for source, least in SHARED.items()
    ).fill_null(False)
    quarter = panel.grid.size / 2
    x, y = panel.grid.corner(panel.cells[rows["at"].to_numpy()])
    moved = rows.with_columns(_x=pl.Series(x), _y=pl.Series(y), published=published)

    def place(column: str, corner: str) -> pl.Expr:
        within = ((pl.col(column) - pl.col(corner)) / quarter).floor().clip(0, 1)
        middle = pl.col(corner) + (within + 0.5) * quarter
        own = pl.when("published").then(pl.col(column).cast(pl.Float64)).otherwise(middle)
        return pl.when(shown.fill_null(True)).then(own).alias(column)

    return moved.select(place("easting", "_x"), place("northing", "_y"), "published").with_columns(
        pl.col("published") & pl.col("easting").is_not_null()
    )


def _streets(sums: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    """Give each point its nearest street: easting, northing, street; of several at a point the commonest."""
    points = sums.select("easting", "northing").drop_nulls().unique()
    if named.is_empty() or points.is_empty():
        return points.with_columns(street=pl.lit(None, pl.String))
    best = named.sort("len", "name", descending=[True, False]).unique(["easting", "northing"], keep="first")
    _, nearest = cKDTree(best.select("easting", "northing").to_numpy()).query(points.to_numpy())
    return points.with_columns(street=best["name"].gather(np.atleast_1d(nearest)))
