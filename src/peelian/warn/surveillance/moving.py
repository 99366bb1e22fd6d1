"""What a short history expects: a place's own level, moved as the rest of the area moves.

Under three years a season cannot be told from a rise. So each place is judged against the area's other
places: what lifts all of them alike (season, weather, a change of recording) is no sign about one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from peelian.domain.series import Floats, Series

_STILL: Final = 30.0
"""Reports that say "the area does not move", added to both sides of the ratio."""
_WORTH: Final = 120.0
"""Degrees of freedom that the area's overdispersion is worth beside a place's own."""


@dataclass(frozen=True, eq=False)
class Level:
    """Sums over the base: `total`, `exposure` in moved periods, `overdispersion` (A,); and `moved` (P, A).

    A place expects `total / exposure` times `moved` in a period. `moved` is 0 where it was not seen.
    """

    total: Floats
    exposure: Floats
    moved: Floats
    overdispersion: Floats


def level(series: Series, base: slice) -> Level:
    """Give every place's level over the `base` rows, and how the rest of the area moved in every row."""
    seen, held = series.observed, np.where(series.observed, series.counts, 0.0)
    n = seen[base].sum(axis=0)
    usual = held[base].sum(axis=0) / np.maximum(n, 1)
    others = held.sum(axis=1, keepdims=True) - held
    due = (seen @ usual)[:, None] - np.where(seen, usual, 0.0)
    moved = np.where(seen, (others + _STILL) / (due + _STILL), 0.0)
    total, exposure = held[base].sum(axis=0), moved[base].sum(axis=0)
    return Level(total, exposure, moved, _overdispersion(held[base], moved[base], total, exposure, n))


def _overdispersion(held: Floats, moved: Floats, total: Floats, exposure: Floats, n: Floats) -> Floats:
    """Give each place's Pearson overdispersion, pulled to the area's, raised by its error; 1 or more."""
    mean = moved * total / np.maximum(exposure, 1e-9)
    known = (total > 0) & (n > 1)
    df = np.where(known, n - 1.0, 0.0)
    own = np.where(mean > 0, (held - mean) ** 2 / np.where(mean > 0, mean, 1.0), 0.0).sum(axis=0)
    usual = total / np.maximum(n, 1)
    worth = df * usual / (usual + 0.5)
    own = np.where(known, own / np.maximum(df, 1.0), 1.0)
    pool = max(float((worth * own).sum() / max(worth.sum(), 1e-9)), 1.0)
    shared = np.maximum((worth * own + _WORTH * pool) / (worth + _WORTH), 1.0)
    raised: Floats = 1 + (shared - 1) * (1 + np.sqrt(2 / (worth + _WORTH)))
    return raised
