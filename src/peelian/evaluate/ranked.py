"""Ranked probability score: how far, in events, the forecast's whole distribution lay from the count."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from peelian.domain.grid import Cells
from peelian.evaluate.calibration import cdf
from peelian.evaluate.rounds import Rounds

Floats = npt.NDArray[np.float64]
_POISSON_BELOW = 1e-6
_LARGE = 500.0  # above, the chance of none is too small a number to start from
_ROWS = 50_000


def ranked(counts: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """Give the ranked probability score of N counts, in events; lower is better, 0 is certain and right.

    The sum over k of (P(count <= k) - 1{count <= k})^2 (Epstein, 1969; Gneiting and Raftery, 2007), taken
    until no more than a millionth of the distribution is left. Unlike the log score it forgives a near miss
    and does not run away where something thought all but impossible happens. Fractional counts are rounded.
    """
    whole, m = np.rint(counts), np.maximum(mean, 1e-12)
    a = np.maximum(dispersion, _POISSON_BELOW)
    last = np.maximum(whole, m + 7 * np.sqrt(m) + 6 + 14 / np.log1p(1 / (a * m)))
    out = np.empty(len(whole))
    order = np.argsort(last, kind="stable")
    for start in range(0, len(order), _ROWS):
        part = order[start : start + _ROWS]
        terms = int(np.ceil(last[part[-1]])) + 1
        big = m[part] > _LARGE
        out[part[~big]] = _stepwise(whole[part[~big]], m[part[~big]], a[part[~big]], terms)
        out[part[big]] = [
            _far(*one) for one in zip(whole[part[big]], m[part[big]], a[part[big]], strict=True)
        ]
    return out


def _stepwise(count: Floats, mean: Floats, a: Floats, terms: int) -> Floats:
    """Add up term by term, each probability made from the one before."""
    r, q = 1.0 / a, a * mean / (1.0 + a * mean)
    here = np.exp(-r * np.log1p(a * mean))
    below, out = np.zeros(len(count)), np.zeros(len(count))
    for k in range(terms):
        below += here
        out += (below - (count <= k)) ** 2
        here = here * ((k + r) / (k + 1) * q)
    return out


def _far(count: float, mean: float, a: float) -> float:
    """One large mean, from the distribution function."""
    wide = 14 * (mean + a * mean**2) ** 0.5 + 14 * (1 + a * mean)
    k = np.arange(max(min(mean - wide, count), 0) // 1, max(mean + wide, count) + 1)
    return float(((cdf(k, np.full(len(k), mean), np.full(len(k), a)) - (count <= k)) ** 2).sum())


def ranked_sums(rounds: Rounds, blocks: Cells, models: list[str]) -> dict[str, Floats]:
    """Add the score up by origin and spatial block, (O, B) by model; unobserved cells are left out."""
    origins, wide = len(rounds.origins), int(blocks.max()) + 1
    out = {m: np.zeros((origins, wide)) for m in models}
    for n, o in enumerate(rounds.origin_of):
        seen = rounds.observed[n]
        count = rounds.counts[n, seen].astype(float)
        for m in models:
            score = ranked(
                count, rounds.mean[m][n, seen].astype(float), rounds.dispersion[m][n, seen].astype(float)
            )
            out[m][o] += np.bincount(blocks[seen], score, wide)
    return out
