"""Weights of a mixture of maps, by expectation and maximisation on where past events fell."""

from __future__ import annotations

import numpy as np

from peelian.domain.grid import Floats


def fit_weights(maps: Floats, counts: Floats, rounds: int = 200) -> Floats:
    """Give the non-negative weights (K,), adding up to one, under which past events were likeliest.

    `maps` is (K, n): the share each map gave to the n places and times where something happened, and
    `counts` (n,) how much happened. Each map must add up to one over its whole area, so that places where
    nothing happened are already paid for. The likelihood is concave: there is one optimum (Dempster, Laird
    and Rubin 1977).
    """
    weights = np.full(len(maps), 1.0 / len(maps))
    whole = counts.sum()
    if whole <= 0:
        return weights
    for _ in range(rounds):
        weights = weights * (maps @ (counts / np.maximum(weights @ maps, 1e-300))) / whole
    out: Floats = weights / weights.sum()
    return out
