"""The hit-rate curve: events caught by share of area, people or street length, at all shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.domain.errors import Misuse
from peelian.evaluate.rounds import Rounds

Floats = npt.NDArray[np.float64]
CURVE_SHARES: Final = tuple(
    round(s, 4) for s in (*np.arange(0, 0.1, 0.005), *np.arange(0.1, 0.3, 0.02), *np.arange(0.3, 1.001, 0.05))
)
"""Shares at which the curve is told, closest where decisions are made."""


@dataclass(frozen=True)
class Curve:
    """Events caught, as a share of all, when the places put first hold each of `shares` of what is counted.

    `by` says what is shared out: `area`, `population` or `street length`. `under` is the area under the
    curve: 0.5 for places in any order, at most 1.
    """

    by: str
    shares: tuple[float, ...]
    caught: tuple[float, ...]
    under: float


def caught_along(mean: Floats, counts: Floats, weight: Floats, shares: Floats) -> Floats:
    """Give the events of one window caught at each share of `weight` (C,), places taken by falling mean.

    The order is the forecast's own; only the cost of listing a place differs. Places of equal mean (to seven
    digits) come in together, each in part, as in `capture.selection`.

    >>> caught_along(np.array([2.0, 1.0]), np.array([3.0, 1.0]), np.ones(2), np.array([0.25, 0.5])).tolist()
    [1.5, 3.0]
    """
    _, group = np.unique(-np.asarray(mean, np.float32), return_inverse=True)
    cost = np.concatenate([[0.0], np.cumsum(np.bincount(group, weight))])
    held = np.concatenate([[0.0], np.cumsum(np.bincount(group, counts))])
    total = cost[-1]
    if not total > 0:
        return np.full(len(shares), np.nan)
    at = np.searchsorted(cost, shares * total * (1 + 1e-12), side="right") - 1
    low = np.minimum(at, len(cost) - 2)
    step = cost[low + 1] - cost[low]
    part = np.where(step > 0, (shares * total - cost[low]) / np.where(step > 0, step, 1.0), 1.0)
    out: Floats = held[low] + np.clip(part, 0.0, 1.0) * (held[low + 1] - held[low])
    return out


def curves(rounds: Rounds, model: str, weights: Mapping[str, Floats]) -> tuple[Curve, ...]:
    """Give the model's curve by area, then by each of `weights` (a name to a number per cell).

    Raises:
        Misuse: weights of another length, below zero, or no number.
    """
    every = {"area": np.ones(len(rounds.cells)), **weights}
    for name, weight in every.items():
        if weight.shape != (len(rounds.cells),) or not (np.isfinite(weight).all() and (weight >= 0).all()):
            raise Misuse(f"weights by {name} do not fit", expected="a number of 0 or more for each cell")
    return tuple(_curve(rounds, model, name, weight) for name, weight in every.items())


def _curve(rounds: Rounds, model: str, by: str, weight: Floats) -> Curve:
    shares = np.array(CURVE_SHARES)
    total = np.zeros(len(shares))
    for n in range(len(rounds.counts)):
        seen = rounds.observed[n]
        if seen.any():
            total += caught_along(
                rounds.mean[model][n, seen], rounds.counts[n, seen].astype(float), weight[seen], shares
            )
    rate = total / max(rounds.events, 1e-12)
    return Curve(by, CURVE_SHARES, tuple(float(v) for v in rate), float(np.trapezoid(rate, shares)))
