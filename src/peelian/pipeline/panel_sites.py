"""The sites of a panel: places that make a setting, as they were known at a moment and stood at another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
import polars as pl

from peelian.domain.grid import Cells, Grid
from peelian.domain.panel import Sites
from peelian.pipeline.context import Context
from peelian.store.ledger import read_versions, standing
from peelian.store.sites import COLUMNS, standing_at

AROUND_M: Final = 2000.0
"""Sites outside the area's box but this near to it are read too: a street does not end at the border."""


@dataclass(frozen=True, eq=False)
class SitesHeld:
    """All versions held of the sites in and around one area; `versions` has the ledger's columns."""

    versions: pl.DataFrame

    def at(self, as_of: datetime, origin: datetime) -> Sites | None:
        """Give the sites known at `as_of` that stand at `origin`, without names; None where there are none.

        The order follows kind and place alone, so a later correction of another site changes no byte.
        """
        rows = standing_at(standing(self.versions, as_of), origin)
        rows = rows.filter(pl.col("easting").is_finite() & pl.col("northing").is_finite())
        if rows.is_empty():
            return None
        rows = rows.with_columns(pl.col("group").cast(pl.String)).sort(
            "group", "easting", "northing", "key_hi", "key_lo"
        )
        kinds = tuple(rows["group"].unique().sort().to_list())
        index = {kind: k for k, kind in enumerate(kinds)}
        return Sites(
            kinds,
            np.array([index[kind] for kind in rows["group"]], np.int64),
            rows["easting"].to_numpy().astype(np.float64),
            rows["northing"].to_numpy().astype(np.float64),
            rows["weight"].fill_null(1.0).to_numpy().astype(np.float64),
        )


def sites_held(ctx: Context, grid: Grid, cells: Cells, snapshot: int | None = None) -> SitesHeld | None:
    """Read once what the ledger holds of sites in and around a mask of `grid`; None where it holds none.

    Raises:
        Refused: when the snapshot can no longer be read.
    """
    if len(cells) == 0:
        return None
    versions = read_versions(
        ctx.ws, crs=grid.crs, snapshot=snapshot, records="sites", purpose=ctx.purpose,
        columns=list(COLUMNS),
    )  # fmt: skip
    if versions.is_empty():
        return None
    near = AROUND_M / grid.unit_m
    (west, south), size = (float(side.min()) for side in grid.corner(cells)), grid.size
    east, north = (float(side.max()) + size for side in grid.corner(cells))
    inside = pl.col("easting").is_between(west - near, east + near) & pl.col("northing").is_between(
        south - near, north + near
    )
    # A key with any version here keeps all of its versions: a site that moved away must stop standing here.
    kept = versions.filter(inside.any().over("source", "force", "part", "key_hi", "key_lo"))
    return None if kept.is_empty() else SitesHeld(kept)
