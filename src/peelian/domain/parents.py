"""Which larger place a cell belongs to, and what share of it the small ones take that own no cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from peelian.domain.grid import Cells, Floats

LEVELS: Final = ("lsoa", "msoa", "district", "ward", "beat")
"""Levels of areas, smallest first. The first three nest; wards and beats are cut another way."""
NESTED: Final = LEVELS[:3]


@dataclass(frozen=True, eq=False)
class Overlaps:
    """How much of each cell lies in each area: rows of (cell, area, share of the cell), all one length."""

    cell: Cells
    area: Cells
    share: Floats


def owners(overlaps: Overlaps, cells: int) -> Cells:
    """Give the area that holds most of each cell, (C,); -1 where none holds any. Ties: the first area.

    >>> two = Overlaps(np.array([0, 0, 2]), np.array([1, 0, 1]), np.array([0.3, 0.7, 1.0]))
    >>> owners(two, 3).tolist()
    [0, -1, 1]
    """
    out = np.full(cells, -1, np.int64)
    rising = np.lexsort((-overlaps.area, overlaps.share))  # the last to be written stays
    out[overlaps.cell[rising]] = overlaps.area[rising]
    return out


def weights(overlaps: Overlaps, of_cell: Cells) -> Overlaps:
    """Give the fixed table that shares cells out for display: each cell's shares add up to 1.

    A cell belongs whole to its owner, but for what lies in areas that own no cell: each of those takes its
    share of the cell, so that none of them vanishes and no sum over the area changes. Cells of no area have
    no row.

    >>> rows = Overlaps(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([0.75, 0.25, 1.0]))
    >>> out = weights(rows, np.array([0, 0]))
    >>> list(zip(out.cell.tolist(), out.area.tolist(), out.share.tolist()))
    [(0, 0, 0.75), (0, 1, 0.25), (1, 0, 1.0)]
    """
    owned = np.unique(of_cell[of_cell >= 0])
    small = ~np.isin(overlaps.area, owned) & (of_cell[overlaps.cell] >= 0)
    cell, area, share = overlaps.cell[small], overlaps.area[small], overlaps.share[small]
    inside = np.flatnonzero(of_cell >= 0)
    left = 1.0 - np.bincount(cell, share, len(of_cell))[inside]
    out = (np.r_[inside, cell], np.r_[of_cell[inside], area], np.r_[left, share])
    order = np.lexsort((out[1], out[0]))
    return Overlaps(out[0][order], out[1][order], out[2][order])


def nested(children: Cells, child_of: Cells, areas: int) -> Cells:
    """Give each smaller area the larger that most of its cells lie in, (areas,); -1 where none does.

    `children`, `child_of` (C,): each cell's smaller and larger area. So that sums agree, a smaller area
    belongs whole to one larger.

    >>> nested(np.array([0, 0, 0, 1]), np.array([5, 5, 6, -1]), 3).tolist()
    [5, -1, -1]
    """
    both = (children >= 0) & (child_of >= 0)
    wide = int(child_of.max(initial=-1)) + 1
    pairs, many = np.unique(children[both] * max(wide, 1) + child_of[both], return_counts=True)
    found = Overlaps(pairs // max(wide, 1), pairs % max(wide, 1), many.astype(np.float64))
    return owners(found, areas)
