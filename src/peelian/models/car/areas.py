"""The areas a field is laid over: cells, or larger places that cells share, and which of them touch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse
from scipy.spatial import KDTree

from peelian.domain.grid import Cells, Floats, Grid
from peelian.domain.panel import Panel
from peelian.models.mask_image import spacing_of

MOST: Final = 4_000
"""More cells than this are smoothed over larger places, so that a fit stays quick."""
_LATTICE: Final = 1.2
"""A mask whose cells lie closer than this is a lattice; others are points, joined to their nearest."""
_NEAREST: Final = 5


@dataclass(frozen=True, eq=False)
class Areas:
    """`of_cell` (C,) gives each cell's area among `size` (A,) of so many cells; `edges` (E, 2) touch."""

    of_cell: Cells
    size: Floats
    edges: Cells

    @property
    def whole(self) -> bool:
        """Whether each area is one cell."""
        return len(self.size) == len(self.of_cell)

    def summed(self, values: Floats) -> Floats:
        """Add up values (C,) to areas (A,)."""
        return np.bincount(self.of_cell, values, len(self.size)).astype(np.float64)

    def laplacian(self) -> sparse.csc_array:
        """Give the graph's Laplacian (A, A): the number of touching areas, less one for each."""
        lines = self.incidence()
        return sparse.csc_array(lines.T @ lines)

    def incidence(self) -> sparse.csr_array:
        """Give the difference across each edge, (E, A): its square is the Laplacian."""
        count = len(self.edges)
        rows = np.repeat(np.arange(count), 2)
        signs = np.tile([1.0, -1.0], count)
        return sparse.csr_array((signs, (rows, self.edges.ravel())), shape=(count, len(self.size)))


def areas_of(panel: Panel) -> Areas:
    """Give the areas to smooth a panel over: its cells, or for a large mask its smallest places or blocks."""
    cells = panel.cells
    if len(cells) <= MOST:
        return _areas(panel.grid, cells, np.arange(len(cells)))
    if panel.parents and len(panel.parents[0].codes) >= 2:
        return _areas(panel.grid, cells, _within(panel.parents[0].of_cell))
    side = 2
    while len(np.unique(blocks(panel.grid, cells, side))) > MOST:
        side += 1
    return _areas(panel.grid, cells, blocks(panel.grid, cells, side))


def areas_at(panel: Panel, level: str) -> Areas:
    """Give the areas of one level of the panel's larger places, such as `lsoa`; cells of none are one more.

    Raises:
        KeyError: when the panel holds no such level.
    """
    for parents in panel.parents:
        if parents.level == level:
            return _areas(panel.grid, panel.cells, _within(parents.of_cell))
    raise KeyError(level)


def blocks(grid: Grid, cells: Cells, side: int) -> Cells:
    """Number the squares of side x side cells that each cell lies in, (C,)."""
    column, row = grid.column_row(cells)
    out: Cells = (row // side) * (grid.columns // side + 1) + column // side
    return out


def _within(of_cell: Cells) -> Cells:
    return np.where(of_cell < 0, of_cell.max() + 1, of_cell)


def _areas(grid: Grid, cells: Cells, names: Cells) -> Areas:
    of_cell = np.unique(names, return_inverse=True)[1].astype(np.int64)
    size = np.bincount(of_cell).astype(np.float64)
    points = np.column_stack(grid.column_row(cells)).astype(np.float64)
    centre = np.column_stack([np.bincount(of_cell, side) / size for side in points.T])
    spacing = spacing_of(grid, cells)
    touching = KDTree(points).query_pairs(1.01, output_type="ndarray") if spacing < _LATTICE else None
    pairs = of_cell[touching] if touching is not None else _nearest(centre, _NEAREST)
    return Areas(of_cell, size, _unique(np.concatenate([pairs, _alone(pairs, centre)])))


def _nearest(centre: Floats, most: int) -> Cells:
    """Join each area to its nearest `most`, (E, 2)."""
    beside = min(most, len(centre) - 1)
    if beside < 1:
        return np.zeros((0, 2), np.int64)
    found = np.asarray(KDTree(centre).query(centre, k=beside + 1)[1], np.int64)
    return np.column_stack([np.repeat(found[:, 0], beside), found[:, 1:].ravel()])


def _alone(pairs: Cells, centre: Floats) -> Cells:
    """Join areas that touch none to their nearest."""
    joined = np.zeros(len(centre), bool)
    joined[pairs[pairs[:, 0] != pairs[:, 1]].ravel()] = True
    return _nearest(centre, 1)[~joined] if len(centre) > 1 else np.zeros((0, 2), np.int64)


def _unique(pairs: Cells) -> Cells:
    pairs = np.sort(pairs[pairs[:, 0] != pairs[:, 1]].reshape(-1, 2), axis=1)
    return np.unique(pairs, axis=0)
