"""How steady the flagged places are from origin to origin: overlap and length of stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.evaluate.capture import selection
from peelian.evaluate.rounds import Rounds

Floats = npt.NDArray[np.float64]
STABILITY_SHARES: Final = (0.01, 0.02, 0.05)


@dataclass(frozen=True)
class Stability:
    """At one share of the area: mean Jaccard overlap of neighbouring origins, and mean length of stay.

    1 is a list that never changes. `run` counts origins in a row that a place stays flagged, stays still
    open at either end included; `places` is how many were flagged at least once, over how many at a time.
    """

    share: float
    overlap: float
    run: float
    places: float


def jaccard(one: Floats, other: Floats) -> float:
    """Give the overlap of two selections (C,) of chances: sum of the lesser over sum of the greater.

    >>> jaccard(np.array([1.0, 1.0, 0.0]), np.array([0.0, 1.0, 1.0]))
    0.3333333333333333
    """
    union = float(np.maximum(one, other).sum())
    return float(np.minimum(one, other).sum()) / union if union > 0 else float("nan")


def run_lengths(flagged: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Give the lengths of all stays in `flagged` (O, C): origins in a row that a place is flagged."""
    edged = np.pad(flagged.astype(np.int8), ((1, 1), (0, 0)))
    change = np.diff(edged, axis=0).T
    starts, ends = np.nonzero(change == 1)[1], np.nonzero(change == -1)[1]
    out: npt.NDArray[np.int64] = ends - starts
    return out


def stability(rounds: Rounds, model: str) -> tuple[Stability, ...]:
    """Give the steadiness of the first window's list at each origin; empty for a single origin.

    Every place of the area is ranked, observed or not: a list is handed out before anyone knows.
    """
    first = np.unique(rounds.origin_of, return_index=True)[1]
    if len(first) < 2:
        return ()
    overlaps: list[list[float]] = [[] for _ in STABILITY_SHARES]
    kept = np.zeros((len(STABILITY_SHARES), len(first), len(rounds.cells)), bool)
    before: Floats | None = None
    for k, n in enumerate(first):
        chosen = selection(rounds.mean[model][n].astype(float), STABILITY_SHARES)
        kept[:, k] = chosen >= 0.5
        if before is not None:
            for s, held in enumerate(overlaps):
                held.append(jaccard(before[s], chosen[s]))
        before = chosen
    out = []
    for s, share in enumerate(STABILITY_SHARES):
        runs = run_lengths(kept[s])
        at_once = max(share * len(rounds.cells), 1e-12)
        out.append(
            Stability(
                share, float(np.mean(overlaps[s])), float(runs.mean()) if len(runs) else float("nan"),
                float(kept[s].any(axis=0).sum()) / at_once,
            )
        )  # fmt: skip
    return tuple(out)
