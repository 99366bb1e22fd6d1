"""Boosted trees (LightGBM, Poisson) that correct a base map; deterministic for a seed."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from peelian.domain.grid import Floats
from peelian.models.lattice import Singles

_ROUNDS: Final = 150
_SETTINGS: Final[dict[str, Any]] = {
    "objective": "poisson", "learning_rate": 0.07, "num_leaves": 8, "min_data_in_leaf": 500,
    "lambda_l2": 50.0, "feature_fraction": 0.3, "bagging_fraction": 0.7, "bagging_freq": 1, "max_bin": 63,
    "deterministic": True, "force_row_wise": True, "num_threads": 1, "verbose": -1,
}  # fmt: skip
_QUIET: Final = np.float32(0.05)
"""Added to each share before its logarithm: a twentieth of an even spread stands for nothing."""


def mixed(maps: Singles, weights: Floats) -> Floats:
    """Give the base of each row: its maps (rows, K + 1) weighted, 1 being an even spread."""
    out: Floats = np.maximum(maps.astype(np.float64) @ weights, 1e-9)
    return out


def features_of(maps: Singles, weights: Floats) -> Singles:
    """Give the logarithm of the base, then of each map's ratio to the base, (rows, K + 1).

    Ratios say what the base does not: a place that is livelier lately, or than its surroundings, than its
    mixture says. The even map has no column of its own.
    """
    base = mixed(maps, weights).astype(np.float32)[:, None]
    out: Singles = np.concatenate([np.log(base), np.log((maps[:, :-1] + _QUIET) / (base + _QUIET))], axis=1)
    return out


def grow(maps: Singles, weights: Floats, count: Floats, offset: Floats, weight: Floats, seed: int) -> Any:
    """Grow trees whose sum is the log of what the offset mean must be multiplied by."""
    import lightgbm  # takes a second or three to import

    data = lightgbm.Dataset(
        features_of(maps, weights), count, weight=weight, init_score=np.log(np.maximum(offset, 1e-12))
    )
    return lightgbm.train({**_SETTINGS, "seed": seed}, data, _ROUNDS)


def correction(trees: Any, maps: Singles, weights: Floats) -> Floats:
    """Give the log correction of each row, (rows,)."""
    return np.asarray(trees.predict(features_of(maps, weights), raw_score=True), np.float64)


def reasons(trees: Any, maps: Singles, weights: Floats) -> Floats:
    """Give each feature's part of the log correction and last the constant, (rows, K + 2).

    Exact tree Shapley values (Lundberg et al. 2020); each row adds up to its correction.
    """
    return np.asarray(trees.predict(features_of(maps, weights), pred_contrib=True), np.float64)
