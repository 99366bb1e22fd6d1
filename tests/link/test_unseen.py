"""The range of what nobody saw, in worlds where it is known."""

from __future__ import annotations

import numpy as np
import pytest

from peelian.link.unseen import unseen

WORLDS = 1000


def share_held(first: float, second: float, extra: float, ratio: float) -> float:
    """Give the share of worlds whose unseen lie within the limits.

    A source sees an event with the chance given; the second sees those of the first with `extra` more odds.
    """
    rng = np.random.default_rng(7)
    odds = second / (1 - second) * extra
    held = 0
    for _ in range(WORLDS):
        a = rng.random(400) < first
        b = rng.random(400) < np.where(a, odds / (1 + odds), second)
        found = unseen(int((a & b).sum()), int((a & ~b).sum()), int((~a & b).sum()), ratio)
        held += found.low <= (~a & ~b).sum() <= found.high
    return held / WORLDS


@pytest.mark.parametrize(("first", "second"), [(0.6, 0.5), (0.5, 0.4), (0.3, 0.2)])
def test_nine_in_ten_where_the_sources_are_independent_and_taken_to_be(first: float, second: float) -> None:
    assert 0.87 <= share_held(first, second, 1.0, 1.0) <= 0.94


def test_nine_in_ten_where_they_depend_as_assumed() -> None:
    assert 0.87 <= share_held(0.5, 0.3, 3.0, 3.0) <= 0.94


def test_a_wrong_assumption_is_not_covered_by_chance_limits() -> None:
    assert share_held(0.5, 0.3, 3.0, 1.0) < 0.3
