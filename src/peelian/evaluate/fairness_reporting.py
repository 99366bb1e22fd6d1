"""Reporting bias: which places stay among the flagged if each kind of area reported more, or less, than now.

What is forecast is what is reported. Where reporting differs by area, so does the forecast, with equal harm
(Akpinar, De-Arteaga and Chouldechova 2021). How much is not known, so the flagged are drawn again and again
under rates up to a fifth higher or lower, and places that come and go are said to be fragile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.domain.grid import Floats

Bools = npt.NDArray[np.bool_]
CHANGE: Final = 0.20
"""Most that an area's reporting is taken to differ from the mean, either way."""
DRAWS: Final = 200
FRAGILE: Final = 0.20
"""A place whose being flagged changes in more than this share of draws is fragile."""
LEAST_JACCARD: Final = 0.70
"""Overlap of flagged sets below which the flagging as a whole hangs on reporting; ours, a heuristic."""
FLAGGED: Final = 0.05
"""Share of places that count as flagged."""


@dataclass(frozen=True, eq=False)
class Reporting:
    """Over H windows of C places: `flagged` (H, C) as forecast, `changes` (H, C) share of draws that differ.

    `jaccard` (DRAWS + 2,) is the overlap of the flagged set with that of each draw, over all windows; the
    last two draws are slopes: the first class reports a fifth less and the last a fifth more, and reversed.
    """

    flagged: Bools
    changes: Floats
    jaccard: Floats

    @property
    def fragile(self) -> Bools:
        """Which places come and go, (H, C)."""
        out: Bools = self.changes > FRAGILE
        return out

    def to_json(self) -> dict[str, object]:
        """Give the totals."""
        return {
            "change": CHANGE, "draws": len(self.jaccard), "flagged_share": FLAGGED,
            "jaccard": round(float(self.jaccard.mean()), 3),
            "jaccard_least": round(float(self.jaccard.min()), 3),
            "asked": LEAST_JACCARD, "flagged": int(self.flagged[0].sum()),
            "fragile": int((self.fragile & self.flagged)[0].sum()),
            "fragile_outside": int((self.fragile & ~self.flagged)[0].sum()),
        }  # fmt: skip


def reporting(mean: Floats, classes: npt.NDArray[np.int64], rng: np.random.Generator) -> Reporting:
    """Reweight the forecast (H, C) by class of area (C,) (-1: not known, as it is); see who stays flagged.

    The forecast of a place is taken to move in proportion to what it reports. Classes in order, such as
    deciles, give the slopes their order. Places without a number are never flagged.
    """
    kinds = int(classes.max(initial=-1)) + 1
    factors = rng.uniform(1 - CHANGE, 1 + CHANGE, (DRAWS, max(kinds, 1)))
    slope = np.linspace(1 - CHANGE, 1 + CHANGE, max(kinds, 1))
    factors = np.vstack([factors, slope, slope[::-1]])
    flagged = _top(mean)
    changed = np.zeros(mean.shape)
    overlap = np.empty(len(factors))
    for k, row in enumerate(factors):
        now = _top(mean * np.where(classes >= 0, row[classes], 1.0))
        changed += now != flagged
        overlap[k] = (now & flagged).sum() / max(int((now | flagged).sum()), 1)
    return Reporting(flagged, changed / len(factors), overlap)


def _top(mean: Floats) -> Bools:
    """Flag the top share of each window, ties by position; NaN never."""
    held = np.isfinite(mean)
    out = np.zeros(mean.shape, np.bool_)
    order = np.argsort(-np.where(held, mean, -np.inf), axis=1, kind="stable")
    for h in range(len(mean)):
        out[h, order[h, : round(FLAGGED * int(held[h].sum()))]] = True
    return out
