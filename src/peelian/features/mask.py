"""The mask of an area known only by its events: every cell near one."""

from __future__ import annotations

import numpy as np

from peelian.domain.grid import Cells, Floats, Grid


def cells_within(grid: Grid, easting: Floats, northing: Floats, metres: float) -> Cells:
    """Give the sorted ids of all cells whose centre is within `metres` of the centre of a point's cell.

    `easting` and `northing` are in the grid's CRS and unit; points that are null, not finite or off the
    lattice add nothing. The distance is taken between cell centres, so the mask does not change when a
    point moves within its cell (published points are snapped anyway).
    """
    held = np.unique(grid.cell_of(easting, northing))
    held = held[held >= 0]
    if len(held) == 0:
        return held
    reach = metres / grid.unit_m / grid.size
    steps = np.arange(-int(reach), int(reach) + 1)
    across, up = (side.ravel() for side in np.meshgrid(steps, steps))
    near = np.hypot(across, up) <= reach + 1e-9
    column, row = grid.column_row(held)
    around: list[Cells] = []
    for right, high in zip(across[near], up[near], strict=True):
        c, r = column + right, row + high
        inside = (c >= 0) & (c < grid.columns) & (r >= 0) & (r < grid.rows)
        around.append((r * grid.columns + c)[inside])
    out: Cells = np.unique(np.concatenate(around)).astype(np.int64)
    return out
