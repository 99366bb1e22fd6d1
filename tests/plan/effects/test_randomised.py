"""Draws that reproduce, exact tests by hand, and power."""

from __future__ import annotations

import numpy as np
import pytest

from peelian.domain.errors import Misuse, Refused
from peelian.plan.effects.power import Study, power, smallest_found
from peelian.plan.effects.randomised import assign, randomised_effect, strata_by_count

_NAMES = tuple(f"p{k:02d}" for k in range(24))


def test_the_draw_reproduces_from_its_seed_in_any_order() -> None:
    strata = strata_by_count(np.arange(24.0))
    first = assign(_NAMES, strata, seed=7)
    assert np.array_equal(first, assign(_NAMES, strata, seed=7))
    turned = assign(_NAMES[::-1], strata[::-1], seed=7)
    assert np.array_equal(first, turned[::-1])
    assert not np.array_equal(first, assign(_NAMES, strata, seed=8))
    for stratum in np.unique(strata):
        assert first[strata == stratum].sum() == 3


def test_draws_that_cannot_be_are_refused() -> None:
    with pytest.raises(Refused, match="held-out"):
        assign(_NAMES, np.arange(24), seed=1)
    with pytest.raises(Misuse):
        assign(("a", "a"), np.zeros(2, int), seed=1)


def test_the_exact_chance_by_hand() -> None:
    """Twelve places of one stratum, the six treated lowest: 2 of 924 draws are as far apart."""
    after = np.arange(12.0)
    treated = np.arange(12) < 6
    made = randomised_effect(np.ones(12), after, treated, np.zeros(12, int), seed=1)
    assert made.more == {"draws": 924, "exact": True}
    assert made.p == pytest.approx(2 / 924)
    assert made.change == pytest.approx(-36)


def test_drawn_chances_agree_with_exact_ones() -> None:
    """Two strata of 10 (63,504 draws) are sampled; the chance meets that of all draws."""
    rng = np.random.default_rng(6)
    after = rng.poisson(20.0, 20).astype(float)
    strata = np.repeat([0, 1], 10)
    treated = assign(_NAMES[:20], strata, seed=3)
    sampled = randomised_effect(np.ones(20), after, treated, strata, seed=1)
    assert sampled.more == {"draws": 1999, "exact": False}
    from itertools import combinations

    sums = [np.array([after[list(c)].sum() for c in combinations(range(s, s + 10), 5)]) for s in (0, 10)]
    both = (sums[0][:, None] + sums[1][None, :]).ravel()
    far = np.abs(both - after.sum() / 2)
    seen = abs(after[treated].sum() - after.sum() / 2)
    assert sampled.p == pytest.approx(float(np.mean(far >= seen - 1e-9)), abs=0.04)


def test_too_few_are_refused() -> None:
    with pytest.raises(Refused, match="too few"):
        randomised_effect(np.ones(10), np.ones(10), np.arange(10) < 5, np.zeros(10, int), seed=1)


def test_power_is_the_level_for_nothing_and_grows_with_the_effect() -> None:
    study = Study(np.full(40, 5.0), 20, 6, 6)
    made = {r: power(study, r, method="event-study", worlds=120, seed=2) for r in (1.0, 0.85, 0.6)}
    assert made[1.0].low <= 0.05 <= made[1.0].high
    assert made[1.0].power < made[0.85].power < made[0.6].power
    assert made[0.6].power > 0.95
    assert made[0.85] == power(study, 0.85, method="event-study", worlds=120, seed=2)


def test_power_of_wdd_meets_its_formula() -> None:
    """100 and 100 expected before, 70 after where treated: z = 30 / sqrt(370), so the power is 0.344."""
    study = Study(np.array([100.0, 100.0]), 1, 1, 1)
    made = power(study, 0.7, method="wdd", worlds=1000, seed=3)
    assert made.low - 0.02 < 0.344 < made.high + 0.02


def test_the_weakest_fall_found() -> None:
    strong = smallest_found(Study(np.full(40, 10.0), 20, 6, 6), method="event-study", worlds=60, seed=1)
    assert strong is not None
    assert 0.8 <= strong.ratio <= 0.95
    assert smallest_found(Study(np.full(12, 0.02), 6, 3, 3), method="randomised", worlds=20, seed=1) is None
    with pytest.raises(Misuse):
        power(Study(np.ones(4), 2, 1, 1), 0.5, method="guess", worlds=1, seed=1)
