"""Disparity audit: by hand, where there is none, and where one was planted. Feedback with its control."""

from __future__ import annotations

import numpy as np
import pytest

from peelian.evaluate.fairness import Watched, audit_groups
from peelian.evaluate.fairness_words import referral
from peelian.evaluate.feedback import HALF_LIFE, World, planned, remembered, run_feedback, shared_places


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


def test_the_naive_control_runs_away_and_what_is_shipped_does_not() -> None:
    alike = run_feedback(World(uneven=0.0, days=600), "naive", range(4))
    assert (alike.visits > 0.9).all()
    assert (np.abs(alike.harm - 0.5) < 0.05).all()
    uneven = World(days=600)
    assert run_feedback(uneven, "naive", range(4)).gap.mean() > 0.1
    for policy in ("shipped", "corrected", "exploring"):
        assert run_feedback(uneven, policy, range(4)).gap.max() < 0.05, policy  # type: ignore[arg-type]


def test_a_list_of_equal_places_strays_and_a_plan_that_shares_out_does_not() -> None:
    alike = World(uneven=0.0, days=600)
    assert run_feedback(alike, "listed", range(8)).gap.max() > 0.05
    assert run_feedback(alike, "shipped", range(8)).gap.max() < 0.05


def test_visits_are_shared_by_hand() -> None:
    harm = np.array([[9.0, 8, 7, 6, 1, 1, 1, 1], [4.0, 3, 2, 1, 4.1, 3.1, 2.1, 1.1]])
    first, even = shared_places(harm, 4)  # 30 of 34 are due 3.5 of 4 visits, and 10 of 20.4 just under 2
    assert first[:4].sum() in (3, 4)
    assert first[:3].all()
    assert (even == [1, 1, 0, 0, 1, 1, 0, 0]).all()


def test_the_simulated_plan_and_memory_are_the_shipped_ones() -> None:
    rng = np.random.default_rng(1)
    for k in range(4):
        harm = rng.gamma(1.0, 1.0, 60) * np.where(np.arange(60) < 30, 1 + k, 1.0)
        assert (planned(harm, 8) == shared_places(harm[None], 8)[0]).all()
    counts = rng.poisson(0.5, (40, 5)).astype(np.float32)
    memory = remembered(counts[:30])
    for day in counts[30:]:
        memory = memory * 0.5 ** (1 / HALF_LIFE) + day
    assert memory == pytest.approx(remembered(counts), rel=1e-5)


@pytest.mark.soak
def test_feedback_over_a_hundred_worlds() -> None:
    assert (run_feedback(World(uneven=0.0), "naive", range(100)).visits > 0.9).all()
    for uneven in (0.0, 1.0):
        for policy in ("shipped", "corrected", "exploring"):
            gap = run_feedback(World(uneven=uneven), policy, range(100)).gap  # type: ignore[arg-type]
            assert gap.max() < 0.05, (policy, uneven, gap.max())
    gap = run_feedback(World(), "listed", range(100)).gap  # a long memory keeps the lopsided start: no loop
    assert (gap > 0.05).sum() <= 2
    assert gap.max() < 0.10
