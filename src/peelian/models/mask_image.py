"""The mask as an image: fast smoothing at any width, and how far apart its cells lie."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import ndimage
from scipy.spatial import KDTree

from peelian.domain.grid import Cells, Floats, Grid

_REACH = 4.0
"""Where the Gaussian is cut, in widths."""
_LEAST = 1e-9


@dataclass(frozen=True, eq=False)
class MaskImage:
    """The bounding box of a mask: `at` (C,) flat positions in an image of `shape` (rows, columns)."""

    at: Cells
    shape: tuple[int, int]
    spacing: float  # median distance from a cell to the nearest other cell, in cells
    met: dict[float, Floats] = field(default_factory=dict)  # weights met on the mask, by width

    @classmethod
    def of(cls, grid: Grid, cells: Cells) -> MaskImage:
        """Take a mask's sorted ids."""
        column, row = grid.column_row(cells)
        column, row = column - column.min(), row - row.min()
        shape = int(row.max()) + 1, int(column.max()) + 1
        return cls(row * shape[1] + column, shape, spacing_of(grid, cells))

    def bell(self, values: Floats, width: float, *, own: bool = True) -> Floats:
        """Give the Gaussian weighted mean (C,) of values (C,) over the mask; `width` is in cells.

        Weights of places off the mask are left out, so the mask's edge dilutes nothing. Without `own` the
        place itself is left out too, and a place with nothing in reach gets 0.
        """
        top, whole = self._blur(values, width), self.mass(width) * centre_of(width)
        if not own:
            centre = centre_of(width)
            top, whole = top - centre * values, whole - centre
        out: Floats = np.where(whole > _LEAST, np.maximum(top, 0.0) / np.maximum(whole, _LEAST), 0.0)
        return out

    def mass(self, width: float) -> Floats:
        """Give the sum of Gaussian weights that lie on the mask around each cell, its own being 1, (C,)."""
        if width not in self.met:
            self.met[width] = self._blur(np.ones(len(self.at)), width) / centre_of(width)
        return self.met[width]

    def spread(self, values: Floats, stamp: Floats) -> Floats:
        """Give the stamp-weighted mean (C,) of values (C,); `stamp` is square, odd, centred on the place."""
        from scipy import signal  # late: it loads all of scipy's statistics, and few forecasts stamp

        given = [self._image(values), self._image(np.ones(len(values)))]
        top, whole = (
            signal.oaconvolve(image, stamp, mode="same").ravel()[self.at]
            if min(image.shape) >= len(stamp)
            else ndimage.convolve(image, stamp, mode="constant").ravel()[self.at]
            for image in given
        )
        out: Floats = np.where(whole > _LEAST, np.maximum(top, 0.0) / np.maximum(whole, _LEAST), 0.0)
        return out

    def _blur(self, values: Floats, width: float) -> Floats:
        smooth = ndimage.gaussian_filter(self._image(values), width, mode="constant", truncate=_REACH)
        out: Floats = smooth.ravel()[self.at]
        return out

    def _image(self, values: Floats) -> Floats:
        image = np.zeros(self.shape[0] * self.shape[1])
        image[self.at] = values
        return image.reshape(self.shape)


def centre_of(width: float) -> float:
    """Give the weight of a cell itself in a Gaussian whose weights add up to one."""
    far = int(_REACH * width + 0.5)
    return float(1.0 / np.exp(-(np.arange(-far, far + 1) ** 2) / (2 * width**2)).sum() ** 2)


def spacing_of(grid: Grid, cells: Cells) -> float:
    """Give the median distance from a cell to the nearest other one, in cells; 1 for a mask of one cell.

    A mask of whole squares has spacing 1; wards placed at their centroids lie further apart.
    """
    if len(cells) < 2:
        return 1.0
    points = np.column_stack(grid.column_row(cells)).astype(float)
    distance = np.asarray(KDTree(points).query(points, k=2)[0], np.float64)
    return float(np.median(distance[:, 1]))
