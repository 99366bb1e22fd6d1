"""The forecast: a mean and a dispersion for each cell and period; everything shown follows from the two."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np

from peelian.domain import negative_binomial as nb
from peelian.domain.grid import Cells, Grid
from peelian.domain.negative_binomial import Floats
from peelian.domain.panel import Parents
from peelian.domain.time import Every

CONTRIBUTIONS: Final = ("long-run place", "season", "recent events", "neighbours", "other types", "setting")

FORECAST_COLUMNS: Final = (
    "origin", "period_start", "period_end", "cell", "easting", "northing", "support", "place", "target",
    "model", "mean", "dispersion", "p_any", "q05", "q50", "q95",
)  # fmt: skip
"""The forecast file: one row per period and cell of the area's mask, in this order."""


@dataclass(frozen=True, eq=False)
class LevelForecast:
    """The forecast of larger places: means are sums of their cells', the dispersion is the level's own.

    Shapes: `mean`, `dispersion` (H, L) over `parents.codes`; for the whole area L is 1 and `parents.level`
    is `area`.
    """

    parents: Parents
    mean: Floats
    dispersion: Floats


def summed(mean: Floats, parents: Parents) -> Floats:
    """Add up cells (H, C) to their larger places (H, L); cells of none are in no sum."""
    inside = parents.of_cell >= 0
    at, wide = parents.of_cell[inside], len(parents.codes)
    return np.stack([np.bincount(at, row[inside], wide) for row in mean]).astype(np.float64)


@dataclass(frozen=True, eq=False)
class Forecast:
    """Counts expected by cell in each of H windows from `origin`. About places, never a person.

    Shapes: `starts`, `ends` H days (half-open windows); `cells` C sorted ids; `mean`, `dispersion` (H, C)
    float64; each of `contributions` (H, C), adding up to `mean` where given. `card` is the run card: what
    went in, code version, seed. `levels` are the larger places, smallest first. A shift's windows begin and
    end at instants (`datetime`, London's offset), all others at days.
    """

    grid: Grid
    every: Every
    origin: date
    starts: tuple[date, ...]
    ends: tuple[date, ...]
    cells: Cells
    target: str
    model: str
    mean: Floats
    dispersion: Floats
    contributions: dict[str, Floats] = field(default_factory=dict)
    card: dict[str, Any] = field(default_factory=dict)
    levels: tuple[LevelForecast, ...] = ()

    @property
    def p_any(self) -> Floats:
        """Probability of one event or more, (H, C)."""
        return nb.p_any(self.mean, self.dispersion)
