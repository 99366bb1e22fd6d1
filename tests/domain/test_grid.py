"""The lattice: ids that survive any mask, and corners that lead back to them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from peelian.domain.grid import BRITISH_NATIONAL_GRID_250, grid_for


def test_hand_computed_cell() -> None:
    # Ordnance Survey's worked point TG 51409 13177: column 651409 // 250 = 2605, row 313177 // 250 = 1252
    cell = BRITISH_NATIONAL_GRID_250.cell_of(np.array([651409.903]), np.array([313177.270]))
    assert cell.tolist() == [1252 * 2800 + 2605]


def test_points_without_a_place_have_no_cell() -> None:
    easting = np.array([np.nan, -1.0, 700_000.0, 100.0, np.inf])
    northing = np.array([100.0, 100.0, 100.0, 1_300_000.0, 100.0])
    assert BRITISH_NATIONAL_GRID_250.cell_of(easting, northing).tolist() == [-1] * 5


@given(st.floats(0, 699_999), st.floats(0, 1_299_999))
def test_corner_leads_back_to_the_cell(easting: float, northing: float) -> None:
    grid = BRITISH_NATIONAL_GRID_250
    cell = grid.cell_of(np.array([easting]), np.array([northing]))
    x, y = grid.corner(cell)
    assert x[0] <= easting < x[0] + 250
    assert y[0] <= northing < y[0] + 250
    assert grid.cell_of(*grid.centre(cell)).tolist() == cell.tolist()


@given(st.floats(-8e6, 8e6), st.floats(-8e6, 8e6))
def test_outside_britain_negative_coordinates_have_ids(easting: float, northing: float) -> None:
    grid = grid_for("EPSG:26916")
    cell = grid.cell_of(np.array([easting]), np.array([northing]))
    assert cell[0] >= 0
    assert grid.cell_of(*grid.centre(cell)).tolist() == cell.tolist()


def test_a_lattice_in_feet_has_cells_of_250_metres() -> None:
    grid = grid_for("EPSG:2913", unit="foot", unit_m=0.3048)
    assert abs(grid.cell_km2 - 0.0625) < 1e-12
