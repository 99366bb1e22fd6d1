"""The uniform world: every cell has the same rate, in what happens and in what is published."""

from __future__ import annotations

import numpy as np
import pytest

from peelian.evaluate.capture import selection
from peelian.simulate.scenario import load_scenario
from peelian.simulate.truth import build_truth, recorded_counts
from peelian.simulate.world import World, build_world


@pytest.fixture(scope="module")
def uniform() -> World:
    return build_world(load_scenario("tiny").changed(uniform=True), 3)


def excess(counts: np.ndarray) -> float:
    """Give how far the variance over the mean is from Poisson's 1, in standard errors."""
    return float((counts.var() / counts.mean() - 1.0) / np.sqrt(2.0 / len(counts)))


def test_counts_vary_over_cells_as_chance_alone_would(uniform: World) -> None:
    happened = np.bincount(uniform.events.cell, minlength=len(uniform.land.cells))
    published = recorded_counts(uniform).sum(axis=(0, 1))[~uniform.silent]
    assert abs(excess(happened)) < 3.5
    assert abs(excess(published)) < 3.5
    assert (happened > 0).all()


def test_the_truth_is_one_rate_and_adds_up_to_what_is_published(uniform: World) -> None:
    truth = build_truth(uniform)
    rates, counts = truth.recorded[:, :, ~uniform.silent], recorded_counts(uniform)
    assert np.allclose(rates, rates.mean(axis=2, keepdims=True))
    assert abs(counts.sum() - rates.sum()) < 4 * np.sqrt(rates.sum())


def test_ranking_by_the_past_is_worth_nothing(uniform: World) -> None:
    counts = recorded_counts(uniform).sum(axis=0)[:, ~uniform.silent].astype(float)
    half = len(counts) // 2
    past, ahead = counts[:half].sum(axis=0), counts[half:].sum(axis=0)
    for share in (0.01, 0.05, 0.2):
        pai = float(selection(past, [share])[0] @ ahead) / ahead.sum() / share
        assert abs(pai - 1.0) < 3.5 * np.sqrt((1 - share) / (share * ahead.sum()))
