"""Weights of a mixture of maps, by expectation and maximisation on where past events fell."""

from __future__ import annotations

import numpy as np

from peelian.domain.grid import Floats

_SETTLED = 1e-7
"""Rounds end when the mean log likelihood of an event rises by less, in nats."""


def fit_weights(maps: Floats, counts: Floats, rounds: int = 200, start: Floats | None = None) -> Floats:
    """Give the non-negative weights (K,), adding up to one, under which past events were likeliest.

    `maps` is (K, n): the share each map gave to the n places and times where something happened, and
    `counts` (n,) how much happened. Each map must add up to one over its whole area, so that places where
    nothing happened are already paid for. The likelihood is concave: there is one optimum (Dempster, Laird
    and Rubin 1977).
    """
    weights = np.full(len(maps), 1.0 / len(maps)) if start is None else start
    whole = counts.sum()
    if whole <= 0:
        return weights
    before = -np.inf
    for _ in range(rounds):
        share = np.maximum(weights @ maps, 1e-300)
        now = float(counts @ np.log(share)) / whole
        if now - before < _SETTLED:
            break
        before = now
        weights = weights * (maps @ (counts / share)) / whole
    out: Floats = weights / weights.sum()
    return out
