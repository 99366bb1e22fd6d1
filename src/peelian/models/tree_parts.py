"""Exact tree Shapley values of many rows at the price of few.

A tree sees a row only by its answers at the tree's forks, so rows that answer alike have the same values
(Lundberg et al. 2020). LightGBM works out one row of each kind, tree by tree, and the others take its values.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from peelian.domain.grid import Floats
from peelian.models.lattice import Singles


def parts_of(booster: Any, features: Singles) -> Floats:
    """Give each feature's part of the trees' raw score and last the constant, (rows, K + 1).

    As the booster's own `pred_contrib`, for trees of a few leaves and features that are never missing.
    """
    out = np.zeros((len(features), features.shape[1] + 1))
    columns = features.T.astype(np.float64)  # thresholds lie between two singles: compared as doubles
    for number, tree in enumerate(booster.dump_model()["tree_info"]):
        forks = _forks_below(tree["tree_structure"])
        kind = _kinds(forks, columns)
        row_of = np.full(2 ** len(forks), -1)
        row_of[kind] = np.arange(len(features))
        met = np.flatnonzero(row_of >= 0)
        told = np.zeros((len(row_of), out.shape[1]))
        told[met] = booster.predict(
            features[row_of[met]], start_iteration=number, num_iteration=1, pred_contrib=True, num_threads=1
        )
        for k in {feature for feature, _ in forks} | {features.shape[1]}:
            out[:, k] += told[kind, k]
    return out


def _forks_below(node: dict[str, Any]) -> list[tuple[int, float]]:
    """List the feature and threshold of each fork from a node down."""
    if "split_feature" not in node:
        return []
    own = int(node["split_feature"]), float(node["threshold"])
    return [own, *_forks_below(node["left_child"]), *_forks_below(node["right_child"])]


def _kinds(forks: list[tuple[int, float]], columns: Floats) -> npt.NDArray[np.int64]:
    """Give each row's answers at the forks as one number, a bit for each; `columns` is (K, rows)."""
    kind = np.zeros(columns.shape[1], np.int64)
    for bit, (feature, threshold) in enumerate(forks):
        kind |= (columns[feature] > threshold).astype(np.int64) << bit
    return kind
