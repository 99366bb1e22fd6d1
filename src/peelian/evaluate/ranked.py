"""Ranked probability score: how far, in events, the forecast's whole distribution lay from the count."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from peelian.domain.grid import Cells
from peelian.evaluate.rounds import Rounds

Floats = npt.NDArray[np.float64]
_POISSON_BELOW = 1e-4  # the closed form of the negative binomial loses its digits below
_ROWS = 200_000


def ranked(counts: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """Give the ranked probability score of N counts, in events; lower is better, 0 is certain and right.

    The sum over k of (P(count <= k) - 1{count <= k})^2 (Epstein, 1969; Gneiting and Raftery, 2007), by the
    closed forms of Wei and Held (2014). Unlike the log score it forgives a near miss and does not run away
    where something thought all but impossible happens. Fractional counts are rounded.
    """
    import scoringrules as sr  # late: only a backtest needs it

    out = np.empty(len(counts))
    for start in range(0, len(counts), _ROWS):
        part = slice(start, start + _ROWS)
        whole = np.rint(counts[part])
        m, a = np.maximum(mean[part], 1e-12), np.maximum(dispersion[part], 0.0)
        r = 1.0 / np.maximum(a, _POISSON_BELOW)
        wide = sr.crps_negbinom(whole, r, r / (r + m))
        out[part] = np.where(a < _POISSON_BELOW, sr.crps_poisson(whole, m), wide)
    return out


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
