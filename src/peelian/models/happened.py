"""What happened, kept sparse: only where and when there was a count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from peelian.domain.grid import Cells, Floats
from peelian.domain.panel import Panel
from peelian.models.lattice import Singles
from peelian.models.past import seen_periods


@dataclass(frozen=True, eq=False)
class Happened:
    """The seen counts of one type, by period: rows `first[p]` to `first[p + 1]` are period p's.

    `cell` and `count` (n,) say where and how many; `cells` is how many cells there are.
    """

    first: npt.NDArray[np.int64]
    cell: Cells
    count: Singles
    cells: int

    @classmethod
    def of(cls, panel: Panel, kind: int = 0) -> Happened:
        """Read one type of a panel; a missing period holds nothing."""
        counts = panel.counts[kind]
        # Truth values are searched far faster than counts, and one number a place faster than two.
        period, cell = np.divmod(np.flatnonzero(counts != 0), counts.shape[1])
        keep = seen_periods(panel, kind)[period]
        period, cell = period[keep], cell[keep]
        first = np.searchsorted(period, np.arange(len(counts) + 1))
        return cls(first.astype(np.int64), cell.astype(np.int64), counts[period, cell], counts.shape[1])

    def decayed(self, half_life: float, cut: int) -> Floats:
        """Give each cell's count before a cut, halved every `half_life` periods, (C,)."""
        upto = int(self.first[cut])
        ages = cut - 1 - np.repeat(np.arange(cut), np.diff(self.first[: cut + 1]))
        weight = self.count[:upto] * 0.5 ** (ages / half_life)
        out: Floats = np.bincount(self.cell[:upto], weight, self.cells).astype(np.float64)
        return out

    def totals(self, half_lives: Floats, cuts: Cells, given: Floats) -> Floats:
        """Give the area's sum of what each count lends, decayed, (M, K) at M rising cuts and K half-lives.

        `given` (C,) is what a unit at each cell adds to the area's sum.
        """
        period = np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))
        lent = np.bincount(period, self.count * given[self.cell], len(self.first) - 1)
        keep, state, at = 0.5 ** (1.0 / half_lives), np.zeros(len(half_lives)), 0
        out = np.zeros((len(cuts), len(half_lives)))
        for n, cut in enumerate(cuts):
            while at < cut:
                state = state * keep + lent[at]
                at += 1
            out[n] = state
        return out

    def within(self, spans: Sequence[tuple[int, int]]) -> Floats:
        """Give each cell's count in spans of periods, each half-open, (C,)."""
        out = np.zeros(self.cells)
        for low, high in spans:
            part = slice(int(self.first[low]), int(self.first[high]))
            out += np.bincount(self.cell[part], self.count[part], self.cells)
        return out
