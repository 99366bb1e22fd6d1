"""Peelian's own forecasters on the challenge's cells: a panel of calendar months on a turned square grid."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from peelian.domain.contracts import Fitted
from peelian.domain.errors import Misuse
from peelian.domain.grid import Floats, Grid
from peelian.domain.panel import Panel
from peelian.domain.time import london_midnight, period_starts, periods_between
from peelian.models import MODELS
from peelian.pipeline.nij.cells import CellTable, Indices
from peelian.pipeline.nij.events import day_number
from peelian.pipeline.nij.rules import CRS
from peelian.pipeline.nij.tessellation import Keys

FIRST: Final = date(2012, 3, 1)
_SIDE: Final = 4096
_FOOT: Final = 0.3048


@dataclass(eq=False)
class ModelRanker:
    """A forecaster of the registry: cells are ranked by its mean for the month from the origin.

    The mask is every cell of the study area, `covering` (their keys), so that quiet places are known to be
    quiet. It is fitted again after `refit_months`; between, it forecasts from the newer panel. Origins must
    be first days of months, in order. Places where nothing had been by then get no value, as with the counts:
    that a place is in the table at all may be later knowledge.
    """

    model: str
    covering: Keys
    refit_months: int = 12
    seed: int = 1
    _fits: dict[int, tuple[date, Fitted]] = field(default_factory=dict)
    _kept: dict[tuple[int, date], Floats] = field(default_factory=dict)

    def values(self, table: CellTable, origin: date) -> Floats:
        """Give the mean by cell, (C,).

        Raises:
            Misuse: the cells are not squares, or the origin is no first of a month.
        """
        if (id(table), origin) not in self._kept:
            panel, at = panel_of(table, origin, self.covering)
            fitted = self._fits.get(id(table))
            if fitted is None or not 0 <= periods_between(fitted[0], origin, "month") < self.refit_months:
                fitted = origin, MODELS[self.model].fit(panel, horizon=1, window=1, seed=self.seed)
                self._fits[id(table)] = fitted
            known = panel.counts.any(axis=(0, 1))
            mean = np.where(known, fitted[1].predict(panel).mean[0], 0.0)
            self._kept[id(table), origin] = mean[at]
        return self._kept[id(table), origin]

    def words(self) -> dict[str, Any]:
        """Say what it is."""
        return {"kind": "model", "model": self.model, "version": MODELS[self.model].SPEC.version}


def panel_of(table: CellTable, origin: date, covering: Keys) -> tuple[Panel, Indices]:
    """Give the panel of months before `origin` over the covering cells, and where the table's cells are.

    Raises:
        Misuse: the cells are not squares, or the origin is no first of a month.
    """
    side = table.tessellation
    if side.width != side.height or origin.day != 1:
        raise Misuse("a forecaster needs square cells and the first of a month", do="choose a square grid")
    starts = period_starts(FIRST, periods_between(FIRST, origin, "month"), "month")
    edges = np.array([day_number(day) for day in (*starts, origin)])
    mask = np.union1d(covering, table.keys)
    at = np.searchsorted(mask, table.keys)
    both = ((table.own, table.own_at), (table.other, table.other_at))
    counts = np.stack([_count(events.day, at[place], edges, len(mask)) for events, place in both])
    row, column = np.divmod(mask, 1 << 20)
    half = (1 << 19) - _SIDE // 2
    grid = Grid("nij", CRS, side.width, _SIDE, _SIDE, unit="foot", unit_m=_FOOT)
    seen = np.broadcast_to(np.ones((), bool), counts.shape)
    panel = Panel(
        grid, "month", origin, london_midnight(origin), "nij", ("nij", "other"), tuple(starts),
        (row - half) * _SIDE + (column - half), counts, seen, np.zeros(counts.shape[:2]),
    )  # fmt: skip
    return panel, at


def _count(day: Indices, place: Indices, edges: Indices, cells: int) -> npt.NDArray[np.float32]:
    period = np.searchsorted(edges, day, side="right") - 1
    keep = (period >= 0) & (period < len(edges) - 1)
    flat = np.bincount(period[keep] * cells + place[keep], minlength=(len(edges) - 1) * cells)
    return flat.reshape(len(edges) - 1, cells).astype(np.float32)
