from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from peelian.evaluate.stability import jaccard, run_lengths, stability
from tests.evaluate.test_hit_curve import rounds


def test_runs_by_hand() -> None:
    flagged = np.array([[1, 0, 1], [1, 0, 0], [0, 1, 1]], bool)
    assert sorted(run_lengths(flagged).tolist()) == [1, 1, 1, 2]
    assert run_lengths(np.zeros((3, 2), bool)).tolist() == []


def test_shared_ties_overlap_by_their_chances() -> None:
    assert jaccard(np.array([0.5, 0.5]), np.array([0.5, 0.5])) == 1.0
    assert np.isnan(jaccard(np.zeros(2), np.zeros(2)))


def test_a_list_that_never_changes() -> None:
    mean = np.tile(np.arange(200.0), (6, 1))
    for one in stability(rounds(np.ones((6, 200)), mean), "m"):
        assert (one.overlap, one.run) == (1.0, 6.0)
        assert one.places == pytest.approx(1.0)


def test_a_list_of_pure_chance_overlaps_as_chance_does() -> None:
    rng = np.random.default_rng(1)
    mean = rng.random((60, 1000))
    one, two, five = stability(rounds(np.ones((6, 1000)).repeat(10, axis=0)[:12], mean[:12]), "m")
    assert five.overlap == pytest.approx(0.05 / 1.95, abs=0.02)
    assert one.run == pytest.approx(1.0, abs=0.1)
    assert two.places > 6


def test_it_reads_the_first_window_of_each_origin() -> None:
    mean = np.zeros((4, 100))
    mean[[0, 2], 0], mean[[1, 3], 50] = 1.0, 1.0  # second windows name another place
    mean[[0, 2], 1], mean[1, 60], mean[3, 61] = 0.5, 0.5, 0.5
    held = rounds(np.ones((4, 100)), mean)
    two = replace(held, origins=held.origins[:2], origin_of=np.array([0, 0, 1, 1]))
    assert stability(two, "m")[0].overlap == 1.0
    assert stability(replace(two, origins=two.origins[:1], origin_of=np.zeros(4, np.int64)), "m") == ()
