"""What stands at or near each place: kinds of sites, so that the prevention offered fits the setting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from scipy.spatial import KDTree

from peelian.domain.grid import Cells, Grid
from peelian.pipeline.context import Context
from peelian.pipeline.panel_sites import sites_held
from peelian.store.runs import RunRow

NEAR_M = 200.0
"""A site so near to a square's centre makes its setting: its own square and the street corner beside it."""


def settings_of_places(
    ctx: Context, run: RunRow, grid: Grid, squares: Sequence[Cells], places: Sequence[int]
) -> dict[int, tuple[str, ...]]:
    """Give the kinds of sites within `NEAR_M` of a square of each place, as known when the run was made."""
    cells = np.unique(np.concatenate([squares[k] for k in places]).astype(np.int64))
    held = sites_held(ctx, grid, cells)
    known = datetime.fromisoformat(str(run.card["as_of"]))
    sites = held.at(known, known) if held is not None else None
    if sites is None:
        return dict.fromkeys(places, ())
    tree = KDTree(np.column_stack([sites.easting, sites.northing]))
    found: Any = tree.query_ball_point(np.column_stack(grid.centre(cells)), NEAR_M / grid.unit_m)
    near = {
        int(cell): {sites.kinds[sites.kind[i]] for i in of} for cell, of in zip(cells, found, strict=True)
    }
    return {k: tuple(sorted(set().union(*(near[int(cell)] for cell in squares[k])))) for k in places}
