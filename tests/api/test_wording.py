"""Words for chances, against what the distributions say."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from peelian.api import layers, names, quantise, security, wording


@pytest.mark.parametrize("module", [wording, names, quantise, layers, security])
def test_examples_in_docstrings(module: object) -> None:
    assert doctest.testmod(module).failed == 0


def test_bounds_are_the_rate_distribution_seen_through_one_or_more() -> None:
    # Rate ~ Gamma(shape 2, mean 0.5): draw it, turn each rate into a chance, look at the middle 90 %.
    rates = np.random.default_rng(0).gamma(2.0, 0.25, 400_000)
    low, high = wording.chance_bounds(np.array(0.5), np.array(0.5))
    expected = np.quantile(1 - np.exp(-rates), [0.05, 0.95])
    assert np.allclose([low, high], expected, atol=0.003)


def test_no_dispersion_no_doubt() -> None:
    low, high = wording.chance_bounds(np.array([0.5, 0.0]), np.array([0.0, 0.0]))
    assert np.allclose(low, 1 - np.exp(-np.array([0.5, 0.0])))
    assert np.allclose(low, high)


def test_missing_stays_missing() -> None:
    low, high = wording.chance_bounds(np.array([np.nan]), np.array([np.nan]))
    assert np.isnan(low).all()
    assert np.isnan(high).all()
    assert wording.chance_words(float("nan"), float("nan"), float("nan")) == "no data held"


def test_words_for_every_chance_are_short_and_ordered() -> None:
    for mean in np.geomspace(1e-4, 20, 60):
        for dispersion in (0.0, 0.1, 1.0, 3.0):
            low, high = wording.chance_bounds(np.array(mean), np.array(dispersion))
            shape = 1 / dispersion if dispersion else None
            p = 1 - np.exp(-mean) if shape is None else 1 - (1 + dispersion * mean) ** (-shape)
            words = wording.chance_words(float(p), float(low), float(high))
            assert len(words) <= 50
            assert low <= p + 1e-9
