"""The area: which cells a forecast speaks about."""

from __future__ import annotations

from dataclasses import dataclass

from peelian.domain.grid import Cells, Grid


@dataclass(frozen=True, eq=False)
class Area:
    """A named set of cells. `cells` is sorted and unique; `boundary` is GeoJSON in WGS84 or None.

    `how` says where the mask came from: `boundary`, `points` (an area file) or `held events` (all cells
    within 1 km of an event known when the area was first used, then frozen).
    """

    code: str
    name: str
    grid: Grid
    cells: Cells
    how: str
    boundary: dict[str, object] | None = None
    simulated: bool = False

    @property
    def km2(self) -> float:
        """Area covered by the mask, square kilometres."""
        return len(self.cells) * self.grid.cell_km2
