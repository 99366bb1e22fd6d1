"""A regular tessellation of rectangles, turned and shifted as the rules allow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from peelian.domain.grid import Floats
from peelian.pipeline.nij.rules import check_cell

Keys = npt.NDArray[np.int64]
PIVOT: Final = (7_650_000.0, 690_000.0)
"""About the middle of Portland (EPSG:2913): the lattice is turned around it, to keep numbers small."""
_WIDE: Final = 1 << 20


@dataclass(frozen=True)
class Tessellation:
    """Cells of `width` x `height` feet, turned by `angle` degrees anticlockwise, shifted by parts of a cell.

    A cell is its key: row x 2^20 + column, both counted from the pivot and made positive.

    Raises:
        Misuse: the cell is not legal.
    """

    width: float
    height: float
    angle: float = 0.0
    across: float = 0.0
    up: float = 0.0

    def __post_init__(self) -> None:
        check_cell(self.width, self.height)

    @property
    def area(self) -> float:
        """Area of a whole cell, square feet."""
        return self.width * self.height

    def lattice(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Give coordinates in cells: the column and the row, with fractions."""
        cos, sin = np.cos(np.deg2rad(self.angle)), np.sin(np.deg2rad(self.angle))
        east, north = x - PIVOT[0], y - PIVOT[1]
        column: Floats = (east * cos + north * sin) / self.width - self.across
        row: Floats = (north * cos - east * sin) / self.height - self.up
        return column, row

    def ground(self, column: Floats, row: Floats) -> tuple[Floats, Floats]:
        """Give EPSG:2913 feet of lattice coordinates: the way back from `lattice`."""
        cos, sin = np.cos(np.deg2rad(self.angle)), np.sin(np.deg2rad(self.angle))
        right, high = (column + self.across) * self.width, (row + self.up) * self.height
        return right * cos - high * sin + PIVOT[0], right * sin + high * cos + PIVOT[1]

    def key_of(self, x: Floats, y: Floats) -> Keys:
        """Give the cell of each point; a point on a cell's lower or left side belongs to it."""
        column, row = self.lattice(x, y)
        return keys(np.floor(column), np.floor(row))

    def squares(self, cell: Keys) -> npt.NDArray[np.object_]:
        """Give the whole cells as polygons in EPSG:2913."""
        row, column = np.divmod(cell, _WIDE)
        column, row = column - _WIDE // 2, row - _WIDE // 2
        sides = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
        corners = [np.stack(self.ground(column + right, row + high), axis=1) for right, high in sides]
        return np.asarray(shapely.polygons(np.stack(corners, axis=1)))

    def covering(self, area: shapely.Geometry) -> tuple[Keys, npt.NDArray[np.object_]]:
        """Give the cells that cover an area and their polygons, trimmed at its boundary."""
        west, south, east, north = shapely.bounds(area)
        column, row = self.lattice(np.array([west, west, east, east]), np.array([south, north, south, north]))
        columns = np.arange(np.floor(column.min()), np.ceil(column.max()))
        rows = np.arange(np.floor(row.min()), np.ceil(row.max()))
        every = keys(*(side.ravel() for side in np.meshgrid(columns, rows)))
        whole = self.squares(every)
        shapely.prepare(area)
        touch = shapely.intersects(area, whole)
        every, whole = every[touch], whole[touch]
        cut = ~shapely.contains(area, whole)
        whole[cut] = shapely.intersection(whole[cut], area)
        some = shapely.area(whole) > 0
        return every[some], whole[some]


def keys(column: Floats, row: Floats) -> Keys:
    """Give one number for each pair of lattice numbers."""
    half = _WIDE // 2
    out: Keys = (row.astype(np.int64) + half) * _WIDE + column.astype(np.int64) + half
    return out
