"""The panel: what a model is given. Counts by type, period and cell, already cut at `as_of`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
import numpy.typing as npt

from peelian.domain.grid import Cells, Grid
from peelian.domain.rhythm import Rhythm
from peelian.domain.time import Every


@dataclass(frozen=True, eq=False)
class Sites:
    """Places that make a setting, as known at `as_of` and standing at the origin. They have no names.

    `kinds` names the kinds; `kind` (N,) indexes them; `easting`, `northing` (N,) in the grid's CRS and unit;
    `weight` (N,) such as capacity, 1 where nothing is said.
    """

    kinds: tuple[str, ...]
    kind: npt.NDArray[np.int64]
    easting: npt.NDArray[np.float64]
    northing: npt.NDArray[np.float64]
    weight: npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Parents:
    """The larger places that cells belong to: `of_cell` (C,) indexes `codes`, -1 where there is none.

    A cell belongs to the one area that holds most of it, so that sums of cells are sums of areas.
    `level` is `lsoa`, `msoa`, `district`, `block` (1 km squares, where no areas are loaded) or `area`.
    """

    level: str
    codes: tuple[str, ...]
    of_cell: npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Panel:
    """Counts before `origin`, known at `as_of`. Nothing later is in it.

    Shapes: `starts` P first days of consecutive periods, the last one ending at `origin`; `cells` C sorted
    ids; `counts` float32 (T, P, C) with fractions where an event's time spans periods; `observed` bool
    (T, P, C), often a broadcast view, False where a period was never published or is withheld by lag: its
    count is then missing, whatever the number stored (0). `elsewhere` (T, P) counts with no place or off the
    mask: they belong to totals, not to cells. `types[0]` is the target. `calendar` names days known in
    advance (`bank holiday`, `school holiday`, `match`), before and after the origin.
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
    sites: Sites | None = None
    parents: tuple[Parents, ...] = ()  # smallest level first; the whole area is not among them
    calendar: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    rhythm: Rhythm | None = None
    """Of daily panels, where events tell their hours: learned before the origin."""

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
