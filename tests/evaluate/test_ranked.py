from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from peelian.evaluate.ranked import ranked


def by_hand(count: int, cdf: np.ndarray) -> float:
    return float(sum((f - (count <= k)) ** 2 for k, f in enumerate(cdf)))


def test_it_is_the_sum_over_the_distribution() -> None:
    k = np.arange(400)
    for count, mean, spread in (
        (0, 0.01, 0.5),
        (3, 2.5, 0.4),
        (1, 0.2, 2.0),
        (40, 30.0, 0.05),
        (2, 2.0, 1e-3),
    ):
        r = 1 / spread
        want = by_hand(count, stats.nbinom.cdf(k, r, r / (r + mean)))
        got = ranked(np.array([float(count)]), np.array([mean]), np.array([spread]))
        assert got[0] == pytest.approx(want, abs=1e-8), (count, mean, spread)
    want = by_hand(1, stats.poisson.cdf(k, 0.7))
    assert ranked(np.ones(1), np.array([0.7]), np.zeros(1))[0] == pytest.approx(want)


def test_nothing_expected_and_nothing_happened_costs_nothing() -> None:
    found = ranked(np.zeros(3), np.zeros(3), np.array([0.0, 1e-5, 0.5]))
    assert found == pytest.approx(np.zeros(3), abs=1e-9)


def test_no_digits_are_lost_between_small_and_large() -> None:
    a = np.array([0.0, 9e-7, 1.1e-6, 1e-5])
    for mean, count in ((0.003, 0.0), (0.4, 1.0), (499.0, 520.0), (501.0, 520.0)):
        found = ranked(np.full(4, count), np.full(4, mean), a)
        assert found == pytest.approx(np.full(4, found[0]), rel=0.01)
    near = ranked(np.full(2, 520.0), np.array([499.99, 500.01]), np.full(2, 0.02))
    assert near[0] == pytest.approx(near[1], rel=0.001)


def test_a_fraction_is_rounded_and_order_does_not_matter() -> None:
    mean, a = np.array([0.1, 40.0, 3.0]), np.array([0.5, 0.1, 2.0])
    found = ranked(np.array([0.4, 31.2, 9.0]), mean, a)
    assert ranked(np.array([9.0, 31.0, 0.0]), mean[::-1], a[::-1])[::-1] == pytest.approx(found)


def test_the_truth_scores_best() -> None:
    rng = np.random.default_rng(1)
    mean = rng.gamma(0.5, 2.0, 20_000)
    counts = rng.poisson(rng.gamma(2.0, mean / 2.0)).astype(float)
    a = np.full_like(mean, 0.5)
    true = ranked(counts, mean, a).mean()
    for other in (mean * 1.3, mean * 0.7, np.full_like(mean, mean.mean())):
        assert ranked(counts, other, a).mean() > true
    assert ranked(counts, mean, np.zeros_like(a)).mean() > true
