"""What cells are ranked by: decayed counts of both categories, with a little of what lies beside them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final, Protocol

import numpy as np

from peelian.domain.grid import Floats
from peelian.pipeline.nij.cells import CellTable

FOREVER: Final = float("inf")


class Ranker(Protocol):
    """Gives each cell of a table a value from what was known before an origin; the highest are flagged."""

    def values(self, table: CellTable, origin: date) -> Floats:
        """Give the values, (C,)."""

    def words(self) -> dict[str, Any]:
        """Say what it is, for the filed forecast."""


@dataclass(frozen=True)
class CountRanker:
    """Own count with a memory, plus parts of the other category's, of the last month's and of neighbours'.

    `half_life` in days; `other`, `recent` (an extra memory of 30 days) and `around` (the mean of the eight
    cells beside) are weights.
    """

    half_life: float = FOREVER
    other: float = 0.0
    recent: float = 0.0
    around: float = 0.0

    def values(self, table: CellTable, origin: date) -> Floats:
        """Give the values, (C,)."""
        out = table.remembered(origin, self.half_life)
        if self.other:
            out = out + self.other * table.remembered(origin, self.half_life, other=True)
        if self.recent:
            out = out + self.recent * table.remembered(origin, 30.0)
        if self.around:
            # Only of places already known: that a place is in the table at all may be later knowledge.
            out = out + self.around / 8 * np.where(out > 0, table.beside @ out, 0.0)
        return out

    def words(self) -> dict[str, Any]:
        """Say what it is."""
        told = asdict(self)
        return {"kind": "count"} | {k: ("for ever" if v == FOREVER else v) for k, v in told.items()}


RAW: Final = CountRanker()
"""The raw count of all history: the rival."""
SETTINGS: Final = tuple(
    CountRanker(half_life, other, recent, around)
    for half_life in (365.0, 1460.0, FOREVER)
    for other in (0.0, 0.1, 0.3, 0.5, 1.0)
    for recent in (0.0, 1.0)
    for around in (0.02, 0.3)
)


def highest(value: Floats, chosen: int) -> Floats:
    """Flag the `chosen` highest values with 1, the others 0; equal values go by the cell's key.

    Cells of value 0 are never flagged: nothing is known of them.
    """
    value = np.round(value, 9)
    out = np.zeros(len(value))
    if (value > 0).sum() <= chosen:
        out[value > 0] = 1.0
        return out
    cut = np.partition(value, len(value) - chosen)[len(value) - chosen]
    out[value > cut] = 1.0
    tied = np.flatnonzero(value == cut)
    out[tied[: chosen - int(out.sum())]] = 1.0
    return out
