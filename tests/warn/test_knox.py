"""Knox's test: a case worked by hand, a null world that finds nothing, planted repeats that are found."""

from __future__ import annotations

import numpy as np
import pytest

from peelian.domain.errors import Misuse
from peelian.simulate.checks import knox_ratio
from peelian.warn.knox import fitting, knox


def test_by_hand() -> None:
    # 50 reports a kilometre apart on one day, but: 1 is 150 m from 0, 3 at the point of 2, 5 is 250 m off 4.
    east = np.arange(50) * 1000.0
    east[1], east[3], east[5] = east[0] + 150, east[2], east[4] + 250
    found = knox(east, np.zeros(50), np.zeros(50, np.int64), seed=1)
    assert found is not None
    assert (found.pairs, found.share, found.same_share) == (2, 4 / 50, 2 / 50)
    # All days are alike: every shuffle gives the same, so nothing is beyond chance.
    assert (found.pairs_told, found.p, found.ratio) == (2.0, 1.0, 1.0)


def test_far_days_are_no_pair() -> None:
    east = np.arange(50) * 1000.0
    east[1] = east[0] + 150
    day = np.zeros(50, np.int64)
    day[1] = 15
    found = knox(east, np.zeros(50), day, seed=1)
    assert found is not None
    assert found.pairs == 0
    day[1] = 14
    found = knox(east, np.zeros(50), day, seed=1)
    assert found is not None
    assert found.pairs == 1


def _scatter(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Reports heaped in places and in a season, without ties between the two."""
    east, north = rng.normal(0, 1500, (2, n))
    return east, north, (365 * rng.beta(2, 3, n)).astype(np.int64)


def test_null_worlds_are_within_chance() -> None:
    p = []
    for k in range(40):
        found = knox(*_scatter(np.random.default_rng(k), 300), seed=k, replicas=99)
        assert found is not None
        p.append(found.p)
    assert sum(one <= 0.05 for one in p) <= 6  # 2 are due; more than 6 comes about once in 300
    assert 0.35 < float(np.mean(p)) < 0.65


def test_planted_repeats_are_found() -> None:
    rng = np.random.default_rng(3)
    east, north, day = _scatter(rng, 300)
    again = rng.choice(300, 60, replace=False)
    east = np.r_[east, east[again] + rng.uniform(-100, 100, 60)]
    north = np.r_[north, north[again] + rng.uniform(-100, 100, 60)]
    day = np.r_[day, day[again] + rng.integers(1, 10, 60)]
    found = knox(east, north, day, seed=3)
    assert found is not None
    assert found.p == 1 / 200
    # 60 pairs were planted, which tie 120 of 360 reports; some had another near already.
    assert 45 <= found.pairs - found.pairs_told <= 75
    assert 0.1 < found.share - found.share_told < 0.34


def test_few_say_nothing_and_columns_must_agree() -> None:
    assert knox(np.zeros(49), np.zeros(49), np.zeros(49, np.int64), seed=1) is None
    with pytest.raises(Misuse):
        knox(np.zeros(60), np.zeros(59), np.zeros(60, np.int64), seed=1)


def test_a_dense_place_is_cut_to_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("peelian.warn.knox.MOST_PAIRS", 2000)
    day = np.arange(365).astype(np.int64)
    used = fitting(np.zeros(365), np.zeros(365), day)
    assert 28 <= int(used.sum()) <= 64
    assert used[: int(used.sum())].all()


def test_shuffles_agree_with_the_exact_expectation() -> None:
    """Another route to the same number: over all permutations the expected pairs are known exactly."""
    rng = np.random.default_rng(8)
    east, north, day = _scatter(rng, 600)
    day[:100] = day[100:200] + 3
    east[:100], north[:100] = east[100:200] + 50, north[100:200]
    found = knox(east, north, day, seed=8)
    assert found is not None
    exact = knox_ratio(east, north, day * 24.0)
    assert found.ratio == pytest.approx(exact, rel=0.03)
    assert exact > 1.1
