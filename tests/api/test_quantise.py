"""Bytes of the map: by hand, and there and back."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from peelian.api import quantise
from peelian.domain.grid import Grid

GRID = Grid("tiny", "EPSG:27700", 100.0, columns=10, rows=10)


def test_four_cells_by_hand() -> None:
    # Cells (column, row): (2,3), (3,3), (3,4) held, (2,5) not; the box is 2 columns by 3 rows from (2,3).
    cells = np.array([32, 33, 43, 52])
    mean = np.array([[0.0, 0.2, 0.5, np.nan]])
    dispersion = np.array([[0.0, 0.25, 4.0, np.nan]])
    packed = quantise.pack(quantise.classes(mean, (0.2, 0.4)), quantise.certainty(dispersion))
    assert packed.tolist() == [[1 << 3 | 7, 2 << 3 | 4, 3 << 3 | 0, 1]]
    block = quantise.Block(GRID, cells)
    assert (block.columns, block.rows, block.x0, block.y0) == (2, 3, 200.0, 300.0)
    assert block.spread(packed).tolist() == [[[15, 20], [0, 24], [1, 0]]]


@given(hnp.arrays(float, 40, elements=st.floats(0, 1e6) | st.just(np.nan)))
def test_classes_hold_what_their_breaks_say(values: np.ndarray) -> None:
    breaks = quantise.breaks_of(values)
    assert len(breaks) <= 6
    assert list(breaks) == sorted(set(breaks))
    class_, sure = quantise.unpack(quantise.pack(quantise.classes(values, breaks), np.full(40, 5, np.uint8)))
    edges = [-np.inf, *breaks, np.inf]
    for value, k, s in zip(values, class_, sure, strict=True):
        if np.isnan(value):
            assert (k, s) == (0, 0)
        else:
            assert edges[k - 1] <= value < edges[k]
            assert s == 5


def test_missing_is_neither_zero_nor_outside() -> None:
    packed = quantise.pack(quantise.classes(np.array([np.nan, 0.0]), ()), np.array([7, 7], np.uint8))
    assert 1 <= packed[0] <= 7
    assert packed[1] == 15


def test_top_class_is_about_the_top_hundredth() -> None:
    values = np.random.default_rng(1).lognormal(-3, 1.5, 20_000)
    share = (quantise.classes(values, quantise.breaks_of(values)) == 7).mean()
    assert 0.005 < share < 0.02


def test_whole_counts_have_whole_breaks() -> None:
    values = np.random.default_rng(1).poisson(0.4, (1, 5000)).astype(float)
    breaks = quantise.count_breaks(values)
    assert breaks[0] == 1.0
    assert all(cut == int(cut) for cut in breaks)
