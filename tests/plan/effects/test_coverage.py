"""Each method in its own assumptions: intervals cover, and nothing is called an effect at 5 %."""

from __future__ import annotations

import pytest
from scipy.stats import binomtest

from tests.plan.effects.worlds import WORLDS, judged, ring_world


@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.parametrize("ratio", [1.0, 0.75])
def test_intervals_cover_and_nothing_is_called_rarely(name: str, ratio: float) -> None:
    covered, called, _ = judged(name, ratio, 200)
    assert binomtest(covered, 200, 0.95).pvalue > 0.001
    if ratio == 1.0:
        assert binomtest(called, 200, 0.05).pvalue > 0.001


@pytest.mark.soak
@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.parametrize("ratio", [1.0, 0.75])
def test_in_a_thousand_worlds(name: str, ratio: float) -> None:
    covered, called, _ = judged(name, ratio, 1000)
    assert binomtest(covered, 1000, 0.95).pvalue > 0.001
    if ratio == 1.0:
        assert binomtest(called, 1000, 0.05).pvalue > 0.001


@pytest.mark.parametrize(("nearby", "way"), [(1.2, 1), (0.8, -1)])
def test_displacement_and_diffusion_get_the_right_sign(nearby: float, way: int) -> None:
    """Twenty per cent in the ring of 12 treated squares: the sign is right, mostly beyond chance."""
    made = [ring_world(seed, nearby) for seed in range(60)]
    assert all(one.change * way > 0 for one in made)
    assert sum(one.clear for one in made) >= 50


def test_no_spill_is_called_one_rarely() -> None:
    called = sum(ring_world(seed, 1.0).clear for seed in range(200))
    assert binomtest(called, 200, 0.05).pvalue > 0.001
