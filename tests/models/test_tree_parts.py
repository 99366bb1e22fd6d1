"""Tree Shapley values by kinds of rows are those that LightGBM gives row by row."""

from __future__ import annotations

from typing import Any

import lightgbm
import numpy as np
import pytest

from peelian.models.lattice import Singles
from peelian.models.tree_parts import parts_of


def grown(features: Singles, truth: Singles, rounds: int = 12) -> Any:
    settings = {"num_leaves": 6, "min_data_in_leaf": 5, "num_threads": 1, "verbose": -1, "seed": 1}
    return lightgbm.train(settings, lightgbm.Dataset(features, truth), rounds)


def test_parts_are_lightgbms_own() -> None:
    rng = np.random.default_rng(3)
    features = rng.normal(size=(500, 4)).astype(np.float32)
    truth = features[:, 0] * features[:, 1] + np.abs(features[:, 2])
    booster = grown(features, truth.astype(np.float32))
    unseen = rng.normal(size=(300, 4)).astype(np.float32)
    assert parts_of(booster, unseen) == pytest.approx(booster.predict(unseen, pred_contrib=True), abs=1e-12)


def test_singles_beside_a_threshold_stay_on_their_side() -> None:
    # Eight neighbouring singles: every threshold lies between two of them and is itself no single.
    ladder = [np.float32(-2.3732526)]
    for _ in range(7):
        ladder.append(np.nextafter(ladder[-1], np.float32(0)))
    features = np.repeat(np.array(ladder, np.float32), 40)[:, None]
    truth = np.repeat([0, 3, 1, 7, 2, 9, 4, 8], 40).astype(np.float32)
    booster = grown(features, truth)
    assert parts_of(booster, features) == pytest.approx(
        booster.predict(features, pred_contrib=True), abs=1e-12
    )


def test_trees_without_a_fork_leave_the_constant() -> None:
    features = np.ones((50, 2), np.float32)
    booster = grown(features, np.full(50, 3.0, np.float32))
    assert parts_of(booster, features) == pytest.approx(
        booster.predict(features, pred_contrib=True), abs=1e-12
    )
