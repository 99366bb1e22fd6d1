"""What a place had above its own usual, before and after each period: columns for the escalation model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.domain.series import Floats, Series
from peelian.domain.time import Every

WINDOW: Final[dict[Every, int]] = {"week": 4, "month": 2, "day": 28}
"""Periods before that may lead to the next one; as many after it are the negative control."""
PRIOR: Final = 2.0
"""Reports that a window's ratio to its usual is shrunk by."""
_NEIGHBOURS: Final = 8


@dataclass(frozen=True, eq=False)
class Columns:
    """Columns (K, T, A) for the T periods from `first`.

    In order: the driver before, at and after; the target's own, and its neighbours', before and after. `used`
    (T, A): everything in reach was observed.
    """

    x: Floats
    used: npt.NDArray[np.bool_]
    first: int


BEFORE, AFTER = 0, 2
"""Which columns hold the driver before and after."""


def usual(counts: Floats, share_of: Floats | None = None) -> Floats:
    """Give each place's usual count (P, A): its share of `share_of` (default all) of each period's total."""
    base = counts if share_of is None else share_of
    share = base.sum(axis=0) + 0.5
    return np.asarray(counts.sum(axis=1, keepdims=True) * (share / share.sum())[None, :], np.float64)


def excess(counts: Floats, expected: Floats, window: int) -> Floats:
    """Give the log ratio of each window's count to its usual, shrunk; row k begins with period k."""
    return np.log((_summed(counts, window) + PRIOR) / (_summed(expected, window) + PRIOR))


def columns(series: Series, driver: Floats, window: int) -> Columns:
    """Give the columns for every period that has a whole window before and after it."""
    seen = np.asarray(series.observed.all(axis=1), np.float64)
    held = np.where(series.observed, series.counts, 0.0)
    around = _neighbours(series, held)
    periods = len(seen)
    rows = np.arange(window, periods - window)
    made = []
    for counts, at in ((driver, True), (held, False), (around, False)):
        expected = usual(counts)
        whole = excess(counts, expected, window)
        made.append(whole[rows - window])
        if at:
            made.append(excess(counts, expected, 1)[rows])
        made.append(whole[rows + 1])
    reach = _summed(seen[:, None], 2 * window + 1)[:, 0] > 2 * window + 0.5
    used = np.broadcast_to(reach[rows - window][:, None], (len(rows), held.shape[1]))
    return Columns(np.stack(made), used, window)


def _neighbours(series: Series, counts: Floats) -> Floats:
    """Add up the eight nearest places' counts (P, A)."""
    from scipy.spatial import cKDTree  # late: scipy costs a second

    points = np.column_stack([series.easting, series.northing])
    many = min(_NEIGHBOURS + 1, len(points))
    near = np.asarray(cKDTree(points).query(points, k=many)[1]).reshape(len(points), many)[:, 1:]
    return np.asarray(counts[:, near].sum(axis=2), np.float64)


def _summed(counts: Floats, window: int) -> Floats:
    padded = np.vstack([np.zeros((1, counts.shape[1])), np.cumsum(counts, axis=0)])
    return np.asarray(padded[window:] - padded[:-window], np.float64)
