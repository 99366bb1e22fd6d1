from __future__ import annotations

import numpy as np
import pytest

from peelian.simulate.checks import log_score
from peelian.simulate.scenario import load_scenario
from peelian.simulate.truth import Truth, build_truth, recorded_counts
from peelian.simulate.world import World, build_world


@pytest.fixture(scope="module")
def weekly(tiny: World) -> Truth:
    return build_truth(tiny, "week")


def test_the_truth_adds_up_to_what_happened(tiny: World, weekly: Truth) -> None:
    expected = (weekly.background + weekly.triggered).sum(axis=(1, 2))
    happened = np.bincount(tiny.events.k, minlength=len(expected))
    assert np.allclose(happened, expected, atol=4.5 * np.sqrt(expected))


def test_triggering_adds_up_to_the_triggered_events(tiny: World, weekly: Truth) -> None:
    child = tiny.events.k[tiny.events.parent >= 0]
    happened = np.bincount(child, minlength=len(weekly.components))
    expected = weekly.triggered.sum(axis=(1, 2))
    assert np.allclose(happened, expected, atol=4.5 * np.sqrt(expected) + 1e-9)


def test_months_and_weeks_say_the_same(tiny: World, weekly: Truth) -> None:
    monthly = build_truth(tiny, "month")
    assert np.allclose(monthly.background.sum(axis=1), weekly.background.sum(axis=1))
    assert np.allclose(monthly.triggered.sum(axis=1), weekly.triggered.sum(axis=1), rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("k", [0, 5, 6])
def test_no_changed_rate_scores_better_than_the_truth(tiny: World, weekly: Truth, k: int) -> None:
    counts, rate = recorded_counts(tiny, "week")[k], weekly.recorded[k]
    seen = ~tiny.silent
    counts, rate = counts[:, seen], rate[:, seen]
    oracle = log_score(counts, rate)
    rng = np.random.default_rng(4)
    noise = np.exp(rng.normal(0, 0.3, (1, rate.shape[1])))
    flat = np.broadcast_to(rate.mean(axis=1, keepdims=True), rate.shape)
    for other in (rate * noise, rate * 1.2, rate * 0.8, flat, np.roll(rate, 1, axis=1)):
        assert oracle < log_score(counts, other)


def test_a_silent_district_has_true_rates_and_expects_no_records(tiny: World, weekly: Truth) -> None:
    assert tiny.silent.any()
    assert weekly.background[:, :, tiny.silent].sum() > 0
    assert weekly.recorded[:, :, tiny.silent].sum() == 0


def test_a_uniform_world_has_the_same_rate_everywhere() -> None:
    world = build_world(load_scenario("tiny").changed(uniform=True, gaps=()), 1)
    truth = build_truth(world, "month")
    rate = truth.background[0].sum(axis=0)
    assert np.allclose(rate, rate.mean())
    assert truth.triggered.sum() == 0
    counts = recorded_counts(world, "month")[0].sum(axis=0)
    # Nothing to be found: the cells that were busiest in the first half are no busier in the second.
    halves = recorded_counts(world, "month")[0].reshape(2, 7, -1).sum(axis=1)
    busiest = np.argsort(-halves[0], kind="stable")[: len(counts) // 20]
    later = halves[1][busiest].sum()
    expected = halves[1].sum() / 20
    assert abs(later - expected) < 4 * np.sqrt(expected)
