"""Other lists of as many squares at an origin, for the search for less discriminatory alternatives."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.domain.grid import Floats
from peelian.domain.panel import Panel
from peelian.domain.time import YEAR_PERIODS, periods_between
from peelian.plan.zoning import parted

COUNT: Final = "last year's count"
COUNT_SHARED: Final = "last year's count, shared by zone"
SHARED: Final = "the model, shared by zone"
Ints = npt.NDArray[np.int64]


def other_lists(panel: Panel, origin: date, mean: Floats, flag: Floats, of_cell: Ints) -> dict[str, Floats]:
    """Give the lists (C,) of as many squares as `flag` has: by last year's count, and both shared by zone.

    `panel` is the last origin's, cut at this one. Zones are neighbourhoods (`of_cell`, -1 in none) joined as
    a plan joins them; each has its share of what the list itself ranks by, in whole squares.
    """
    until = periods_between(panel.starts[0], origin, panel.every)
    year = panel.target_counts[max(0, until - YEAR_PERIODS[panel.every]) : until].sum(axis=0).astype(float)
    many = int((flag > 0).sum())
    x, y = panel.grid.centre(panel.cells)
    inside = of_cell >= 0

    def shared(rank: Floats) -> Floats:
        areas = int(of_cell.max(initial=0)) + 1
        count = np.maximum(np.bincount(of_cell[inside], minlength=areas), 1)
        harm, east, north = (
            np.bincount(of_cell[inside], one[inside], areas).astype(float) for one in (rank, x, y)
        )
        zone = parted(harm, east / count, north / count)
        return _by_zone(rank, np.where(inside, zone[of_cell], zone.max() + 1), many)

    return {COUNT: _by_zone(year, np.zeros(len(year), np.int64), many), COUNT_SHARED: shared(year),
            SHARED: shared(np.nan_to_num(mean))}  # fmt: skip


def _by_zone(rank: Floats, zone: Ints, many: int) -> Floats:
    """The first of each zone, as many as its share of the whole by largest remainders; ties by number."""
    held = np.bincount(zone, rank).astype(float)
    due = held / max(float(held.sum()), 1e-12) * many
    each = np.floor(due).astype(int)
    each[np.argsort(each - due, kind="stable")[: many - int(each.sum())]] += 1
    out = np.zeros(len(rank))
    for z, first in enumerate(each):
        mine = np.flatnonzero(zone == z)
        out[mine[np.argsort(-rank[mine], kind="stable")[:first]]] = 1.0
    return out
