from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.grid import grid_for
from peelian.features.mask import cells_within


def test_one_point_gives_a_disc_of_cells_by_hand() -> None:
    got = cells_within(GRID, np.array([10_100.0]), np.array([10_100.0]), 250.0)
    at = 40 * GRID.columns + 40
    assert got.tolist() == sorted([at, at - 1, at + 1, at - GRID.columns, at + GRID.columns])


def test_a_kilometre_is_four_cells_each_way() -> None:
    assert len(cells_within(GRID, np.array([10_100.0]), np.array([10_100.0]), 1000.0)) == 49


def test_the_lattice_edge_cuts_the_disc_and_ids_never_wrap() -> None:
    got = cells_within(GRID, np.array([10.0]), np.array([10.0]), 250.0)
    assert got.tolist() == [0, 1, GRID.columns]


def test_places_that_are_none_add_nothing() -> None:
    nan = float("nan")
    assert len(cells_within(GRID, np.array([nan, -5.0, 1e9]), np.array([nan, 3.0, 3.0]), 1000.0)) == 0


def test_feet_are_converted() -> None:
    grid = grid_for("EPSG:2913", size=600.0, unit="foot", unit_m=0.3048)
    got = cells_within(grid, np.array([7_600_000.0]), np.array([600_000.0]), 200.0)
    assert len(got) == 5  # 200 m is 1.09 cells of 600 ft


@given(st.lists(st.tuples(st.floats(0, 700_000), st.floats(0, 1_300_000)), min_size=1, max_size=20))
def test_every_point_is_in_its_own_mask_which_is_sorted_and_unique(points: list[tuple[float, float]]) -> None:
    e, n = (np.array(side) for side in zip(*points, strict=True))
    mask = cells_within(GRID, e, n, 500.0)
    own = GRID.cell_of(e, n)
    assert np.isin(own[own >= 0], mask).all()
    assert (np.diff(mask) > 0).all()
