"""The stack: weights follow what came about; a stack of one world's truth and noise leaves the noise."""

from __future__ import annotations

import numpy as np
import pytest

from peelian.models import MODELS, stack
from tests.worlds.city import lively, panel_of, rates

SIDE = 12


def test_weights_by_hand_go_to_the_member_that_was_right() -> None:
    panel = panel_of(np.ones((1, 30, 4), np.float32))
    right, wrong = np.array([1.0, 1, 1, 1]), np.array([9.0, 1, 1, 1])
    weights, _, events = stack._weigh(panel, [{28: right, 29: right}, {28: wrong, 29: wrong}], [28, 29], 1)
    assert events == 8
    pull = 50 / 58 / 2  # eight events against fifty events' worth of equal weights
    assert weights == pytest.approx([8 / 58 + pull, pull], abs=0.02)


def test_what_it_says_is_the_weighed_mean_of_its_members() -> None:
    panel = panel_of(lively(SIDE, 36, seed=4, kinds=2))
    fitted = MODELS["stack"].fit(panel, horizon=1, window=1, seed=1)
    assert isinstance(fitted, stack.Stacked)
    made = fitted.predict(panel)
    by_hand = sum(
        w * m.predict(panel).mean[0] / m.predict(panel).mean[0].sum()
        for w, m in zip(fitted.weights, fitted.members, strict=True)
    )
    assert made.mean[0] / made.mean[0].sum() == pytest.approx(by_hand, abs=1e-12)
    assert fitted.expected(panel).mean == pytest.approx(made.mean, rel=1e-9)
    assert fitted.weights.sum() == pytest.approx(1.0)


def test_it_comes_near_known_rates_and_no_nearer_than_chance_where_all_are_alike() -> None:
    truth = rates(SIDE, seed=9, mean=0.6)
    counts = np.random.default_rng(2).poisson(truth, (1, 36, SIDE * SIDE)).astype(np.float32)
    panel = panel_of(counts)
    got = MODELS["stack"].fit(panel, horizon=1, window=1, seed=1).predict(panel).mean[0]
    raw = counts[0, -12:].mean(axis=0)
    assert np.mean((got - truth) ** 2) < np.mean((raw - truth) ** 2)
    level = panel_of(np.random.default_rng(3).poisson(0.5, (1, 36, SIDE * SIDE)).astype(np.float32))
    flat = MODELS["stack"].fit(level, horizon=1, window=1, seed=1).predict(level).mean[0]
    assert flat.std() / flat.mean() < 0.25
