from __future__ import annotations

import numpy as np
import pytest

from peelian.domain import negative_binomial as nb
from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.time import period_starts, step
from peelian.evaluate.backtest import backtest
from peelian.evaluate.compare import log_gain, resampling
from peelian.evaluate.interval import (
    block_weights,
    moving_block_weights,
    origin_block_length,
    ratio_interval,
    spatial_blocks,
)
from peelian.evaluate.rounds import Sums
from tests.evaluate.worlds import FIRST, SIDE, oracle, uneven, uniform, world


def test_two_kilometre_squares_hold_sixty_four_cells() -> None:
    rows, columns = np.divmod(np.arange(SIDE * SIDE), SIDE)
    blocks = spatial_blocks(GRID, (800 + rows) * GRID.columns + 1600 + columns, 2.0)
    assert np.bincount(blocks).tolist() == [64] * 25
    assert blocks[0] == blocks[7 * SIDE + 7]
    assert blocks[0] != blocks[8]


def test_weights_draw_n_each_time_in_runs() -> None:
    rng = np.random.default_rng(1)
    moving = moving_block_weights(30, 4, 500, rng)
    assert (moving.sum(axis=1) == 30).all()
    assert moving.mean(axis=0) == pytest.approx(np.ones(30), abs=0.2)
    neighbours = np.corrcoef(moving[:, 10], moving[:, 11])[0, 1]
    assert neighbours > 0.4
    assert (block_weights(25, 100, rng).sum(axis=1) == 25).all()


def test_block_length_covers_overlapping_windows() -> None:
    assert origin_block_length(52, 1, 1) == 4
    assert origin_block_length(52, 13, 1) == 13
    assert origin_block_length(3, 4, 2) == 3


def test_a_ratio_by_hand() -> None:
    weights = np.tile([1.0, 1.0], (50, 1))
    found = ratio_interval(np.array([1.0, 2.0]), np.array([10.0, 20.0]), weights, 10)
    assert (found.value, found.low, found.high) == pytest.approx((0.1, 0.1, 0.1))


def test_one_unit_proves_nothing() -> None:
    found = ratio_interval(np.array([5.0]), np.array([10.0]), np.ones((50, 1)), 1)
    assert not found.above_zero
    assert not found.below_zero


def _rivals_of_equal_skill(origins: int, seed: int) -> Sums:
    """Give scores of two forecasters that err alike, at places for good: neither is better."""
    rng = np.random.default_rng(seed)
    rate = uneven(seed, mean=0.1)
    cells = np.arange(SIDE * SIDE)
    block = (cells // SIDE // 8) * 5 + cells % SIDE // 8
    means = {m: rate * np.exp(rng.normal(-0.08, 0.4, len(rate))) for m in ("a", "b")}
    counts = rng.poisson(rate, (origins, len(rate))).astype(float)
    events = np.stack([np.bincount(block, c, 25) for c in counts])
    scores = {
        m: np.stack([np.bincount(block, nb.log_pmf(c, mean, np.zeros_like(mean)), 25) for c in counts])
        for m, mean in means.items()
    }
    return Sums(events, np.zeros((5, origins)), scores, {})


def test_forecasters_of_equal_skill_are_told_apart_no_more_often_than_said() -> None:
    worlds = 200
    apart = 0
    for seed in range(worlds):
        sums = _rivals_of_equal_skill(6, seed)
        how = resampling(sums, window=1, horizon=1, block_km=2.0, seed=seed, draws=400)
        found = log_gain(sums, "a", "b", how)
        apart += found.above_zero or found.below_zero
    assert apart / worlds < 0.05 + 3 * np.sqrt(0.05 * 0.95 / worlds)
    assert apart > 0  # intervals wide enough to hold everything would prove nothing


def test_moving_blocks_cover_a_true_gain_at_the_rate_said() -> None:
    worlds, missed = 300, 0
    for seed in range(worlds):
        rng = np.random.default_rng(seed)
        drift = np.convolve(rng.normal(0, 1, 53), [1.0, 0.5], "valid")  # neighbouring origins are alike
        gain = (0.2 + drift)[:, None]
        sums = Sums(np.ones((52, 1)), np.zeros((5, 52)), {"a": gain, "b": np.zeros((52, 1))}, {})
        how = resampling(sums, window=1, horizon=1, block_km=2.0, seed=seed, draws=400)
        assert how.by == "origins"
        found = log_gain(sums, "a", "b", how)
        missed += not found.low <= 0.2 <= found.high
    assert missed / worlds < 0.05 + 3 * np.sqrt(0.05 * 0.95 / worlds)


def test_the_same_forecaster_twice_differs_by_nothing() -> None:
    w = world(uneven(), 24, 3)
    start = step(FIRST, "month", 15)
    found = backtest(
        w.panel_at, w.truth_at, {"one": uniform(), "two": uniform(kind="model")},
        period_starts(start, 6, "month"), warmup=period_starts(step(FIRST, "month", 12), 3, "month"),
    )  # fmt: skip
    gain = found.model("two").gain
    assert (gain.value, gain.low, gain.high) == (0.0, 0.0, 0.0)
    assert not found.verdict.passed


def test_from_twenty_four_origins_on_origins_are_drawn() -> None:
    w = world(uneven(), 40, 4)
    found = backtest(
        w.panel_at, w.truth_at, {"u": uniform(), "o": oracle(w)},
        period_starts(step(FIRST, "month", 15), 24, "month"),
        warmup=period_starts(step(FIRST, "month", 12), 3, "month"),
    )  # fmt: skip
    assert "neighbouring origins" in found.intervals
    assert found.verdict.passed
