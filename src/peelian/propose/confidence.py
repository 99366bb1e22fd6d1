"""From what the name and the values say to a probability that a column is a field (logistic, fitted)."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources
from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.propose.column import FIELDS, Column
from peelian.propose.evidence import seen

Floats = npt.NDArray[np.float64]

FEATURES: Final = (
    "one", "name", "values", "name and values", "no values", "name of another field", "another column's name",
    "another column's values", "name is silent", "telling values",
)  # fmt: skip
"""Of a pair of a field and a column. The weights are shipped in `weights.json` and fitted by
`benchmarks/mapping.py --fit` on the seen half of the labelled layouts alone."""


TELLING: Final = frozenset({"offence", "longitude", "latitude", "lsoa", "postcode", "grid_reference"})
"""Fields that hardly anything else looks like, whatever its name."""


def pairs(columns: list[Column], fields: frozenset[str] | None = None) -> Floats:
    """Give the features of every pair: an array of field by column by feature. Only `fields` compete."""
    heard = np.array([[column.heard[field] for column in columns] for field in FIELDS])
    saw = np.array([list(seen(column).values()) for column in columns]).T
    order = list(seen(columns[0])) if columns else []
    saw = saw[[order.index(field) for field in FIELDS]] if columns else saw
    if fields is not None:
        out = np.array([field not in fields for field in FIELDS])
        heard[out], saw[out] = -1.0, 0.0
    both = np.maximum(heard, 0) * saw
    other_field = np.array([_best_other(both[:, c]) for c in range(len(columns))]).T
    other_heard = np.array([_best_other(row) for row in np.maximum(heard, 0) * (saw > 0.05)])
    other_seen = np.array([_best_other(row) for row in saw])
    telling = np.array([[field in TELLING] for field in FIELDS])
    silent = (heard.max(axis=0, keepdims=True) < 0.15) * np.ones_like(heard)
    return np.stack(
        [
            np.ones_like(heard),
            heard,
            saw,
            both,
            (saw < 0.05).astype(float),
            other_field,
            other_heard,
            other_seen,
            silent,
            ((saw >= 0.85) & telling).astype(float),
        ],
        axis=-1,
    )


def _best_other(values: Floats) -> Floats:
    """For each, the largest of the rest."""
    if len(values) < 2:
        return np.zeros_like(values)
    order = np.sort(values)
    return np.asarray(np.where(values == order[-1], order[-2], order[-1]), np.float64)


@lru_cache(maxsize=1)
def weights() -> Floats:
    """Give the shipped weights, one a feature."""
    text = (resources.files("peelian.propose") / "weights.json").read_text("utf-8")
    stored = json.loads(text)["weights"]
    return np.array([float(stored[name]) for name in FEATURES])


def probabilities(
    columns: list[Column], fields: frozenset[str] | None = None, *, named: bool = True
) -> Floats:
    """Give the probability of each pair, field by column; only `fields` compete (all when None).

    Without names values alone speak, and never surely.
    """
    if not named:
        saw = np.array([[seen(column)[field] for column in columns] for field in FIELDS])
        return np.asarray(0.75 / (1 + np.exp(-14 * (saw - 0.55))), np.float64)
    odds = pairs(columns, fields) @ weights()
    return np.asarray(1 / (1 + np.exp(-odds)), np.float64)
