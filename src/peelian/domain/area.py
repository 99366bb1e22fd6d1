"""The area: which cells a forecast speaks about."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from peelian.domain.grid import Cells, Grid


@dataclass(frozen=True, eq=False)
class Area:
    """A named set of cells. `cells` is sorted and unique; `boundary` is GeoJSON in WGS84 or None.

    `how` says where the mask came from: `boundary`, `points` (an area file) or `held events` (all cells
    within 1 km of an event known when the area was first used, then frozen). `silent` cells belong to the
    area but no feed speaks of them: they are missing, never zero, and get no forecast.
    """

    code: str
    name: str
    grid: Grid
    cells: Cells
    how: str
    boundary: dict[str, object] | None = None
    simulated: bool = False
    silent: Cells = field(default_factory=lambda: np.empty(0, np.int64))

    @property
    def covered(self) -> Cells:
        """The cells that some feed speaks of."""
        return np.setdiff1d(self.cells, self.silent, assume_unique=True)

    @property
    def km2(self) -> float:
        """Area covered by the mask, square kilometres."""
        return len(self.cells) * self.grid.cell_km2
