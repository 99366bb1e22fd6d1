"""Decayed counts: what a place remembers of its past at several half-lives."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from peelian.domain.grid import Floats
from peelian.models.past import Flags

FOREVER = float("inf")


def decayed(
    counts: npt.NDArray[np.float32], seen: Flags, half_lives: Sequence[float], cuts: Sequence[int]
) -> tuple[npt.NDArray[np.float32], Floats]:
    """Give decayed counts (K, M, C) and what the whole area would weigh (K, M), at M cuts.

    At a cut only periods before it count; one that ended k periods earlier weighs 0.5 ** (k / half-life).
    A missing period lets time pass and adds nothing to either, so a place's decayed share, count over
    whole, never falls because a month was not published. `counts` is (P, C).
    """
    order = np.argsort(np.asarray(cuts), kind="stable")
    out = np.zeros((len(half_lives), len(cuts), counts.shape[1]), np.float32)
    totals = np.where(seen, counts.sum(axis=1, dtype=np.float64), 0.0)
    whole = np.zeros((len(half_lives), len(cuts)))
    for k, half_life in enumerate(half_lives):
        keep = 0.5 ** (1.0 / half_life)
        state, mass, at = np.zeros(counts.shape[1], np.float32), 0.0, 0
        for index in order:
            while at < cuts[index]:
                state *= np.float32(keep)
                mass *= keep
                if seen[at]:
                    state += counts[at]
                    mass += totals[at]
                at += 1
            out[k, index], whole[k, index] = state, mass
    return out, whole
