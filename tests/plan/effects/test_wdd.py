"""The weighted displacement difference against published worked examples."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from peelian.domain.errors import Misuse
from peelian.plan.effects.wdd import dispersion, wdd

_PAPER = ((207.0, 110.0), (308.0, 318.0), (178.0, 157.0), (150.0, 140.0))


def test_example_of_the_paper() -> None:
    """Wheeler & Ratcliffe (2018), as their R package ptools tests it ("Est & Variance Paper")."""
    made = wdd(*_PAPER)
    assert made.change == -118
    assert made.more["error"] == pytest.approx(sqrt(1568))
    assert round(made.more["z"], 2) == -2.98
    assert (round(made.change_low), round(made.change_high)) == (-196, -40)
    assert (made.more["local"], made.more["near"]) == (-107, -11)


def test_periods_of_unlike_length() -> None:
    """As ptools tests it ("Time Weights", Wheeler's post of 2021-01-09)."""
    made = wdd((80, 20), (100, 50), times=(2, 1))
    assert made.change == -20
    assert made.more["error"] == pytest.approx(sqrt(115))


def test_areas_of_unlike_size() -> None:
    """As ptools tests it ("Area Weights", Wheeler's post of 2021-02-23)."""
    made = wdd(*_PAPER, areas=(1.2, 0.9, 1.5, 1.6))
    got = (made.change, made.more["error"], made.more["z"], made.change_low, made.change_high)
    assert got == pytest.approx((-99.69444444, 35.4280755, -2.813995483, -169.1321965, -30.25669241))


def test_dispersion_widens_and_bad_counts_are_refused() -> None:
    narrow, wide = wdd(*_PAPER), wdd(*_PAPER, dispersion=4.0)
    assert wide.more["error"] == pytest.approx(2 * narrow.more["error"])
    assert narrow.clear
    assert not wide.clear
    with pytest.raises(Misuse):
        wdd((-1, 2), (3, 4))
    with pytest.raises(Misuse):
        wdd((1, 2), (3, 4), times=(0, 1))


def test_no_events_is_no_effect() -> None:
    made = wdd((0, 0), (0, 0))
    assert (made.change, made.p, made.ratio) == (0, 1.0, None)


def test_dispersion_is_one_for_poisson_counts_and_more_for_wider() -> None:
    rng = np.random.default_rng(1)
    mean = np.tile(rng.gamma(3, 3, (80, 1)) + 1, (1, 24))
    assert dispersion(rng.poisson(mean).astype(float)) == pytest.approx(1.0, abs=0.12)
    wide = rng.poisson(mean * rng.gamma(2, 0.5, mean.shape)).astype(float)
    assert dispersion(wide) > 2
    assert dispersion(np.zeros((3, 3))) == 1.0
