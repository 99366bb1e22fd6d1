"""Boosted trees (LightGBM, Poisson) that correct a base map; deterministic for a seed."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from peelian.domain.grid import Floats
from peelian.models.surroundings import Singles

_ROUNDS: Final = 100
_SETTINGS: Final[dict[str, Any]] = {
    "objective": "poisson", "learning_rate": 0.05, "num_leaves": 7, "min_data_in_leaf": 1000,
    "lambda_l2": 50.0, "feature_fraction": 0.5, "bagging_fraction": 0.7, "bagging_freq": 1, "max_bin": 63,
    "deterministic": True, "force_row_wise": True, "num_threads": 1, "verbose": -1,
}  # fmt: skip
_QUIET: Final = 0.05
"""Added to each share before its logarithm: a twentieth of an even spread stands for nothing."""


def features_of(maps: Singles) -> Singles:
    """Give the logarithms of maps (rows, K + 1), without the even one: (rows, K)."""
    out: Singles = np.log(maps[:, :-1] + np.float32(_QUIET))
    return out


def grow(maps: Singles, count: Floats, base: Floats, weight: Floats, seed: int) -> Any:
    """Grow trees whose sum is the log of what the base mean must be multiplied by."""
    import lightgbm  # takes a second or three to import

    data = lightgbm.Dataset(
        features_of(maps), count, weight=weight, init_score=np.log(np.maximum(base, 1e-12))
    )
    return lightgbm.train({**_SETTINGS, "seed": seed}, data, _ROUNDS)


def correction(trees: Any, maps: Singles) -> Floats:
    """Give the log correction of each row, (rows,)."""
    return np.asarray(trees.predict(features_of(maps), raw_score=True), np.float64)


def reasons(trees: Any, maps: Singles) -> Floats:
    """Give each feature's part of the log correction and last the constant, (rows, K + 1).

    Exact tree Shapley values (Lundberg et al. 2020); each row adds up to its correction.
    """
    return np.asarray(trees.predict(features_of(maps), pred_contrib=True), np.float64)
