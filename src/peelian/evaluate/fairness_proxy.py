"""Proxy scan: how well what a model sees, or says, of an area tells what it may never be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from peelian.domain.grid import Floats

STRONG: Final = 0.7
"""A rank correlation beyond this is listed as a proxy; a heuristic of this project, no legal test."""
FOLDS: Final = 5
LEAST: Final = 30
"""Areas needed: of fewer a fit is mostly chance."""


@dataclass(frozen=True)
class Proxy:
    """How well one thing (or all together) tells an audit attribute of an area.

    `r2`: share of the attribute's variance explained out of sample (five folds; under 0 counts as 0). `auc`:
    chance that an area in the attribute's top fifth scores higher than another. `rank`: Spearman's rank
    correlation; None for all together.
    """

    attribute: str
    feature: str
    areas: int
    r2: float
    auc: float
    rank: float | None

    @property
    def strong(self) -> bool:
        """Whether it is listed as a proxy."""
        return self.rank is not None and abs(self.rank) > STRONG

    def to_json(self) -> dict[str, Any]:
        """Give it as JSON."""
        numbers = {name: round(float(getattr(self, name)), 4) for name in ("r2", "auc")}
        rank = None if self.rank is None else round(self.rank, 4)
        head = {"attribute": self.attribute, "feature": self.feature, "areas": self.areas}
        return head | numbers | {"rank": rank, "strong": self.strong}


def proxy_scan(
    features: Mapping[str, Floats], attribute: str, values: Floats, rng: np.random.Generator
) -> tuple[Proxy, ...]:
    """Scan each feature (A,) alone, then all together, by least squares on log(1 + x), for `values` (A,).

    Areas whose value is not known (NaN) are left out; none is given back for under `LEAST` of them.
    """
    known = np.isfinite(values)
    areas = int(known.sum())
    if areas < LEAST or float(np.std(values[known])) == 0:
        return ()
    y = values[known]
    fold = rng.permutation(np.arange(areas) % FOLDS)
    columns = {name: np.log1p(np.maximum(x[known], 0)) for name, x in features.items()}
    columns = {name: x for name, x in columns.items() if float(np.ptp(x)) > 0}
    found = [
        Proxy(attribute, name, areas, *_out_of_sample(x[:, None], y, fold), _rank_correlation(x, y))
        for name, x in columns.items()
    ]
    if len(columns) > 1:
        both = _out_of_sample(np.column_stack(list(columns.values())), y, fold)
        found.append(Proxy(attribute, "all together", areas, *both, None))
    return tuple(found)


def _out_of_sample(x: Floats, y: Floats, fold: Floats) -> tuple[float, float]:
    x = np.column_stack([np.ones(len(y)), (x - x.mean(axis=0)) / x.std(axis=0)])
    said = np.empty(len(y))
    for k in range(FOLDS):
        out = fold == k
        weights, *_ = np.linalg.lstsq(x[~out], y[~out], rcond=None)
        said[out] = x[out] @ weights
    r2 = 1 - float(((y - said) ** 2).sum() / ((y - y.mean()) ** 2).sum())
    return max(r2, 0.0), _auc(said, y >= np.quantile(y, 0.8))


def _auc(score: Floats, top: Any) -> float:
    """Chance that one of the top scores above one of the rest (Mann and Whitney, 1947); ties count half."""
    n = int(top.sum())
    if n in (0, len(top)):
        return 0.5
    ranks = _ranks(score)
    return float((ranks[top].sum() - n * (n + 1) / 2) / (n * (len(top) - n)))


def _rank_correlation(x: Floats, y: Floats) -> float:
    return float(np.corrcoef(_ranks(x), _ranks(y))[0, 1])


def _ranks(values: Floats) -> Floats:
    """Give ranks from 1, equal values sharing theirs."""
    _, group, many = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(many)
    out: Floats = (last - (many - 1) / 2)[group].astype(np.float64)
    return out
