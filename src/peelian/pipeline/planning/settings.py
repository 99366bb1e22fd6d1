"""What stands at or near each place: kinds of sites, so that the prevention offered fits the setting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from scipy.spatial import KDTree

from peelian.domain.grid import Grid
from peelian.domain.plan import Candidates
from peelian.pipeline.context import Context
from peelian.pipeline.panel_sites import sites_held
from peelian.store.runs import RunRow

NEAR_M = 200.0
"""A site so near to a place's centre makes its setting: its own square and the street corner beside it."""


def settings_of_places(
    ctx: Context, run: RunRow, grid: Grid, candidates: Candidates, places: Sequence[int]
) -> dict[int, tuple[str, ...]]:
    """Give the kinds of sites within `NEAR_M` of each place, as known when the run was made."""
    cells = np.array([int(candidates.ids[k]) for k in places], np.int64)
    held = sites_held(ctx, grid, cells)
    known = datetime.fromisoformat(str(run.card["as_of"]))
    sites = held.at(known, known) if held is not None else None
    if sites is None:
        return dict.fromkeys(places, ())
    points = np.column_stack([sites.easting, sites.northing])
    at = np.column_stack([candidates.easting[list(places)], candidates.northing[list(places)]])
    near: Any = KDTree(points).query_ball_point(at, NEAR_M / grid.unit_m)  # one list of sites a place
    return {
        k: tuple(sorted({sites.kinds[sites.kind[i]] for i in found}))
        for k, found in zip(places, near, strict=True)
    }
