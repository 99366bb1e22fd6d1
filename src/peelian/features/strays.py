"""Stray points: a force's file holds a few events far outside it, and they must not stretch its area."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy import ndimage

from peelian.domain.grid import Cells, Grid

KEEP_SHARE: Final = 0.005
"""A separate patch of cells is part of the area when it holds at least this share of the events."""


def without_strays(grid: Grid, cells: Cells, event_cells: Cells, keep_share: float = KEEP_SHARE) -> Cells:
    """Give the cells of the patches that hold their share of the events; the largest always stays.

    Patches are cells that touch by side or corner. `event_cells` has one entry for each event (-1 = none).
    """
    column, row = grid.column_row(cells)
    x0, y0 = column.min(), row.min()
    block = np.zeros((int(row.max() - y0) + 1, int(column.max() - x0) + 1), np.bool_)
    block[row - y0, column - x0] = True
    patch, count = ndimage.label(block, structure=np.ones((3, 3)))
    of_cell = patch[row - y0, column - x0]
    at = np.searchsorted(cells, event_cells)
    inside = (at < len(cells)) & (cells[np.minimum(at, len(cells) - 1)] == event_cells)
    events = np.bincount(of_cell[at[inside]], minlength=count + 1)
    keep = events >= max(1.0, keep_share * events.sum())
    keep[int(np.argmax(events))] = True
    keep[0] = False
    out: Cells = cells[keep[of_cell]]
    return out
