"""How much of what happened lies in the places ranked highest: hit rate, PAI, PEI*, ties shared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
SHARES: Final = (0.005, 0.01, 0.02, 0.05, 0.10)
"""Shares of the area at which capture is told."""


def selection(mean: Floats, shares: Sequence[float] = SHARES) -> Floats:
    """Give the chance that each of C equal places is among the chosen share, for each of S shares: (S, C).

    Places are taken from the highest mean down. Where equal means straddle the cut, each of them gets the
    same chance, and a share that is no whole number of places takes part of one: each row sums to
    share x C exactly. It is the expectation over random tie-breaking, without any randomness. Means equal
    to seven digits are ties (float32), so that rounding error never decides a rank.

    >>> selection(np.array([3.0, 1.0, 1.0, 0.0]), [0.5]).tolist()
    [[1.0, 0.5, 0.5, 0.0]]
    """
    ranked = np.asarray(mean, np.float32)
    _, group, size = np.unique(-ranked, return_inverse=True, return_counts=True)
    above = np.concatenate([[0], np.cumsum(size)[:-1]])
    wanted = np.asarray(shares, float)[:, None] * len(ranked)
    by_group = np.clip((wanted - above) / size, 0.0, 1.0)
    out: Floats = by_group[:, group]
    return out


def best_hits(counts: Floats, shares: Sequence[float] = SHARES) -> Floats:
    """Give the most that the share could have held, knowing the counts: (..., C) to (..., S)."""
    descending = -np.sort(-np.asarray(counts, float), axis=-1)
    held = np.concatenate([np.zeros((*descending.shape[:-1], 1)), np.cumsum(descending, axis=-1)], axis=-1)
    places = descending.shape[-1]
    wanted = np.asarray(shares, float) * places
    low = np.minimum(np.floor(wanted + 1e-9).astype(int), places)
    part = np.maximum(wanted - low, 0.0)
    high = np.minimum(low + 1, places)
    out: Floats = held[..., low] + part * (held[..., high] - held[..., low])
    return out


def pai(hit_rate: Floats, shares: Sequence[float] = SHARES) -> Floats:
    """Give the prediction accuracy index: share of events caught over share of area (Chainey, 2008)."""
    out: Floats = np.asarray(hit_rate, float) / np.asarray(shares, float)
    return out


def noise_ceiling(
    mean: Floats,
    dispersion: Floats,
    rng: np.random.Generator,
    shares: Sequence[float] = SHARES,
    worlds: int = 20,
) -> tuple[Floats, Floats]:
    """Give expected hits of the true rates, and of perfect foresight, were `mean` (C,) the truth: (S,), (S,).

    Their ratio is the highest PEI* anyone can expect: even the true rates cannot say where chance falls.
    Counts are drawn `worlds` times from the negative binomial (a Poisson whose rate is Gamma).
    """
    m, a = np.asarray(mean, float), np.maximum(np.asarray(dispersion, float), 1e-6)
    rate = rng.gamma(1.0 / a, a * m, (worlds, len(m)))
    drawn = rng.poisson(rate).astype(float)
    return selection(m, shares) @ m, best_hits(drawn, shares).mean(axis=0)
