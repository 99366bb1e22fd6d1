"""Gaussian surroundings on the lattice: what lies around a place, with the mask's edge put right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from peelian.domain.grid import Cells, Floats, Grid

Singles = npt.NDArray[np.float32]
_REACH = 3.0
"""Where the Gaussian is cut, in widths."""


@dataclass(frozen=True, eq=False)
class Surroundings:
    """Kernels from the active cells (those with any count) to all cells of the mask, one per width.

    Only active cells give, so the cost follows them and not the area; every cell of the mask receives, so
    no kernel mass is lost on quiet neighbours. Without `own` a place's own cell is left out, so that only
    its surroundings speak.
    """

    active: Cells
    kernels: dict[float, sparse.csr_array]

    @classmethod
    def of(
        cls, grid: Grid, cells: Cells, active: Cells, widths: tuple[float, ...], *, own: bool = False
    ) -> Surroundings:
        """Build kernels of `widths` (in cells); `active` are indices into the sorted ids `cells`."""
        return cls(active, {width: _kernel(grid, cells, active, width, own=own) for width in widths})

    def smooth(self, values: Singles, width: float) -> Singles:
        """Smooth (..., C) values; each result is a weighted mean over the mask around a cell."""
        rows = values.reshape(-1, values.shape[-1])[:, self.active]
        out: Singles = np.ascontiguousarray((self.kernels[width] @ rows.T).T)
        return out.reshape(values.shape)


def _kernel(grid: Grid, cells: Cells, active: Cells, width: float, *, own: bool) -> sparse.csr_array:
    reach = int(np.ceil(_REACH * width))
    steps = np.arange(-reach, reach + 1)
    across, up = (side.ravel() for side in np.meshgrid(steps, steps))
    use = np.hypot(across, up) <= _REACH * width
    if not own:
        use &= (across != 0) | (up != 0)
    across, up = across[use], up[use]
    bell = np.exp(-(across**2 + up**2) / (2 * width**2))
    place = np.full(len(cells), -1, np.int64)
    place[active] = np.arange(len(active))
    column, row = grid.column_row(cells)
    whole = np.zeros(len(cells))
    to, source, weight = [], [], []
    for right, high, size in zip(across, up, bell, strict=True):
        beside, found = _lookup(grid, cells, column + right, row + high)
        whole += size * found
        gives = np.flatnonzero(found & (place[beside] >= 0))
        to.append(gives)
        source.append(place[beside[gives]])
        weight.append(np.full(len(gives), size))
    rows = np.concatenate(to)
    data = (np.concatenate(weight) / np.maximum(whole, 1e-9)[rows]).astype(np.float32)
    return sparse.csr_array((data, (rows, np.concatenate(source))), shape=(len(cells), len(active)))


def _lookup(grid: Grid, cells: Cells, column: Cells, row: Cells) -> tuple[Cells, npt.NDArray[np.bool_]]:
    """Give the index in the mask of each lattice place, and whether it is in the mask at all."""
    ids = row * grid.columns + column
    at = np.minimum(np.searchsorted(cells, ids), len(cells) - 1)
    on = (column >= 0) & (column < grid.columns) & (row >= 0) & (row < grid.rows)
    return at, (cells[at] == ids) & on


def shares_of(values: Floats | Singles) -> Floats:
    """Scale (..., C) values so that each row adds up to one; a row of nothing is spread evenly."""
    wide = np.asarray(values, float)
    whole = wide.sum(axis=-1, keepdims=True)
    out: Floats = np.where(whole > 0, wide / np.where(whole > 0, whole, 1.0), 1.0 / wide.shape[-1])
    return out
