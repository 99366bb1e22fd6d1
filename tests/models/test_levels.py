"""Larger places: sums of cells to the last digit, and a doubt that covers what happens."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from peelian.domain.blocks import blocks, whole
from peelian.domain.forecast import Forecast, summed
from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.grid import Floats, grid_for
from peelian.domain.panel import Panel, Parents
from peelian.models import year_count
from peelian.models.before import before
from peelian.models.levels import levels_for, with_levels
from tests.worlds.city import panel_of, rates, square

SIDE = 24


def world(periods: int, seed: int, shared: float, mean: float = 0.4) -> Floats:
    """Draw counts at steady rates times a factor each square of 4 x 4 cells draws afresh each period."""
    rng = np.random.default_rng(seed)
    rate = rates(SIDE, seed=2, mean=mean)
    own = blocks(GRID, square(SIDE)).of_cell
    factor = (
        rng.gamma(1 / shared, shared, (periods, own.max() + 1))
        if shared
        else np.ones((periods, own.max() + 1))
    )
    return rng.poisson(rate * factor[:, own]).astype(np.float32)


def made_of(panel: Panel, horizon: int = 1) -> Forecast:
    fitted = with_levels(year_count).fit(panel, horizon=horizon, window=1, seed=1)
    return fitted.predict(panel)


def test_blocks_by_hand() -> None:
    feet = grid_for("EPSG:2913", 600.0, "foot", 0.3048)
    cells = feet.cell_of(np.array([100.0, 3300.0, 100.0]), np.array([100.0, 100.0, 3300.0]))
    assert len(blocks(feet, np.sort(cells)).codes) == 3  # a kilometre is 3,281 feet
    got = blocks(GRID, square(8))
    assert len(got.codes) == 4
    assert np.bincount(got.of_cell).tolist() == [16] * 4


def test_sums_agree_exactly_and_the_area_is_last() -> None:
    panel = panel_of(world(30, 1, 0.0)[None])
    made = made_of(panel, horizon=2)
    assert [one.parents.level for one in made.levels] == ["block", "area"]
    for one in made.levels:
        assert np.array_equal(one.mean, summed(made.mean, one.parents))
    assert made.levels[-1].mean[:, 0] == pytest.approx(made.mean.sum(axis=1), rel=1e-12)


def test_the_panels_own_areas_come_before_blocks() -> None:
    half = Parents(
        "district", ("E1", "E2"), np.r_[np.zeros(288, np.int64), np.full(287, 1), -1].astype(np.int64)
    )
    panel = replace(panel_of(world(30, 1, 0.0)[None]), parents=(half,))
    made = made_of(panel)
    assert [one.parents.level for one in made.levels] == ["district", "area"]
    assert made.levels[0].mean.sum() == pytest.approx(made.mean[0, :-1].sum())


@pytest.mark.parametrize("shared", [0.0, 0.3])
def test_nine_in_ten_fall_in_the_middle_nine_tenths(shared: float) -> None:
    counts = world(48, 3, shared)
    panel = panel_of(counts[None])
    mass = []
    for periods in range(36, 48):
        known = before(panel, periods)
        if periods % 6 == 0:
            fitted = year_count.fit(known, horizon=1, window=1, seed=1)
            doubts = levels_for(fitted, known, horizon=1, window=1)
        made = fitted.predict(known)
        one = doubts.of(made, known)[0]
        count = summed(counts[periods][None].astype(float), one.parents)[0]
        mass.append(pit_mass(count, one.mean[0], one.dispersion[0]).mean())
    assert np.mean(mass) == pytest.approx(0.9, abs=0.04)  # 432 places and months: 1.4 % of chance


def pit_mass(count: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """Give each randomised PIT's probability of lying between 0.05 and 0.95 (Czado et al. 2009)."""
    r = 1 / dispersion
    low, high = stats.nbinom.cdf(count - 1, r, r / (r + mean)), stats.nbinom.cdf(count, r, r / (r + mean))
    inside = np.clip(np.minimum(high, 0.95) - np.maximum(low, 0.05), 0, None)
    return np.asarray(inside / np.maximum(high - low, 1e-12), float)


def test_places_that_rise_and_fall_together_are_less_sure_than_their_cells_say() -> None:
    alone, together = (made_of(panel_of(world(48, 5, shared)[None])) for shared in (0.0, 0.3))
    busy = alone.levels[0].mean[0] > 5
    assert np.median(together.levels[0].dispersion[0][busy]) > 0.15
    assert np.median(alone.levels[0].dispersion[0][busy]) < 0.06  # nothing is found where nothing is


def test_a_place_with_no_number_is_missing_and_one_with_some_adds_those() -> None:
    panel = panel_of(world(30, 1, 0.0)[None])
    fitted = year_count.fit(panel, horizon=1, window=1, seed=1)
    made, doubts = fitted.predict(panel), levels_for(fitted, panel, horizon=1, window=1)
    parents = blocks(panel.grid, panel.cells)
    silent = (parents.of_cell == 0) | (np.arange(SIDE * SIDE) == np.flatnonzero(parents.of_cell == 1)[0])
    mean = np.where(silent, np.nan, made.mean)
    one, area = doubts.of(replace(made, mean=mean), panel)
    assert np.isnan(one.mean[0, 0])
    assert np.isnan(one.dispersion[0, 0])
    assert one.mean[0, 1] == pytest.approx(np.nansum(mean[0][parents.of_cell == 1]))
    assert area.mean[0, 0] == pytest.approx(np.nansum(mean))


def test_an_earlier_panel_ends_where_it_should() -> None:
    panel = panel_of(world(30, 1, 0.0)[None])
    earlier = before(panel, 20)
    assert earlier.origin == panel.starts[20]
    assert earlier.counts.shape[1] == len(earlier.starts) == earlier.observed.shape[1] == 20
    assert before(panel, 30) is panel
    assert whole(panel.cells).of_cell.sum() == 0


def test_a_lag_is_withheld_in_the_replay_too() -> None:
    counts = world(30, 1, 0.0)
    panel = panel_of(counts[None], missing=(28, 29))
    fitted = with_levels(year_count).fit(panel, horizon=1, window=1, seed=1)
    assert np.isfinite(fitted.predict(panel).levels[0].dispersion).all()
