"""Kinds of place: a multinomial mixture over cells' own hours of the week, fitted by EM.

Dempster, Laird and Rubin (1977). A cell's prior is the share of the area's events in each kind, so that a
cell with no history has the area's profile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse, special

from peelian.domain.grid import Floats
from peelian.models.rhythms.profile import kind_profiles

PULL: Final = 200.0
"""Events' worth of pull of a kind's profile to the area's."""
TEMPER: Final = 0.5
"""Events of one cell cluster, so each says less of its kind than an event of its own would."""
_ROUNDS: Final = 80
_STARTS: Final = 4
_ALIKE: Final = 0.05
"""Kinds less apart than this (nats an event) are one: dozens of events in a cell would not tell them."""
_FEW: Final = 12
"""A cell must hold so many events to seed a kind."""


@dataclass(frozen=True, eq=False)
class Mixture:
    """Profiles (K, 168), shares of events (K,), and the fit's penalised log likelihood."""

    profiles: Floats
    shares: Floats
    score: float

    def belongs(self, counts: sparse.csr_matrix) -> Floats:
        """Give how far each cell of counts (C, 168) belongs to each kind, (C, K), rows adding up to 1."""
        return _belongs(counts, self.profiles, self.shares)


def fit_mixture(counts: sparse.csr_matrix, area: Floats, kinds: int, seed: int) -> Mixture:
    """Fit `kinds` profiles to cells' counts (C, 168); the best of a few seeded starts."""
    total: Floats = np.asarray(counts.sum(axis=1), np.float64).ravel()
    if kinds == 1:
        return Mixture(area[None, :], np.ones(1), float((counts @ np.log(area)).sum()))
    random = np.random.default_rng(seed)
    fits = [_climb(counts, total, area, _seeds(counts, total, area, kinds, random)) for _ in range(_STARTS)]
    best = max(fits, key=lambda fit: fit.score)
    return _climb(counts, total, area, merged) if len(merged := _merged(best)) < kinds else best


def _merged(fit: Mixture) -> Floats:
    """Give the profiles with those hardly told apart made one: a start may split one kind in two."""
    kept: list[Floats] = []
    weights: list[float] = []
    for at in np.argsort(-fit.shares, kind="stable"):
        profile, weight = fit.profiles[at], float(fit.shares[at])
        near = [k for k, one in enumerate(kept) if _apart(one, profile) < _ALIKE]
        if near:
            k = near[0]
            kept[k] = (weights[k] * kept[k] + weight * profile) / (weights[k] + weight)
            weights[k] += weight
        else:
            kept.append(profile)
            weights.append(weight)
    return np.stack(kept)


def _apart(a: Floats, b: Floats) -> float:
    """Give the symmetric divergence of two profiles (Jeffreys), in nats an event."""
    return float((a - b) @ (np.log(a) - np.log(b)))


def _seeds(
    counts: sparse.csr_matrix, total: Floats, area: Floats, kinds: int, random: np.random.Generator
) -> Floats:
    """Pick cells far from one another (k-means++, Arthur and Vassilvitskii 2007) as first profiles."""
    busy = np.flatnonzero(total >= min(_FEW, float(total.max())))
    # Eight-hour blocks of the week tell kinds apart better than single hours of a thin cell.
    blocks = np.repeat(np.eye(21), 8, axis=1)
    thin = counts[busy] @ blocks.T
    wide = np.sqrt((thin + 2 * (blocks @ area)) / (thin.sum(axis=1, keepdims=True) + 2))
    picked = [int(random.choice(len(busy), p=total[busy] / total[busy].sum()))]
    for _ in range(kinds - 1):
        away = np.min([np.square(wide - wide[p]).sum(axis=1) for p in picked], axis=0) + 1e-12
        picked.append(int(random.choice(len(busy), p=away / away.sum())))
    near = np.argmax(wide @ wide[picked].T, axis=1)
    sums = np.stack([np.asarray(counts[busy[near == k]].sum(axis=0)).ravel() for k in range(kinds)])
    return kind_profiles(sums, area, PULL)


def _climb(counts: sparse.csr_matrix, total: Floats, area: Floats, profiles: Floats) -> Mixture:
    shares, last = np.full(len(profiles), 1.0 / len(profiles)), -np.inf
    for _ in range(_ROUNDS):
        r = _belongs(counts, profiles, shares)
        shares = (r.T @ total + 1.0) / (total.sum() + len(profiles))
        profiles = kind_profiles((counts.T @ r).T, area, PULL)
        score = float(special.logsumexp(counts @ np.log(profiles).T + np.log(shares), axis=1).sum())
        if score - last < 1e-4 * max(abs(score), 1.0) * 1e-3:
            break
        last = score
    return Mixture(profiles, shares, score)


def _belongs(counts: sparse.csr_matrix, profiles: Floats, shares: Floats) -> Floats:
    said = TEMPER * (counts @ np.log(profiles).T) + np.log(shares)
    out: Floats = special.softmax(said, axis=1)
    return out
