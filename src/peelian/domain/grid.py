"""The grid: a fixed, named lattice of squares. Arithmetic only, no spatial joins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Cells = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Grid:
    """A lattice in a projected CRS. Cell id = row x columns + column over the whole lattice.

    Ids never depend on an area's box, so they survive any change of mask. `size` and the origin are in
    `unit`s of the CRS. A point on a cell's south or west edge belongs to it.

    >>> BRITISH_NATIONAL_GRID_250.cell_of(np.array([251.0]), np.array([0.0]))
    array([1])
    """

    name: str
    crs: str
    size: float
    columns: int
    rows: int
    origin_easting: float = 0.0
    origin_northing: float = 0.0
    unit: str = "metre"
    unit_m: float = 1.0  # metres in one unit

    def cell_of(self, easting: Floats, northing: Floats) -> Cells:
        """Give the cell of each point; -1 where the point is null, not finite or off the lattice."""
        column = np.floor((np.asarray(easting, float) - self.origin_easting) / self.size)
        row = np.floor((np.asarray(northing, float) - self.origin_northing) / self.size)
        with np.errstate(invalid="ignore"):
            inside = (column >= 0) & (column < self.columns) & (row >= 0) & (row < self.rows)
        column, row = np.where(inside, column, 0), np.where(inside, row, 0)
        ids: Cells = np.where(inside, row * self.columns + column, -1).astype(np.int64)
        return ids

    def column_row(self, cells: Cells) -> tuple[Cells, Cells]:
        """Give the column and row of each cell id."""
        return cells % self.columns, cells // self.columns

    def corner(self, cells: Cells) -> tuple[Floats, Floats]:
        """Give the south-west corner (easting, northing) of each cell, in the CRS's unit."""
        column, row = self.column_row(cells)
        easting = np.asarray(self.origin_easting + column * self.size, np.float64)
        northing = np.asarray(self.origin_northing + row * self.size, np.float64)
        return easting, northing

    def centre(self, cells: Cells) -> tuple[Floats, Floats]:
        """Give the centre (easting, northing) of each cell, in the CRS's unit."""
        easting, northing = self.corner(cells)
        return easting + self.size / 2, northing + self.size / 2

    @property
    def cell_km2(self) -> float:
        """Area of one cell in square kilometres."""
        return (self.size * self.unit_m / 1000) ** 2


BRITISH_NATIONAL_GRID_250 = Grid("bng-250", "EPSG:27700", 250.0, columns=2800, rows=5200)


def grid_for(crs: str, size: float | None = None, unit: str = "metre", unit_m: float = 1.0) -> Grid:
    """Give the default lattice of a projected CRS: 250 m squares unless `size` (in its unit) says otherwise.

    Outside Britain the lattice has 65,536 columns and starts at 32,768 cells west and south of the CRS's
    zero, so that negative coordinates have ids too.
    """
    if crs == "EPSG:27700" and size in (None, 250.0):
        return BRITISH_NATIONAL_GRID_250
    side = size if size is not None else 250.0 / unit_m
    half = 1 << 15
    name = f"{crs.lower().replace(':', '-')}-{side:g}"
    return Grid(name, crs, side, 2 * half, 2 * half, -half * side, -half * side, unit, unit_m)
