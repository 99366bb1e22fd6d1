from __future__ import annotations

import itertools

import numpy as np
import pytest

from peelian.evaluate.capture import SHARES, best_hits, noise_ceiling, pai, selection


def test_whole_places_without_ties() -> None:
    assert selection(np.array([0.1, 0.4, 0.3, 0.2]), [0.5]).tolist() == [[0, 1, 1, 0]]


def test_a_part_of_the_last_place() -> None:
    chosen = selection(np.array([5.0, 4.0, 3.0]), [0.5])[0]  # one and a half of three places
    assert chosen.tolist() == [1.0, 0.5, 0.0]


def test_ties_are_the_mean_over_every_way_to_break_them() -> None:
    mean, counts = np.array([2.0, 1.0, 1.0, 1.0, 0.0]), np.array([1.0, 7.0, 2.0, 0.0, 3.0])
    by_lot = [counts[[0, order[0]]].sum() for order in itertools.permutations([1, 2, 3])]  # two of five
    assert selection(mean, [0.4])[0] @ counts == pytest.approx(np.mean(by_lot))


def test_each_share_takes_exactly_its_area() -> None:
    mean = np.random.default_rng(1).poisson(0.2, 1013).astype(float)
    assert selection(mean).sum(axis=1) == pytest.approx(1013 * np.array(SHARES))


def test_equal_means_give_pai_one_exactly() -> None:
    counts = np.random.default_rng(2).poisson(0.3, 777).astype(float)
    rate = selection(np.ones(777)) @ counts / counts.sum()
    assert pai(rate) == pytest.approx(np.ones(5))


def test_best_hits_by_hand() -> None:
    assert best_hits(np.array([1.0, 4.0, 0.0, 3.0]), [0.25, 0.375, 1.0]).tolist() == [4.0, 5.5, 8.0]


def test_no_ranking_beats_perfect_foresight() -> None:
    rng = np.random.default_rng(3)
    counts = rng.poisson(0.4, 501).astype(float)
    for _ in range(20):
        assert (selection(rng.random(501)) @ counts <= best_hits(counts) + 1e-9).all()


def test_the_ceiling_is_what_the_truth_reaches() -> None:
    rng = np.random.default_rng(4)
    mean = rng.gamma(0.3, 1.0, 2000)
    true, best = noise_ceiling(mean, np.zeros(2000), rng, worlds=200)
    seen = np.mean([selection(mean) @ rng.poisson(mean) for _ in range(200)], axis=0)
    assert true == pytest.approx(seen, rel=0.05)
    assert (true < best).all()
