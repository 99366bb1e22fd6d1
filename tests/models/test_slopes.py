"""Slopes: found where they are, by hand and in a simulated world, and none where there are none."""

from __future__ import annotations

import numpy as np
import pytest

from peelian.models.slopes import fit_slopes


def world(slope: float, rows: int = 40_000, seed: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.normal(0, 1, (rows, 3)).astype(np.float32)
    offset = rng.gamma(0.5, 0.4, rows)
    count = rng.poisson(offset * np.exp(slope * x[:, 1] + 0.3)).astype(float)
    return x, count, offset


def test_a_constant_is_the_ratio_of_what_happened_to_what_was_expected() -> None:
    found = fit_slopes(np.zeros((4, 1), np.float32), np.array([2.0, 0, 1, 3]), np.full(4, 0.5), np.ones(4))
    assert found.constant == pytest.approx(np.log(6 / 2), abs=1e-3)
    assert found.slope.tolist() == [0.0]


@pytest.mark.parametrize("truth", [-0.4, 0.25])
def test_a_slope_is_recovered_and_others_stay_level(truth: float) -> None:
    x, count, offset = world(truth)
    found = fit_slopes(x, count, offset, np.ones(len(x)))
    assert found.slope[1] == pytest.approx(truth, abs=0.03)
    assert np.abs(found.slope[[0, 2]]).max() < 0.03
    terms = found.terms(x)
    assert terms.sum(axis=1) == pytest.approx(found.correction(x), abs=1e-9)


def test_nothing_is_found_where_nothing_is_and_weights_stand_for_rows() -> None:
    x, count, offset = world(0.0)
    found = fit_slopes(x, count, offset, np.ones(len(x)))
    assert np.abs(found.slope).max() < 0.03
    quiet = count == 0
    keep = ~quiet | (np.arange(len(x)) % 4 == 0)
    thinned = fit_slopes(x[keep], count[keep], offset[keep], np.where(quiet[keep], 4.0, 1.0))
    assert thinned.constant == pytest.approx(found.constant, abs=0.05)
