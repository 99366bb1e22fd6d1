from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from peelian.evaluate.calibration import calibrate, cdf, pit_histogram, reliability, slope


@pytest.fixture(scope="module")
def truth() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    mean = rng.gamma(0.5, 1.0, 60_000)
    dispersion = np.full_like(mean, 0.7)
    return rng.poisson(rng.gamma(1 / 0.7, 0.7 * mean)).astype(float), mean, dispersion


def test_distribution_function_agrees_with_scipy() -> None:
    k, m = np.arange(8.0), np.full(8, 2.5)
    assert cdf(k, m, np.full(8, 0.4)) == pytest.approx(stats.nbinom.cdf(k, 2.5, 2.5 / 5.0))
    assert cdf(k, m, np.zeros(8)) == pytest.approx(stats.poisson.cdf(k, 2.5))
    assert cdf(np.array([-1.0]), np.array([2.5]), np.array([0.4])).tolist() == [0.0]


def test_the_truth_is_calibrated(truth: tuple[np.ndarray, ...]) -> None:
    found = calibrate(*truth)
    assert found.bias == pytest.approx(0.0, abs=0.02)
    assert found.slope == pytest.approx(1.0, abs=0.02)
    assert found.pit == pytest.approx([1.0] * 10, abs=0.05)
    assert sum(g.low <= g.expected <= g.high for g in found.groups) >= 8


def test_too_sure_and_too_timid_are_told(truth: tuple[np.ndarray, ...]) -> None:
    counts, mean, _ = truth
    assert slope(counts, mean**2) == pytest.approx(0.5, abs=0.03)
    assert slope(counts, mean**0.5) == pytest.approx(2.0, abs=0.1)
    busy = mean > 1
    too_sure = pit_histogram(counts[busy], mean[busy], np.zeros(busy.sum()))
    assert too_sure[-1] > 1.2  # more counts beyond what a Poisson allows


def test_bias_by_hand() -> None:
    found = calibrate(np.array([1.0, 0.0, 3.0]), np.array([2.0, 1.0, 3.0]), np.zeros(3))
    assert found.bias == pytest.approx(0.5)
    chance = 1 - np.exp(-np.array([2.0, 1.0, 3.0]))
    assert found.brier == pytest.approx(np.mean((chance - [1, 0, 1]) ** 2))


def test_pit_by_hand() -> None:
    half = np.log(2.0)  # a count of zero has probability one half, so it fills the lower half evenly
    assert pit_histogram(np.array([0.0]), np.array([half]), np.zeros(1)).tolist() == pytest.approx(
        [2.0] * 5 + [0.0] * 5
    )


def test_groups_share_the_expectation(truth: tuple[np.ndarray, ...]) -> None:
    groups = reliability(*truth)
    held = np.array([g.places * g.expected for g in groups])
    assert len(groups) == 10
    assert held / held.sum() == pytest.approx(np.full(10, 0.1), abs=0.01)


def test_nothing_to_tell_a_slope_from() -> None:
    assert np.isnan(slope(np.ones(5), np.ones(5)))
    assert np.isnan(slope(np.zeros(5), np.arange(1.0, 6.0)))
