"""Near-repeat bursts: by hand, null worlds at their rate, a burst found, repeats at one point told apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from peelian.domain.series import Points, Series
from peelian.warn import near_repeat
from tests.warn import worlds


def reports(seed: int, extra: np.ndarray | None = None, n: int = 300) -> Series:
    """Points in uneven towns; `extra` (N, 3) rows of easting, northing, day are added."""
    rng = np.random.default_rng([9, seed])
    towns = rng.uniform(0, 4000, (12, 2))
    at = towns[rng.integers(12, size=n)] + rng.normal(0, 150, (n, 2))
    rows = np.column_stack([at, rng.integers(365, size=n)])
    rows = rows if extra is None else np.vstack([rows, extra])
    place = np.clip(rows[:, 0] // 1000, 0, 3).astype(np.int64)
    points = Points(rows[:, 0], rows[:, 1], rows[:, 2].astype(np.int64), place, np.ones(len(rows)))
    return replace(worlds.series(np.ones((60, 4))), points=points)


def test_log_ratio_by_hand() -> None:
    ratio = near_repeat.log_ratio(np.array([4.0, 1.0]), np.array([2.0, 2.0]))
    assert ratio == pytest.approx([4 * np.log(2) - 2, 0.0])


def test_null_worlds_keep_the_level() -> None:
    found = [near_repeat.detect(reports(s), seed=s) for s in range(200)]
    hits = sum(any(one.p <= 0.05 for one in f.signals) for f in found)
    assert stats.binom.sf(hits - 1, 200, 0.05) > 0.001, hits


def test_a_burst_is_found_and_repeats_are_told_apart() -> None:
    rng = np.random.default_rng(1)
    spread = np.column_stack([rng.normal(6000, 50, (12, 2)), rng.integers(14, size=12)])
    first = near_repeat.detect(reports(3, spread), seed=1).signals[0]
    assert first.p <= 0.01
    assert first.adjusted
    assert first.observed >= 8
    assert np.hypot(first.easting - 6000, first.northing - 6000) < 200
    assert first.distinct == first.observed
    one_point = spread * [0, 0, 1] + [6000, 6000, 0]
    again = near_repeat.detect(reports(3, one_point), seed=1).signals[0]
    assert again.distinct == 1
    assert again.observed >= 8


def test_unable_and_same_bytes() -> None:
    given = reports(4)
    assert near_repeat.detect(replace(given, points=None), seed=1).unable
    assert near_repeat.detect(reports(4, n=20), seed=1).unable
    one, two = near_repeat.detect(given, seed=2), near_repeat.detect(given, seed=2)
    assert one.p.tobytes() == two.p.tobytes()
    assert one.signals == two.signals
