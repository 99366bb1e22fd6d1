"""The smallest gain that can be found: by hand in a large plain world, and never out of nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from peelian.evaluate.compare import Resampling
from peelian.evaluate.interval import block_weights
from peelian.evaluate.power import Pairs, power

PLACES, BLOCKS = 3000, 200
BY_HAND = 2 * (1.959964 + 0.841621) ** 2
"""A log-likelihood ratio with mean g an event has variance 2 g: z = sqrt(g N / 2), found when z is 2.80."""


@pytest.fixture(scope="module")
def pairs() -> Pairs:
    rng = np.random.default_rng(0)
    rival = rng.gamma(0.5, 1, PLACES) + 0.01
    mean = rival * np.exp(0.5 * rng.normal(size=PLACES))
    chosen = np.zeros((2, PLACES))
    order = np.argsort(-mean)
    chosen[0, order[:30]] = chosen[1, order[:300]] = 1
    return Pairs(mean, rival, np.zeros(PLACES), np.arange(PLACES) // 15, BLOCKS, chosen)


@pytest.fixture(scope="module")
def how() -> Resampling:
    weights = block_weights(BLOCKS, 400, np.random.default_rng(1))
    return Resampling("blocks", weights, float(BLOCKS), 1, "")


@pytest.mark.parametrize("events", [100, 1000])
def test_the_smallest_gain_is_the_one_worked_out_by_hand(pairs: Pairs, how: Resampling, events: int) -> None:
    found = power(pairs, events, how, 1)
    assert found.reached
    assert found.gain == pytest.approx(BY_HAND / events, rel=0.25)
    assert found.false <= 0.08
    rate = pairs.chosen @ pairs.mean / pairs.mean.sum()
    assert found.hit_error == pytest.approx(np.sqrt(rate * (1 - rate) / events), rel=0.2)


def test_events_that_cluster_show_less(pairs: Pairs, how: Resampling) -> None:
    clustered = power(replace(pairs, dispersion=np.full(PLACES, 2.0)), 1000, how, 1)
    assert clustered.gain > 1.5 * BY_HAND / 1000
    assert clustered.hit_error[0] > 1.5 * power(pairs, 1000, how, 1).hit_error[0]


def test_a_forecast_equal_to_the_plain_count_still_has_a_power(pairs: Pairs, how: Resampling) -> None:
    found = power(replace(pairs, mean=pairs.rival), 200, how, 1)
    assert found.gain == pytest.approx(BY_HAND / 200, rel=0.35)


def test_the_same_seed_gives_the_same_power(pairs: Pairs, how: Resampling) -> None:
    assert power(pairs, 60, how, 5) == power(pairs, 60, how, 5)
