"""One kernel: its numbers come back from a world that has them, and nothing from one that has none."""

from __future__ import annotations

import numpy as np
import pytest

from peelian.domain.errors import Misuse
from peelian.models.exciting.single import fit_single
from tests.models.exciting.branching import world


def test_a_branching_world_gives_its_numbers_back_within_a_tenth() -> None:
    events, ground = world(60_000, 0.35, 14.0, 0.8, seed=1, side=50)
    got = fit_single(events, ground)
    assert got.branching == pytest.approx(0.35, rel=0.1)
    assert got.delay == pytest.approx(14.0, rel=0.1)
    assert got.width == pytest.approx(0.8, rel=0.1)
    # background and repeats add up to what was counted, but for repeats lost at the end and the edge
    assert got.background.sum() * events.span == pytest.approx(0.65 * len(events.time), rel=0.06)


@pytest.mark.parametrize(("n", "side", "seed"), [(20_000, 30, 1), (5_000, 40, 2), (40_000, 20, 2)])
def test_a_world_of_busy_places_without_repeats_shows_none(n: int, side: int, seed: int) -> None:
    # the last held excitement 0.06 while the fits compared had not settled
    events, ground = world(n, 0.0, 1.0, 1.0, seed=seed, side=side)
    assert fit_single(events, ground).branching < 0.02


def test_weak_excitement_is_told_from_none() -> None:
    events, ground = world(20_000, 0.2, 30.0, 0.8, seed=1, side=30)
    assert 0.15 < fit_single(events, ground).branching < 0.27  # of 0.2: known to come out high


def test_the_same_events_give_the_same_bytes() -> None:
    events, ground = world(3_000, 0.3, 10.0, 0.8, seed=3, side=15)
    one, two = (fit_single(events, ground) for _ in range(2))
    assert (one.branching, one.delay, one.width, one.gain) == (two.branching, two.delay, two.width, two.gain)
    assert np.array_equal(one.background, two.background)


def test_a_handful_of_events_is_refused() -> None:
    events, ground = world(50, 0.0, 1.0, 1.0, seed=1, side=5)
    with pytest.raises(Misuse, match="cannot tell"):
        fit_single(events, ground)
