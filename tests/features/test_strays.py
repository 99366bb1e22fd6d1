"""Far-off points do not stretch an area; real second towns stay in it."""

from __future__ import annotations

import numpy as np

from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.features.mask import cells_within
from peelian.features.strays import without_strays


def area_of(towns: list[tuple[float, float, int]]) -> tuple[np.ndarray, np.ndarray]:
    easting = np.concatenate([np.full(n, x) for x, _, n in towns])
    northing = np.concatenate([np.full(n, y) for _, y, n in towns])
    cells = cells_within(GRID, easting, northing, 1000.0)
    return cells, GRID.cell_of(easting, northing)


def test_a_lone_point_is_dropped_and_a_second_town_is_kept() -> None:
    both, _ = area_of([(400_000, 300_000, 900), (430_000, 300_000, 90)])
    cells, events = area_of([(400_000, 300_000, 900), (430_000, 300_000, 90), (600_000, 120_000, 2)])
    assert without_strays(GRID, cells, events).tolist() == both.tolist()


def test_one_patch_stays_whole() -> None:
    cells, events = area_of([(400_000, 300_000, 3), (401_000, 300_000, 1)])
    assert without_strays(GRID, cells, events).tolist() == cells.tolist()
