from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from peelian.evaluate.confidence_set import confidence_set
from peelian.evaluate.diebold_mariano import diebold_mariano


def test_by_hand() -> None:
    gain = np.array([1.0, 2.0, 0.0, 1.0, 3.0, 2.0, 1.0, 2.0])
    n, lags, off = 8, 2, gain - 1.5
    spread = (off @ off + 2 * (2 / 3) * (off[1:] @ off[:-1]) + 2 * (1 / 3) * (off[2:] @ off[:-2])) / n
    h = 3
    statistic = 1.5 / np.sqrt(spread / n) * np.sqrt((n + 1 - 2 * h + h * (h - 1) / n) / n)
    found = diebold_mariano(gain, 1)
    assert found.lags == lags
    assert found.statistic == pytest.approx(statistic)
    assert found.p == pytest.approx(2 * stats.t.sf(statistic, 7))


def test_equal_forecasters_are_seldom_told_apart_even_where_gains_hang_together() -> None:
    rng = np.random.default_rng(1)
    plain, tied = [], []
    for _ in range(400):
        white = rng.normal(size=53)
        plain.append(diebold_mariano(white[:52], 1).p < 0.05)
        tied.append(diebold_mariano(np.convolve(white, np.ones(2), "valid"), 2).p < 0.05)
    assert np.mean(plain) < 0.085
    assert np.mean(tied) < 0.10


def test_a_better_one_is_found_and_the_sign_says_so() -> None:
    gain = np.random.default_rng(2).normal(0.8, 1.0, 40)
    assert diebold_mariano(gain, 1).p < 0.01
    assert diebold_mariano(gain, 1).statistic > 0
    assert diebold_mariano(-gain, 1).statistic < 0


def test_two_that_never_differ_have_no_test() -> None:
    found = diebold_mariano(np.zeros(30), 1)
    assert np.isnan(found.p)
    assert found.why_not


def test_the_set_holds_the_best_and_drops_the_worst() -> None:
    rng = np.random.default_rng(3)
    base = rng.normal(0, 5, 52)  # hard and easy dates, the same for all
    made = {"good": 1.0, "as good": 1.0, "worst": -2.0}
    score = {name: base + level + rng.normal(0, 0.4, 52) for name, level in made.items()}
    found = confidence_set(score, 3, seed=1)
    assert set(found.members) == {"good", "as good"}
    assert found.p["worst"] < 0.01
    assert confidence_set(score, 3, seed=1) == found


def test_alike_forecasters_all_stay_and_twins_go_together() -> None:
    rng = np.random.default_rng(4)
    kept = []
    for k in range(8):
        score = {str(m): rng.normal(0, 1, 30) for m in range(4)}
        kept.append(len(confidence_set(score, 3, seed=k).members))
    assert np.mean(kept) > 3.4
    one = rng.normal(0, 1, 30)
    assert confidence_set({"a": one, "b": one.copy()}, 3, seed=1).members == ("a", "b")
    twins = confidence_set({"a": one, "b": one.copy(), "c": one - 3 + rng.normal(0, 0.1, 30)}, 3, seed=1)
    assert twins.members == ("a", "b")
