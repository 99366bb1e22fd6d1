"""Exceedance: by hand, null worlds at their rate, small counts together, what it cannot say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from peelian.domain.series import Expected
from peelian.warn import exceedance
from tests.warn import worlds
from tests.warn.false_alarms import too_many


def test_mid_p_by_hand() -> None:
    # Dispersion 1 is geometric: with mean 1, P(N = n) = 2^-(n+1).
    p = exceedance.mid_p(np.array([0.0, 2.0]), np.ones(2), np.ones(2))
    assert p == pytest.approx([0.5 + 0.25, 0.125 + 0.0625])


def test_null_worlds_and_a_rise() -> None:
    chances = []
    for seed in range(200):
        rng = np.random.default_rng([3, seed])
        mean = rng.gamma(2, 1.0, 60)
        counts = rng.poisson(mean * rng.gamma(2, 0.5, 60))[None].astype(float)
        given = replace(worlds.series(counts), expected=Expected(mean, np.full(60, 0.5), "run"))
        found = exceedance.detect(given, seed=1)
        chances.append(found.p)
    assert too_many([c[::7] for c in chances], 0.01)[1] > 0.001, "apart, so that circles share few places"
    counts[0, 5] = 60
    loud = exceedance.detect(replace(given, counts=counts), seed=1)
    assert loud.p[5] < 1e-4
    assert any("E005" in one.places for one in loud.signals)


def test_small_counts_together_tell_what_none_tells_alone() -> None:
    given = replace(
        worlds.series(np.full((1, 9), 1.0)), expected=Expected(np.full(9, 0.1), np.zeros(9), "run")
    )
    found = exceedance.detect(given, seed=1)
    alone = exceedance.mid_p(np.ones(9), np.full(9, 0.1), np.zeros(9))
    assert found.p[4] < alone[4] / 20
    assert {one.radius_m for one in found.signals} >= {1000.0}


def test_unable_and_missing() -> None:
    given = worlds.series(np.full((1, 4), 9.0), observed=np.array([[True, False, True, True]]))
    assert exceedance.detect(given, seed=1).unable
    told = replace(given, expected=Expected(np.ones(4), np.ones(4), "run"))
    assert np.isnan(exceedance.detect(told, seed=1).p).tolist() == [False, True, False, False]
