from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from peelian.domain.errors import Misuse
from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.evaluate.capture import selection
from peelian.evaluate.hit_curve import CURVE_SHARES, caught_along, curves
from peelian.evaluate.rounds import Rounds


def rounds(counts: np.ndarray, mean: np.ndarray) -> Rounds:
    n = len(counts)
    return Rounds(
        GRID, np.arange(counts.shape[1]), tuple(date(2022, 1 + k, 1) for k in range(n)), np.arange(n),
        counts.astype(np.float32), np.ones(counts.shape, bool), {}, {"m": mean.astype(np.float32)},
        {"m": np.zeros(counts.shape, np.float32)},
    )  # fmt: skip


def test_by_area_it_is_the_same_as_the_selection() -> None:
    rng = np.random.default_rng(1)
    mean = rng.integers(0, 5, 300).astype(float)  # many ties
    counts = rng.poisson(1.0, 300).astype(float)
    shares = np.array([0.0, 0.001, 0.05, 0.31, 0.9, 1.0])
    want = selection(mean, shares) @ counts
    assert caught_along(mean, counts, np.ones(300), shares) == pytest.approx(want)


def test_people_by_hand() -> None:
    mean, counts = np.array([5.0, 4.0, 3.0]), np.array([4.0, 2.0, 1.0])
    people = np.array([10.0, 80.0, 10.0])
    found = caught_along(mean, counts, people, np.array([0.1, 0.5, 0.9, 1.0]))
    assert found.tolist() == pytest.approx([4.0, 5.0, 6.0, 7.0])


def test_a_place_that_holds_nobody_costs_nothing() -> None:
    found = caught_along(
        np.array([2.0, 1.0]), np.array([3.0, 1.0]), np.array([0.0, 5.0]), np.array([0.0, 1.0])
    )
    assert found.tolist() == [3.0, 4.0]
    last = caught_along(
        np.array([1.0, 2.0]), np.array([3.0, 1.0]), np.array([0.0, 5.0]), np.array([0.5, 1.0])
    )
    assert last.tolist() == [0.5, 4.0]


def test_nothing_known_ranks_as_chance_and_the_truth_above() -> None:
    rng = np.random.default_rng(2)
    rate = rng.gamma(0.3, 1.0, 400)
    counts = rng.poisson(rate, (6, 400))
    flat = curves(rounds(counts, np.ones((6, 400))), "m", {})[0]
    assert flat.under == pytest.approx(0.5, abs=0.01)
    assert flat.caught == pytest.approx(CURVE_SHARES, abs=1e-9)
    true, people = curves(rounds(counts, np.tile(rate, (6, 1))), "m", {"population": np.ones(400) * 3})
    assert true.under > 0.75
    assert (true.by, people.by) == ("area", "population")
    assert people.caught == pytest.approx(true.caught)
    assert true.caught[-1] == pytest.approx(1.0)


def test_weights_that_do_not_fit_are_refused() -> None:
    held = rounds(np.ones((1, 3)), np.ones((1, 3)))
    for bad in (np.ones(2), np.array([1.0, -1.0, 0.0]), np.array([1.0, np.nan, 0.0])):
        with pytest.raises(Misuse, match="population"):
            curves(held, "m", {"population": bad})
