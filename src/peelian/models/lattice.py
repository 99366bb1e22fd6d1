"""The mask as a lattice box: what a place lends to its surroundings, cell by cell, in compiled loops."""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

from peelian.domain.grid import Cells, Floats, Grid

Singles = npt.NDArray[np.float32]
Small = npt.NDArray[np.int32]
REACH = 3.0
"""Where the Gaussian is cut, in widths."""


@dataclass(frozen=True, eq=False)
class Lattice:
    """Where each of C cells lies in the box around the mask: `x`, `y` (C,), and `look` (rows, columns).

    `look` gives the index of the cell at a place of the box, -1 off the mask.
    """

    x: Small
    y: Small
    look: Small

    @classmethod
    def of(cls, grid: Grid, cells: Cells) -> Lattice:
        """Lay out a mask (sorted ids)."""
        column, row = grid.column_row(cells)
        x, y = (column - column.min()).astype(np.int32), (row - row.min()).astype(np.int32)
        look = np.full((int(y.max()) + 1, int(x.max()) + 1), -1, np.int32)
        look[y, x] = np.arange(len(cells), dtype=np.int32)
        return cls(x, y, look)

    def only(self, chosen: Cells) -> Small:
        """Give `look` for some of the cells, numbered in their order; -1 for all others."""
        number = np.full(len(self.x) + 1, -1, np.int32)
        number[chosen] = np.arange(len(chosen), dtype=np.int32)
        out: Small = number[self.look]
        return out


@dataclass(frozen=True, eq=False)
class Kernel:
    """A Gaussian of one width over a mask, the cell itself left out (width 0: the cell alone).

    What a cell receives is a weighted mean over the mask around it: `inverse` (C,) is one over the weights
    met there, so that nothing is lost at the mask's edge. `given` (C,) is what a unit at each cell adds to
    the sum over all cells.
    """

    bell: Singles
    inverse: Singles
    given: Floats


def kernel_of(lattice: Lattice, width: float) -> Kernel:
    """Build the kernel of a width in cells."""
    cells = len(lattice.x)
    if width == 0:
        return Kernel(np.ones((1, 1), np.float32), np.ones(cells, np.float32), np.ones(cells))
    bell = bell_of(width)
    ones = np.ones((cells, 1), np.float32)
    everywhere = np.arange(cells)
    met = lend(everywhere, ones, lattice.x, lattice.y, lattice.look, bell, cells)[:, 0]
    inverse = (1.0 / np.maximum(met, 1e-9)).astype(np.float32)
    given = lend(everywhere, inverse[:, None], lattice.x, lattice.y, lattice.look, bell, cells)[:, 0]
    return Kernel(bell, inverse, given.astype(np.float64))


def bell_of(width: float) -> Singles:
    """Give the Gaussian's weights on the lattice out to `REACH` widths, nothing at its own centre."""
    reach = int(np.ceil(REACH * width))
    steps = np.arange(-reach, reach + 1)
    far = np.hypot(*np.meshgrid(steps, steps))
    bell = np.where(far <= REACH * width, np.exp(-(far**2) / (2 * width**2)), 0.0)
    bell[reach, reach] = 0.0
    return bell.astype(np.float32)


@numba.njit(cache=True, nogil=True)
def lend(
    giver: Cells, values: Singles, x: Small, y: Small, look: Small, bell: Singles, receivers: int
) -> Singles:  # pragma: no cover - compiled
    """Add up what givers lend: (receivers, K) of each giver's (K,) values times the bell between them."""
    out = np.zeros((receivers, values.shape[1]), np.float32)
    reach = bell.shape[0] // 2
    for n in range(len(giver)):
        column, row = x[giver[n]], y[giver[n]]
        for up in range(max(-reach, -row), min(reach, look.shape[0] - 1 - row) + 1):
            for right in range(max(-reach, -column), min(reach, look.shape[1] - 1 - column) + 1):
                to = look[row + up, column + right]
                weight = bell[up + reach, right + reach]
                if to >= 0 and weight > 0:
                    for k in range(values.shape[1]):
                        out[to, k] += weight * values[n, k]
    return out
