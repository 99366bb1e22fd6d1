"""Slopes and boosted trees (LightGBM, Poisson) that correct a base map; deterministic for a seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from peelian.domain.grid import Floats
from peelian.models.lattice import Singles
from peelian.models.slopes import Slopes, fit_slopes
from peelian.models.tree_parts import parts_of

_ROUNDS: Final = 150
_SETTINGS: Final[dict[str, Any]] = {
    "objective": "poisson", "learning_rate": 0.07, "num_leaves": 8, "min_data_in_leaf": 500,
    "lambda_l2": 50.0, "feature_fraction": 0.3, "bagging_fraction": 0.7, "bagging_freq": 1, "max_bin": 63,
    "deterministic": True, "force_col_wise": True, "num_threads": 1, "verbose": -1,
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


@dataclass(frozen=True, eq=False)
class Grown:
    """What corrects the base: slopes first, then trees on what they leave."""

    slopes: Slopes
    booster: Any


def grow(maps: Singles, weights: Floats, count: Floats, offset: Floats, weight: Floats, seed: int) -> Grown:
    """Fit slopes, and grow trees, whose sum is the log of what the offset mean must be multiplied by."""
    import lightgbm  # takes a second or three to import

    features = features_of(maps, weights)
    slopes = fit_slopes(features, count, offset, weight)
    start = np.log(np.maximum(offset, 1e-12)) + slopes.correction(features)
    data = lightgbm.Dataset(features, count, weight=weight, init_score=start)
    return Grown(slopes, lightgbm.train({**_SETTINGS, "seed": seed}, data, _ROUNDS))


def correction(grown: Grown, maps: Singles, weights: Floats) -> Floats:
    """Give the log correction of each row, (rows,)."""
    features = features_of(maps, weights)
    told: Floats = np.asarray(grown.booster.predict(features, raw_score=True, num_threads=1), np.float64)
    return told + grown.slopes.correction(features)


def reasons(grown: Grown, maps: Singles, weights: Floats) -> Floats:
    """Give each feature's part of the log correction and last the constant, (rows, K + 2).

    A slope's part is its term; the trees' are exact tree Shapley values (Lundberg et al. 2020). Each row adds
    up to its correction.
    """
    features = features_of(maps, weights)
    return parts_of(grown.booster, features) + grown.slopes.terms(features)
