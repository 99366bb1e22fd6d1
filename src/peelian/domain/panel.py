"""The panel: what a model is given. Counts by type, period and cell, already cut at `as_of`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import numpy.typing as npt

from peelian.domain.grid import Cells, Grid
from peelian.domain.time import Every


@dataclass(frozen=True, eq=False)
class Panel:
    """Counts before `origin`, known at `as_of`. Nothing later is in it.

    Shapes: `starts` P first days of consecutive periods, the last one ending at `origin`; `cells` C sorted
    ids; `counts` float32 (T, P, C) with fractions where an event's time spans periods; `observed` bool
    (T, P, C), often a broadcast view, False where a period was never published or is withheld by lag: its
    count is then missing, whatever the number stored (0). `elsewhere` (T, P) counts with no place or off the
    mask: they belong to totals, not to cells. `types[0]` is the target.
    """

    grid: Grid
    every: Every
    origin: date
    as_of: datetime
    target: str
    types: tuple[str, ...]
    starts: tuple[date, ...]
    cells: Cells
    counts: npt.NDArray[np.float32]
    observed: npt.NDArray[np.bool_]
    elsewhere: npt.NDArray[np.float64]
    marks_known: bool = False  # the source separates homes, domestic and sexual offences
    some_left_out: bool = False  # rows of the target's groups marked as such were left out

    @property
    def target_counts(self) -> npt.NDArray[np.float32]:
        """Counts of the target, (P, C)."""
        out: npt.NDArray[np.float32] = self.counts[0]
        return out

    @property
    def target_observed(self) -> npt.NDArray[np.bool_]:
        """Whether the target was observed, (P, C)."""
        out: npt.NDArray[np.bool_] = self.observed[0]
        return out
