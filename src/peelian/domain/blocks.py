"""Squares of a kilometre: the larger places where no areas are loaded."""

from __future__ import annotations

from typing import Final

import numpy as np

from peelian.domain.grid import Cells, Grid
from peelian.domain.panel import Parents

_METRES: Final = 1000.0


def blocks(grid: Grid, cells: Cells, metres: float = _METRES) -> Parents:
    """Give the squares that hold the cells' centres, aligned to the CRS's zero.

    Codes are `easting-northing` of the south-west corner, in whole sides of a square. A cell wider than the
    square is a block of its own.

    >>> from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as bng
    >>> blocks(bng, np.array([0, 3, 4, 2800 * 4])).of_cell.tolist()
    [0, 0, 2, 1]
    """
    side = max(metres / grid.unit_m, grid.size)
    easting, northing = grid.centre(cells)
    pairs = np.stack([np.floor(easting / side), np.floor(northing / side)], axis=1).astype(np.int64)
    found, at = np.unique(pairs, axis=0, return_inverse=True)
    codes = tuple(f"{column}-{row}" for column, row in found.tolist())
    return Parents("block", codes, at.reshape(-1).astype(np.int64))


def whole(cells: Cells) -> Parents:
    """Give the area itself as the one larger place of all its cells."""
    return Parents("area", ("area",), np.zeros(len(cells), np.int64))
