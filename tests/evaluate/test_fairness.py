"""Disparity audit: by hand, where there is none, and where one was planted. Feedback with its control."""

from __future__ import annotations

import numpy as np
import pytest

from peelian.evaluate.fairness import Watched, audit_groups
from peelian.evaluate.fairness_words import referral
from peelian.evaluate.feedback import World, run_feedback


def made(rng: np.random.Generator, extra: float = 1.0) -> tuple[Watched, list[str]]:
    n = 300
    classes = [f"decile {1 + k % 10}" for k in rng.permutation(n)]
    rate = rng.gamma(4.0, 2.0, n)
    harm = rng.poisson(rate).astype(float)
    attention = rate * np.where(np.array(classes) == "decile 1", extra, 1.0)
    flagged = rng.poisson(attention * 2).astype(float)
    caught = rng.binomial(harm.astype(int), 0.3).astype(float)
    return Watched(flagged, harm, rate, caught, flagged * 0.5, np.full(n, 1500.0)), classes


def test_by_hand() -> None:
    w = Watched(
        np.array([6.0, 2, 1, 1]), np.array([2.0, 2, 2, 2]), np.array([3.0, 1, 2, 2]),
        np.array([2.0, 1, 0, 1]), np.array([4.0, 1, 1, 1]), np.array([1000.0] * 4),
    )  # fmt: skip
    a, b = audit_groups(w, ["a", "a", "b", "b"], np.random.default_rng(1))
    assert (a.exposure.value, b.exposure.value) == pytest.approx((1.6, 0.4))  # 8/10 over 4/8; 2/10 over 4/8
    assert (a.calibration.value, a.missed.value, a.false_flags.value) == pytest.approx((1.0, 0.25, 2.5))
    assert (a.areas, a.events, a.alarms) == (2, 4.0, ())  # two areas are too few to judge


def test_null_worlds_raise_nothing() -> None:
    alarms = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        w, classes = made(rng)
        groups = audit_groups(w, classes, rng)
        alarms += any(one.alarms for one in groups)
    assert alarms <= 4  # 5 % of 40 worlds would be 2


def test_planted_disparity_is_found() -> None:
    found = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        w, classes = made(rng, extra=2.0)
        groups = audit_groups(w, classes, rng)
        found += "exposure" in groups[0].alarms
    assert groups[0].name == "decile 1"
    assert found >= 18
    assert "income, decile 1 (attention for harm" in referral({"income": groups})


def test_intervals_hold_the_truth() -> None:
    held = 0
    for seed in range(60):
        rng = np.random.default_rng(1000 + seed)
        w, classes = made(rng)
        one = audit_groups(w, classes, rng)[4].exposure
        held += one.low <= 1.0 <= one.high
    assert held >= 53  # 95 % of 60 is 57


def test_naive_control_runs_away_and_the_shipped_memory_does_not() -> None:
    world = World()
    for seed in range(3):
        sent, harm = run_feedback(world, "greedy", seed)
        assert sent > 0.9
        assert abs(harm - 0.5) < 0.05
        for policy in ("corrected", "exploring"):
            sent, harm = run_feedback(world, policy, seed)  # type: ignore[arg-type]
            assert abs(sent - harm) < 0.05, policy


@pytest.mark.soak
def test_feedback_over_a_hundred_worlds() -> None:
    for seed in range(100):
        sent, _ = run_feedback(World(), "greedy", seed)
        assert sent > 0.9
        for policy in ("corrected", "exploring"):
            sent, harm = run_feedback(World(), policy, seed)  # type: ignore[arg-type]
            assert abs(sent - harm) < 0.05, (policy, seed)
