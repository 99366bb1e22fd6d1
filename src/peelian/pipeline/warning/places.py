"""The places a warning speaks of: LSOAs where boundaries are held, else squares of a kilometre, or cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from peelian.domain.blocks import blocks
from peelian.domain.grid import Cells, Floats
from peelian.domain.panel import Panel


@dataclass(frozen=True, eq=False)
class Places:
    """A places of one support: `of_cell` (C,) indexes `codes`, -1 for none; centres (A,) in metres."""

    support: str
    codes: tuple[str, ...]
    of_cell: Cells
    easting: Floats
    northing: Floats

    def sum(self, cells: npt.NDArray[Any]) -> Floats:
        """Add up (P, C) over each place's cells: (P, A)."""
        from scipy import sparse  # late: scipy costs a second

        inside = np.flatnonzero(self.of_cell >= 0)
        shape = (len(self.of_cell), len(self.codes))
        member = sparse.csr_array((np.ones(len(inside)), (inside, self.of_cell[inside])), shape=shape)
        out: Floats = np.asarray(np.asarray(cells, np.float64) @ member, np.float64)
        return out

    def all(self, cells: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Say (P, A) whether every cell of a place is true in (P, C)."""
        if np.array_equal(cells, np.broadcast_to(cells[:, :1], cells.shape)):
            return np.broadcast_to(cells[:, :1], (len(cells), len(self.codes)))
        out: npt.NDArray[np.bool_] = self.sum(~cells) == 0
        return out


def larger_places(panel: Panel) -> Places:
    """Give the LSOAs of the panel's cells, or squares of a kilometre where no boundaries are held."""
    held = next((p for p in panel.parents if p.level == "lsoa"), None) or blocks(panel.grid, panel.cells)
    return _centred(panel, held.level, held.codes, held.of_cell)


def cell_places(panel: Panel) -> Places:
    """Give the cells themselves."""
    codes = tuple(str(cell) for cell in panel.cells.tolist())
    return _centred(panel, "cell", codes, np.arange(len(panel.cells)))


def _centred(panel: Panel, support: str, codes: tuple[str, ...], of_cell: Cells) -> Places:
    easting, northing = panel.grid.centre(panel.cells)
    inside, many = of_cell >= 0, len(codes)
    size = np.maximum(np.bincount(of_cell[inside], minlength=many), 1)
    metre = panel.grid.unit_m
    middle = [np.bincount(of_cell[inside], v[inside] * metre, many) / size for v in (easting, northing)]
    return Places(support, codes, of_cell.astype(np.int64), *middle)
