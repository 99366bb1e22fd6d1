"""Owners and shares: every cell is shared out once, whatever the shapes; small areas never vanish."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from peelian.domain.parents import Overlaps, nested, owners, weights


def overlaps(rows: list[tuple[int, int, float]]) -> Overlaps:
    cell, area, share = zip(*rows, strict=True)
    return Overlaps(np.array(cell), np.array(area), np.array(share))


def test_by_hand() -> None:
    # Cell 0: 60 % in area 1, 40 % in area 0. Cell 1: all in area 1. Area 2 takes 20 % of cell 2, owned by 1.
    rows = overlaps([(0, 0, 0.4), (0, 1, 0.6), (1, 1, 1.0), (2, 1, 0.8), (2, 2, 0.2)])
    own = owners(rows, 4)
    assert own.tolist() == [1, 1, 1, -1]
    out = weights(rows, own)
    assert list(zip(out.cell.tolist(), out.area.tolist(), out.share.tolist(), strict=True)) == [
        (0, 0, 0.4), (0, 1, 0.6), (1, 1, 1.0), (2, 1, 0.8), (2, 2, 0.2),
    ]  # fmt: skip


def test_an_area_that_owns_a_cell_takes_no_part_of_others() -> None:
    rows = overlaps([(0, 0, 1.0), (1, 0, 0.3), (1, 1, 0.7)])
    out = weights(rows, owners(rows, 2))
    assert list(zip(out.cell.tolist(), out.area.tolist(), out.share.tolist(), strict=True)) == [
        (0, 0, 1.0), (1, 1, 1.0),
    ]  # fmt: skip


def test_a_tie_goes_to_the_first_area() -> None:
    assert owners(overlaps([(0, 3, 0.5), (0, 2, 0.5)]), 1).tolist() == [2]


def test_a_smaller_area_belongs_whole_to_one_larger() -> None:
    assert nested(np.array([0, 0, 0, 1, -1]), np.array([1, 1, 0, 0, 1]), 2).tolist() == [1, 0]
    assert nested(np.array([-1]), np.array([-1]), 2).tolist() == [-1, -1]


@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.integers(1, 9))
def test_shares_of_a_cell_add_up_to_one_and_no_area_is_lost(seed: int, cells: int, areas: int) -> None:
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.full(areas, 0.3), cells)
    shares[rng.random(cells) < 0.2] = 0.0  # cells of no area
    cell, area = np.nonzero(shares > 0.02)
    kept = shares * (shares > 0.02)
    kept = kept / np.maximum(kept.sum(axis=1, keepdims=True), 1e-12)
    rows = Overlaps(cell.astype(np.int64), area.astype(np.int64), kept[cell, area])
    own = owners(rows, cells)
    out = weights(rows, own)
    held = np.unique(cell)
    np.testing.assert_allclose(np.bincount(out.cell, out.share, cells)[held], 1.0, atol=1e-12)
    assert set(out.cell.tolist()) == set(held.tolist())
    assert set(out.area.tolist()) == set(area.tolist())
    assert (out.share > -1e-12).all()
    mean = rng.gamma(0.3, 1.0, cells)
    by_area = np.bincount(out.area, out.share * mean[out.cell], areas)
    assert abs(by_area.sum() - mean[held].sum()) < 1e-9
