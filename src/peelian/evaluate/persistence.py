"""Whether the same places stay busy from year to year: measures that chance alone cannot raise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from peelian.evaluate.capture import best_hits, selection

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class NextYear:
    """What the busiest `share` of places of one year held in the next, over all pairs of years.

    `held`: share of the next year's harm; where every place is alike it is `share`, whatever the counts,
    because the places were chosen on other data. `most`: what the next year's own busiest places held.
    `overlap`: share of the busiest places that stayed among them (`share` by chance, ties told by lot).
    """

    share: float
    held: float
    times_chance: float
    most: float
    overlap: float


@dataclass(frozen=True)
class Persistence:
    """Persistence over consecutive years; empty when fewer than two years are observed.

    `rank_overlap` is the rank-biased overlap of the years' rankings (Webber, Moffat and Zobel, 2010) with
    persistence `rank_p`; `rank_overlap_by_chance` the same for unrelated rankings.
    """

    pairs: int
    next_year: tuple[NextYear, ...]
    rank_overlap: float
    rank_overlap_by_chance: float
    rank_p: float


def persistence(counts: Floats, observed: Bools, shares: Sequence[float]) -> Persistence:
    """Compare each year with the next over the places observed in both; counts and observed (Y, C)."""
    pairs = []
    for first, then in zip(range(len(counts) - 1), range(1, len(counts)), strict=True):
        both = observed[first] & observed[then]
        a, b = counts[first, both], counts[then, both]
        if both.any() and a.sum() > 0 and b.sum() > 0:
            pairs.append((a, b))
    if not pairs:
        return Persistence(0, (), float("nan"), float("nan"), float("nan"))
    p = 1.0 - 1.0 / max(round(0.01 * len(pairs[0][0])), 10)
    overlaps = [rank_biased_overlap(a, b, p) for a, b in pairs]
    by_chance = [rank_overlap_by_chance(len(a), p) for a, _ in pairs]
    years = tuple(_next_year(share, pairs) for share in shares)
    return Persistence(len(pairs), years, float(np.mean(overlaps)), float(np.mean(by_chance)), p)


def _next_year(share: float, pairs: list[tuple[Floats, Floats]]) -> NextYear:
    held, most, overlap = [], [], []
    for a, b in pairs:
        chosen, own = selection(a, [share])[0], selection(b, [share])[0]
        held.append(float(chosen @ b / b.sum()))
        most.append(float(best_hits(b, [share])[0] / b.sum()))
        overlap.append(float(chosen @ own / chosen.sum()))
    caught = float(np.mean(held))
    return NextYear(share, caught, caught / share, float(np.mean(most)), float(np.mean(overlap)))


def rank_biased_overlap(a: Floats, b: Floats, p: float) -> float:
    """Give the extrapolated rank-biased overlap of two rankings by count, from 0 to 1.

    Evaluated to the depth where weights have fallen below 0.001. Ties are told by lot, independently in
    each ranking: the agreement at each depth is its expectation.
    """
    depth = _depth(len(a), p)
    above_a, size_a = _ties(a)
    above_b, size_b = _ties(b)
    near = (above_a < depth) & (above_b < depth)
    above_a, size_a, above_b, size_b = above_a[near], size_a[near], above_b[near], size_b[near]
    agreement = np.empty(depth)
    for d in range(1, depth + 1):
        in_a = np.clip((d - above_a) / size_a, 0.0, 1.0)
        in_b = np.clip((d - above_b) / size_b, 0.0, 1.0)
        agreement[d - 1] = float(in_a @ in_b) / d
    return _extrapolate(agreement, p)


def rank_overlap_by_chance(places: int, p: float) -> float:
    """Give the rank-biased overlap expected of two unrelated rankings of all `places`."""
    depth = _depth(places, p)
    return _extrapolate(np.arange(1, depth + 1) / places, p)


def _depth(places: int, p: float) -> int:
    return min(places, int(np.ceil(np.log(1e-3) / np.log(p))))


def _extrapolate(agreement: Floats, p: float) -> float:
    depth = len(agreement)
    weights = (1.0 - p) * p ** np.arange(depth)
    return float(weights @ agreement + agreement[-1] * p**depth)


def _ties(counts: Floats) -> tuple[Floats, Floats]:
    """Give for each place how many rank above it, and how many share its count."""
    _, group, size = np.unique(-counts.astype(np.float32), return_inverse=True, return_counts=True)
    above = np.concatenate([[0], np.cumsum(size)[:-1]])
    return above[group].astype(float), size[group].astype(float)
