from __future__ import annotations

import numpy as np
import pytest
import shapely

from peelian.domain.errors import Misuse
from peelian.pipeline.nij.rules import MILE, cells_to_flag, check_cell, check_flagged
from peelian.pipeline.nij.scoring import Score, flag_with_ties, score
from peelian.pipeline.nij.tessellation import PIVOT, Tessellation

WEST, SOUTH = PIVOT


@pytest.mark.parametrize("sides", [(250, 250), (125, 500), (600, 600), (500, 125)])
def test_legal_cells(sides: tuple[float, float]) -> None:
    check_cell(*sides)


@pytest.mark.parametrize("sides", [(249.9, 250), (600, 600.1), (124.9, 520), (700, 124)])
def test_cells_that_are_not_legal(sides: tuple[float, float]) -> None:
    with pytest.raises(Misuse, match="not legal"):
        Tessellation(*sides)


def test_flagged_area_is_held_between_the_two_ends() -> None:
    check_flagged(0.25 * MILE**2)
    check_flagged(0.75 * MILE**2)
    for miles in (0.2499, 0.7501):
        with pytest.raises(Misuse, match="sq mi"):
            check_flagged(miles * MILE**2)
    assert cells_to_flag(0.25, 360_000.0) == 20  # 19.36 cells, so 20
    assert cells_to_flag(0.75, 360_000.0) == 58  # 58.08 cells, so 58


def test_pai_and_pei_star_by_hand() -> None:
    # 3 of 20 events in 0.722 of 147.70 square miles: the prize-winning burglary week (methods, 1.4)
    one = Score(events=20, caught=3, best=20, share=0.722 / 147.70372)
    assert one.pai == pytest.approx(30.7, abs=0.05)
    assert one.pei_star == pytest.approx(0.150)
    auto = Score(events=273, caught=3, best=29, share=0.255 / 147.70372)
    assert auto.pai == pytest.approx(6.4, abs=0.05)
    assert auto.pei_star == pytest.approx(0.103, abs=0.001)


def test_the_best_is_of_as_many_cells_and_empty_windows_score_nothing() -> None:
    flag, happened = np.array([0.0, 1.0, 1.0]), np.array([4.0, 1.0, 0.0])
    assert score(flag, happened, 2, 0.01).pei_star == pytest.approx(1 / 5)
    nothing = score(flag, np.zeros(3), 2, 0.01)
    assert np.isnan(nothing.pai)
    assert np.isnan(nothing.pei_star)


def test_ties_share_and_unknown_places_are_not_flagged() -> None:
    assert flag_with_ties(np.array([2.0, 1.0, 1.0, 0.0]), 2).tolist() == [1.0, 0.5, 0.5, 0.0]
    assert flag_with_ties(np.array([2.0, 0.0, 0.0]), 2).tolist() == [1.0, 0.0, 0.0]


def test_a_turned_cell_by_hand() -> None:
    # turned a quarter anticlockwise, columns run north and rows run west
    turned = Tessellation(250.0, 300.0, angle=90.0)
    column, row = turned.lattice(np.array([WEST - 30.0]), np.array([SOUTH + 260.0]))
    assert (column[0], row[0]) == pytest.approx((1.04, 0.1))
    straight = Tessellation(250.0, 300.0)
    shifted = Tessellation(250.0, 300.0, across=0.5)
    point = np.array([WEST + 249.0]), np.array([SOUTH + 1.0])
    assert straight.lattice(*point)[0][0] == pytest.approx(0.996)
    assert shifted.lattice(*point)[0][0] == pytest.approx(0.496)


@pytest.mark.parametrize("angle", [0.0, 17.0, 45.0, 89.0])
def test_every_point_lies_in_its_own_cell_and_cells_are_alike(angle: float) -> None:
    rng = np.random.default_rng(2)
    one = Tessellation(200.0, 312.5, angle, 0.3, 0.8)
    x, y = WEST + rng.uniform(-9e3, 9e3, 300), SOUTH + rng.uniform(-9e3, 9e3, 300)
    keys = one.key_of(x, y)
    shapes = one.squares(keys)
    assert shapely.contains_xy(shapes, x, y).all()
    assert shapely.area(shapes) == pytest.approx(62_500.0)
    assert shapely.length(shapes) == pytest.approx(1025.0)
    back = one.ground(*one.lattice(x, y))
    assert np.allclose(back, (x, y), atol=1e-6)


def test_cells_cover_the_study_area_once_and_are_trimmed_at_its_edge() -> None:
    area = shapely.Point(WEST, SOUTH).buffer(3000.0)
    keys, shapes = Tessellation(250.0, 250.0, 31.0, 0.2, 0.7).covering(area)
    assert len(np.unique(keys)) == len(keys)
    assert shapely.area(shapes).sum() == pytest.approx(area.area)
    assert shapely.union_all(shapes).area == pytest.approx(area.area)
    whole = np.isclose(shapely.area(shapes), 62_500.0)
    assert 0.7 < whole.mean() < 1.0
    assert (shapely.area(shapes)[~whole] < 62_500.0).all()
