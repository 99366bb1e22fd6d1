"""Hit rates by harm: of all the harm that happened, how much lay in the places put first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from peelian.evaluate.capture import SHARES, best_hits, selection

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def harm_hits(
    harm: Floats, observed: Bools, ranked: Mapping[str, Floats], shares: Sequence[float] = SHARES
) -> dict[str, dict[str, float]]:
    """Give, for each way of ranking, the share of harm caught in each share of the places observed.

    `harm` (N, C) is what happened, weighted; `ranked` (N, C) by name says which places each puts first.
    `best` is what perfect foresight would have caught. NaN where no harm was seen.
    """
    total = float(harm[observed].sum())
    caught = {name: np.zeros(len(shares)) for name in (*ranked, "best")}
    for n, seen in enumerate(observed):
        happened = harm[n, seen]
        for name, by in ranked.items():
            caught[name] += selection(by[n, seen], shares) @ happened
        caught["best"] += best_hits(happened, shares)
    return {
        name: {
            f"{s:g}": float(h / total) if total > 0 else float("nan")
            for s, h in zip(shares, held, strict=True)
        }
        for name, held in caught.items()
    }
