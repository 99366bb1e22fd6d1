"""The learner's maps: the pass over the past says what a reading at one cut says, and what a hand finds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from peelian.models.feature_pass import rows_of_maps
from peelian.models.happened import Happened
from peelian.models.lattice import Lattice, kernel_of
from peelian.models.maps import Map, maps_of, read_maps, season_parts
from peelian.models.mask_image import spacing_of
from peelian.models.surroundings import Surroundings
from tests.worlds.city import lively, panel_of

SIDE = 9


def test_one_pass_gives_what_reading_each_cut_gives() -> None:
    panel = panel_of(lively(SIDE, 40, seed=5, kinds=2))
    seen = np.array(panel.observed)
    seen[:, 20] = False
    panel = replace(panel, observed=seen, counts=np.where(seen, panel.counts, 0).astype(np.float32))
    maps, cuts = maps_of(panel), [14, 21, 39]
    assert any(one.band for one in maps)
    row, cell = np.repeat([0, 1, 2], SIDE * SIDE), np.tile(np.arange(SIDE * SIDE), 3)
    some = np.random.default_rng(1).random(len(row)) < 0.4
    got = rows_of_maps(panel, maps, cuts, 2, row[some], cell[some])
    whole = np.concatenate([read_maps(panel, maps, cut, 2) for cut in cuts])
    assert np.allclose(got, whole[some], rtol=2e-4, atol=1e-5)
    assert np.allclose(whole.reshape(3, SIDE * SIDE, -1).sum(axis=1), SIDE * SIDE, rtol=1e-4)


def test_a_kernel_lends_as_surroundings_do_and_loses_nothing_at_the_edge() -> None:
    panel = panel_of(lively(SIDE, 3, seed=2))
    values = panel.counts[0, 0]
    around = Surroundings.of(panel.grid, panel.cells, np.flatnonzero(values), (1.0,)).smooth(values, 1.0)
    read = read_maps(panel, [Map(0, 1e-9, 1.0)], 1, 0)[:, 0]
    assert np.allclose(read, around / around.sum() * len(around), rtol=1e-4)
    kernel = kernel_of(Lattice.of(panel.grid, panel.cells), 1.0)
    assert np.isclose(kernel.given @ values, around.sum(), rtol=1e-4)


def test_seasons_are_the_same_months_of_earlier_years_and_nothing_after_the_cut() -> None:
    assert season_parts("month", 1, 26, 1) == [(14, 17), (2, 5)]
    assert season_parts("month", 1, 3, 0) == []
    assert season_parts("month", 3, 12, 14) == [(11, 12), (0, 6)]


def test_decay_by_hand_and_missing_periods_add_nothing() -> None:
    counts = np.zeros((1, 4, 4), np.float32)
    counts[0, 0, 1], counts[0, 2, 1], counts[0, 3, 2] = 2, 1, 5
    held = Happened.of(panel_of(counts))
    assert held.decayed(1.0, 3).tolist() == [0, 1.5, 0, 0]  # 2 / 4 + 1
    assert held.totals(np.array([1.0, np.inf]), np.array([3, 4]), np.ones(4)).tolist() == [
        [1.5, 3],
        [5.75, 8],
    ]


def test_spacing_follows_a_scattered_mask() -> None:
    panel = panel_of(lively(SIDE, 2, seed=1))
    assert spacing_of(panel.grid, panel.cells) == 1.0
    column, row = panel.grid.column_row(panel.cells)
    apart = panel.cells[(column % 4 == column[0] % 4) & (row % 4 == row[0] % 4)]
    assert spacing_of(panel.grid, apart) == 4.0
