"""The forecast: a mean and a dispersion for each cell and period; everything shown follows from the two."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from peelian.domain import negative_binomial as nb
from peelian.domain.grid import Cells, Grid
from peelian.domain.negative_binomial import Floats
from peelian.domain.time import Every

CONTRIBUTIONS: Final = ("long-run place", "season", "recent events", "neighbours", "other types", "setting")

FORECAST_COLUMNS: Final = (
    "origin", "period_start", "period_end", "cell", "easting", "northing", "support", "place", "target",
    "model", "mean", "dispersion", "p_any", "q05", "q50", "q95",
)  # fmt: skip
"""The forecast file: one row per period and cell of the area's mask, in this order."""


@dataclass(frozen=True, eq=False)
class Forecast:
    """Counts expected by cell in each of H windows from `origin`. About places, never a person.

    Shapes: `starts`, `ends` H days (half-open windows); `cells` C sorted ids; `mean`, `dispersion` (H, C)
    float64; each of `contributions` (H, C), adding up to `mean` where given. `card` is the run card: what
    went in, code version, seed.
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

    @property
    def p_any(self) -> Floats:
        """Probability of one event or more, (H, C)."""
        return nb.p_any(self.mean, self.dispersion)
