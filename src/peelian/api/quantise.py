"""Numbers to bytes: one byte a cell and step, five bits of class and three of certainty.

Byte 0 lies outside the area; 1 to 7 lie in it but nothing is held (drawn hatched); any other is
class << 3 | certainty, class from 1, certainty 0 to 7 (7 surest).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.domain.grid import Cells, Floats, Grid

Bytes = npt.NDArray[np.uint8]
MISSING: Final = 1
LEVELS: Final = (0.5, 0.75, 0.9, 0.95, 0.98, 0.99)
"""Shares of places below each break: the top class is the top 1 % of places, as forecasts are judged."""
DOUBT_BREAKS: Final = (0.2, 0.3, 0.45, 0.6, 0.8, 1.0, 1.4)
"""Coefficient of variation of the rate, sqrt(dispersion), from surest to least sure."""
_NICE: Final = np.array([1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0])


def nice(value: float) -> float:
    """Round to a figure people read easily.

    >>> nice(0.0437), nice(7.2), nice(23.0)
    (0.04, 8.0, 25.0)
    """
    if value < 1e-300 or not np.isfinite(value):
        return 0.0
    scale = 10.0 ** np.floor(np.log10(value))
    digits = value / scale
    best = float(_NICE[int(np.argmin(np.abs(np.log(_NICE / digits))))])
    return float(f"{best * scale:.3g}")


def breaks_of(values: Floats) -> tuple[float, ...]:
    """Give at most six rising breaks, hence seven classes, from rounded quantiles of the positive values.

    Class k (from 1) holds breaks[k-2] <= value < breaks[k-1]; zero is in class 1.
    """
    held = values[np.isfinite(values) & (values > 0)]
    if len(held) == 0:
        return ()
    cuts = sorted({nice(float(cut)) for cut in np.quantile(held, LEVELS)} - {0.0})
    return tuple(cuts)


def count_breaks(values: Floats) -> tuple[float, ...]:
    """Give breaks for whole counts: none, then rising whole numbers."""
    tops = sorted({1.0, *(float(np.ceil(cut)) for cut in breaks_of(values) if cut > 1)})
    return tuple(tops[:6])


def classes(values: Floats, breaks: Sequence[float]) -> Bytes:
    """Give each value's class from 1; 0 where the value is NaN."""
    out = np.digitize(np.nan_to_num(values, nan=-1.0), np.asarray(breaks, float)) + 1
    return np.where(np.isfinite(values), out, 0).astype(np.uint8)


def certainty(dispersion: Floats) -> Bytes:
    """Give certainty 0 to 7 (7 surest) from the coefficient of variation sqrt(dispersion).

    A cell's dispersion is what well-known places vary by, plus what is left unknown of its own rate, which
    falls with the events held of it (docs/doubt.md). So the byte follows the evidence, not the rate.

    >>> certainty(np.array([0.0, 0.04, 0.25, 4.0])).tolist()
    [7, 6, 4, 0]
    """
    doubt = np.sqrt(np.maximum(np.nan_to_num(np.asarray(dispersion, float), nan=np.inf), 0.0))
    out: Bytes = (7 - np.digitize(doubt, np.asarray(DOUBT_BREAKS))).astype(np.uint8)
    return out


def pack(class_: Bytes, sure: Bytes) -> Bytes:
    """Put class and certainty in one byte; class 0 becomes the missing mark."""
    packed = (class_.astype(np.uint8) << 3) | (sure & 7)
    return np.where(class_ == 0, MISSING, packed).astype(np.uint8)


def unpack(packed: Bytes) -> tuple[Bytes, Bytes]:
    """Give class (0 where missing or outside) and certainty of each byte."""
    class_ = (packed >> 3).astype(np.uint8)
    return class_, np.where(class_ == 0, 0, packed & 7).astype(np.uint8)


class Block:
    """The smallest rectangle of the lattice that holds a set of cells; row 0 is the southernmost."""

    def __init__(self, grid: Grid, cells: Cells) -> None:
        column, row = grid.column_row(cells)
        self.first_column, self.first_row = int(column.min()), int(row.min())
        self.columns = int(column.max()) - self.first_column + 1
        self.rows = int(row.max()) - self.first_row + 1
        self.x0 = grid.origin_easting + self.first_column * grid.size
        self.y0 = grid.origin_northing + self.first_row * grid.size
        self._at = (row - self.first_row) * self.columns + (column - self.first_column)

    def spread(self, packed: Bytes) -> Bytes:
        """Lay (steps, cells) bytes out as (steps, rows, columns), 0 outside the area."""
        out = np.zeros((packed.shape[0], self.rows * self.columns), np.uint8)
        out[:, self._at] = packed
        return out.reshape(packed.shape[0], self.rows, self.columns)
