from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from scipy import special, stats

from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.panel import Parents
from peelian.evaluate.consistency import likelihood_test, number_test, simulated_likelihoods
from peelian.evaluate.consistent_origins import consistency, consistency_words
from peelian.evaluate.level_rounds import LevelRounds
from peelian.evaluate.rounds import Rounds

RATE = np.random.default_rng(5).gamma(0.4, 1.0, 300) + 0.01


def draw(rng: np.random.Generator, mean: np.ndarray, a: float) -> np.ndarray:
    return rng.poisson(rng.gamma(1 / a, a * mean) if a > 0 else mean).astype(float)


def test_number_by_hand() -> None:
    low, high = number_test(12.0, 8.0, 0.1)
    r = 1 / 0.1
    assert low == pytest.approx(stats.nbinom.sf(11, r, r / (r + 8)))
    assert high == pytest.approx(stats.nbinom.cdf(12, r, r / (r + 8)))
    assert low + high == pytest.approx(1 + stats.nbinom.pmf(12, r, r / (r + 8)))


def test_two_bins_by_hand() -> None:
    """Poisson, two events over bins of rates 3 and 1: the split is binomial."""
    mean = np.array([3.0, 1.0])
    rng = np.random.default_rng(1)
    drawn = simulated_likelihoods(2, mean, np.zeros(2), 40_000, rng)
    want = {
        2: 2 * np.log(3.0) - special.gammaln(3), 1: np.log(3.0), 0: -special.gammaln(3),
    }  # fmt: skip
    share = {2: 9 / 16, 1: 6 / 16, 0: 1 / 16}
    for first, value in want.items():
        assert np.isclose(drawn, value).mean() == pytest.approx(share[first], abs=0.01)


def test_clusters_give_the_negative_binomial() -> None:
    """One bin among many: its count given the number has the mean, and clusters more than a Poisson."""
    mean, spread = np.full(200, 1.0), np.full(200, 1.5)
    rng = np.random.default_rng(2)
    wide = simulated_likelihoods(200, mean, spread, 200, rng)
    true = np.array([draw(np.random.default_rng([3, k]), mean, 1.5) for k in range(200)])
    from peelian.domain import negative_binomial as nb

    none = nb.log_pmf(np.zeros(1), mean[:1], spread[:1])[0]
    score = (nb.log_pmf(true, mean, spread) - none).sum(axis=1)
    near = np.abs(true.sum(axis=1) - 200) < 12
    assert wide.mean() == pytest.approx(score[near].mean(), abs=3.0)


@pytest.mark.parametrize("a", [0.0, 0.8])
def test_a_true_forecast_is_seldom_rejected(a: float) -> None:
    rng = np.random.default_rng(7)
    found = []
    for _ in range(120):
        counts = draw(rng, RATE, a)
        found.append(likelihood_test(counts, RATE, np.full(300, a), rng))
    assert np.mean(np.array(found) <= 0.05) <= 0.10
    assert np.mean(found) == pytest.approx(0.5, abs=0.1)


def test_wrong_places_are_rejected() -> None:
    rng = np.random.default_rng(8)
    wrong = RATE[::-1].copy()
    found = [likelihood_test(draw(rng, RATE, 0.0), wrong, np.zeros(300), rng) for _ in range(20)]
    assert max(found) <= 0.05


def test_a_poisson_forecast_of_a_clustered_world_is_rejected() -> None:
    rng = np.random.default_rng(9)
    found = [likelihood_test(draw(rng, RATE, 2.0), RATE, np.zeros(300), rng) for _ in range(20)]
    assert np.mean(np.array(found) <= 0.05) > 0.8


def test_no_event_is_no_test() -> None:
    assert likelihood_test(np.zeros(3), np.ones(3), np.zeros(3), np.random.default_rng(1)) == 1.0


def rounds(counts: np.ndarray, mean: np.ndarray, a: float, area: float | None) -> Rounds:
    n, c = counts.shape
    whole = Parents("area", ("area",), np.zeros(c, np.int64))
    levels = ()
    if area is not None:
        one = LevelRounds(
            whole, counts.sum(axis=1)[:, None], np.ones((n, 1), bool), {"m": mean.sum(axis=1)[:, None]},
            {"m": np.full((n, 1), area)}, {"m": True},
        )  # fmt: skip
        levels = (one,)
    return Rounds(
        GRID, np.arange(c), tuple(date(2020 + k // 12, 1 + k % 12, 1) for k in range(n)), np.arange(n),
        counts.astype(np.float32), np.ones(counts.shape, bool), {}, {"m": mean.astype(np.float32)},
        {"m": np.full(counts.shape, a, np.float32)}, levels,
    )  # fmt: skip


def test_origins_are_told_apart_and_the_areas_own_doubt_is_used() -> None:
    rng = np.random.default_rng(10)
    shock = rng.gamma(1 / 0.09, 0.09, 24)[:, None]  # the whole area rises and falls together
    mean = np.tile(RATE, (24, 1))
    counts = rng.poisson(mean * shock)
    alone = consistency(rounds(counts, mean, 0.0, None), "m", window=1, seed=1)
    own = consistency(rounds(counts, mean, 0.0, 0.09), "m", window=1, seed=1)
    assert alone.number < 0.8
    assert own.number > 0.85
    assert (alone.own, own.own) == (False, True)
    assert own.spatial > 0.8
    assert "too few for chance" in consistency_words(alone)
    again = consistency(rounds(counts, mean, 0.0, 0.09), "m", window=1, seed=1)
    assert again == own


def test_one_period_late_or_rows_doubled_are_noticed() -> None:
    rng = np.random.default_rng(11)
    season = 1 + 0.8 * np.sin(np.arange(24) * np.pi / 2)[:, None]
    mean = RATE * season
    counts = rng.poisson(mean)
    right = consistency(rounds(counts, mean, 0.0, None), "m", window=1, seed=1)
    late = consistency(rounds(np.roll(counts, 1, axis=0), mean, 0.0, None), "m", window=1, seed=1)
    doubled = consistency(rounds(2 * counts, mean, 0.0, None), "m", window=1, seed=1)
    assert right.number > 0.85
    assert late.number < 0.3
    assert doubled.number == 0.0
    assert doubled.conditional < 0.5


def test_windows_that_overlap_are_not_counted_twice() -> None:
    mean = np.tile(RATE, (4, 1))
    one = rounds(np.ones((4, 300)), mean, 0.0, None)
    both = Rounds(
        one.grid, one.cells, one.origins[:1], np.zeros(4, np.int64), one.counts, one.observed, {}, one.mean,
        one.dispersion,
    )  # fmt: skip
    found = consistency(both, "m", window=2, seed=1)
    assert found.by_origin[0].observed == 600.0
