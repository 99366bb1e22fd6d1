"""ProMap and kernel density: weights by hand, widths that follow the mask, and a known hump found again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.panel import Panel
from peelian.models import kde, promap
from peelian.models.candidates import half_lives, widths
from peelian.models.mask_image import MaskImage, spacing_of
from peelian.models.memory import FOREVER
from peelian.models.promap import fading, stamp_of
from tests.worlds.city import panel_of, square


def test_the_stamp_falls_with_whole_half_cells() -> None:
    stamp = stamp_of(1.6)
    assert stamp[1].tolist() == pytest.approx([1 / 3, 1, 1 / 3])  # one cell away: two half-cells
    assert stamp[0].tolist() == pytest.approx([1 / 3, 1 / 3, 1 / 3])  # 1.41 cells: still two half-cells
    assert stamp_of(1.0)[0, 0] == 0.0  # out of reach


def test_age_counts_in_whole_weeks_and_ends() -> None:
    assert fading(np.array([0.1, 0.9, 1.0, 7.9, 8.0]), 8).tolist() == [1, 1, 1 / 2, 1 / 8, 0]


def test_risk_lent_by_two_events_by_hand() -> None:
    """Weekly, 5 x 5: an event last week in the middle, one the week before in a corner."""
    counts = np.zeros((1, 60, 25), np.float32)
    counts[0, 59, 12] = 1
    counts[0, 58, 0] = 1
    panel = panel_of(counts, every="week")
    share = promap.reader(panel)(60, {"reach": 1.0, "weeks": 9}).shares["recent events"]
    whole = {12: 5 / 3 + 2, 0: 1 + 2 / 3}  # weights met on the mask: four arms, three, two
    middle, side = 1 + 4 / 3, 1 + 3 / 3
    want = np.zeros(25)
    want[12], want[[7, 11, 13, 17]] = 1 / middle, (1 / 3) / middle
    want[0], want[[1, 5]] = 0.5 / whole[0], (0.5 / 3) / side
    assert share == pytest.approx(want / want.sum(), abs=1e-9)


def test_when_all_of_the_memory_is_missing_the_last_seen_week_stands_in() -> None:
    counts = np.zeros((1, 60, 25), np.float32)
    counts[0, 44, 12] = 1
    counts[0, :44, 3] = 1
    panel = panel_of(counts, every="week", missing=range(45, 60))
    share = promap.reader(panel)(60, {"reach": 1.0, "weeks": 9}).shares["recent events"]
    assert share.argmax() == 12
    assert share[3] == 0


def test_wide_masks_have_wide_spacing_and_reach() -> None:
    cells = square(20)
    column, row = GRID.column_row(cells)
    sparse = cells[(column % 5 == 0) & (row % 5 == 0)]
    assert spacing_of(GRID, cells) == 1.0
    assert spacing_of(GRID, sparse) == 5.0
    assert spacing_of(GRID, cells[:1]) == 1.0
    panel = ward_panel()
    assert min(kde.widths_for(panel)) == 1.75
    assert min(promap.reaches(panel, MaskImage.of(GRID, sparse))) >= 2.5


def ward_panel() -> Panel:
    """Sixteen wards at points 5 cells apart; the busy ones lie in the west."""
    cells = square(20)
    column, row = GRID.column_row(cells)
    keep = (column % 5 == 0) & (row % 5 == 0)
    rate = np.where(column[keep] < column.min() + 10, 4.0, 0.5)
    counts = np.random.default_rng(3).poisson(rate, (1, 30, int(keep.sum()))).astype(np.float32)
    return replace(panel_of(np.zeros((1, 30, 400), np.float32)), cells=cells[keep], counts=counts,
                   observed=np.ones(counts.shape, bool))  # fmt: skip


@pytest.mark.parametrize(("module", "ratio"), [(kde, 4.5), (promap, 3)])  # 8 in truth
def test_wards_at_their_centres_are_forecast_too(module: object, ratio: float) -> None:
    panel = ward_panel()
    got = module.fit(panel, horizon=1, window=1, seed=1).predict(panel).mean[0]  # type: ignore[attr-defined]
    column, _ = GRID.column_row(panel.cells)
    west = column < column.min() + 10
    assert got[west].sum() > ratio * got[~west].sum()


def test_a_bell_alone_is_the_gaussian_put_right_at_the_edge() -> None:
    image = MaskImage.of(GRID, square(9))
    point = np.zeros(81)
    point[40] = 1.0
    got = image.bell(point, 1.0)
    assert got[41] / got[40] == pytest.approx(np.exp(-0.5), rel=1e-3)
    assert image.bell(np.ones(81), 1.5) == pytest.approx(np.ones(81))
    assert image.bell(point, 1.0, own=False)[40] == pytest.approx(0.0, abs=1e-12)
    assert image.mass(1.0)[40] == pytest.approx(2 * np.pi, rel=0.01)


def test_a_smooth_hump_gets_a_wide_kernel_and_lone_places_a_narrow_one() -> None:
    side, rng = 24, np.random.default_rng(5)
    across, up = np.meshgrid(np.arange(side), np.arange(side))
    hump = np.exp(-((across - 12) ** 2 + (up - 12) ** 2) / 60).ravel()
    lone = np.zeros(side * side)
    lone[rng.choice(side * side, 30, replace=False)] = 1.0
    wide, narrow = (
        kde.fit(panel_of(rng.poisson(0.3 * rate / rate.mean(), (1, 24, side * side)).astype(np.float32)),
                horizon=1, window=1, seed=1).setting["width"]  # type: ignore[attr-defined]
        for rate in (hump, lone)
    )  # fmt: skip
    assert wide >= 1.4
    assert narrow <= 0.5


def test_candidates_follow_density() -> None:
    assert widths(1.0, np.array([20.0, 20.0]), 64.0) == pytest.approx(widths(1.0, np.full(2, 20.0), 64.0))
    few, many = (widths(1.0, np.array([20.0, 20.0]), n)[-1] for n in (100.0, 1e6))
    assert few > many >= 2.0
    assert widths(6.0, np.array([50.0, 50.0]), 1e4)[0] == 2.1
    seen = np.ones(48, bool)
    busy, quiet = (half_lives("month", np.full((48, 10), n, np.float32), seen) for n in (1.0, 0.05))
    assert busy[0] * 1.0 / np.log(2) == pytest.approx(2.0, rel=0.01)  # shorter is under a month
    assert quiet[0] * 0.05 / np.log(2) == pytest.approx(0.25, rel=0.01)
    assert busy[-1] == quiet[-1] == FOREVER
