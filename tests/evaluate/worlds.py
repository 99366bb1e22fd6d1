"""Tiny worlds for evaluation: known rates on a small grid, and forecasters as real plugs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import numpy as np

from peelian.domain.contracts import Fitted, ModelSpec
from peelian.domain.forecast import Forecast
from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.panel import Panel
from peelian.domain.time import period_starts, step

SIDE = 40
FIRST = date(2020, 1, 1)


@dataclass(frozen=True, eq=False)
class World:
    """`periods` months over SIDE x SIDE cells (10 km a side) with rate `rate`."""

    rate: np.ndarray
    counts: np.ndarray
    cells: np.ndarray
    unobserved: frozenset[int] = frozenset()

    def panel_at(self, origin: date, lag: int) -> Panel:
        n = (origin.year - FIRST.year) * 12 + origin.month - FIRST.month
        counts = self.counts[None, :n].astype(np.float32)
        seen = np.ones(counts.shape, bool)
        seen[:, max(n - lag, 0) :] = False
        seen[:, [k for k in self.unobserved if k < n]] = False
        return Panel(
            GRID, "month", origin, datetime(origin.year, origin.month, 1, tzinfo=UTC), "violence",
            ("violence",), tuple(period_starts(FIRST, n, "month")), self.cells,
            np.where(seen, counts, 0), seen, np.zeros((1, n)),
        )  # fmt: skip

    def truth_at(self, origin: date) -> tuple[np.ndarray, np.ndarray]:
        n = (origin.year - FIRST.year) * 12 + origin.month - FIRST.month
        seen = np.full((1, len(self.cells)), n not in self.unobserved)
        return np.where(seen, self.counts[n : n + 1], 0).astype(float), seen


def world(rate: np.ndarray, periods: int, seed: int) -> World:
    """Draw Poisson counts."""
    rng = np.random.default_rng(seed)
    rows, columns = np.divmod(np.arange(SIDE * SIDE), SIDE)
    cells = (800 + rows) * GRID.columns + 1600 + columns
    return World(rate, rng.poisson(rate, (periods, len(rate))), cells.astype(np.int64))


def uneven(seed: int = 1, mean: float = 0.3) -> np.ndarray:
    """Rates that differ from place to place."""
    raw = np.random.default_rng(seed).gamma(0.3, 1.0, SIDE * SIDE) + 0.01
    return mean * raw / raw.mean()


@dataclass(frozen=True, eq=False)
class Rates:
    """A forecaster of the simplest kind: one mean a cell, made by a function of the panel."""

    id: str
    make: Callable[[Panel], np.ndarray]
    kind: str = "plain"
    needs_years: float = 0.0
    fits: list[date] = field(default_factory=list)

    @property
    def SPEC(self) -> ModelSpec:  # noqa: N802
        return ModelSpec(self.id, f"the {self.id} forecast", self.kind, "1", "", self.needs_years)  # type: ignore[arg-type]

    def fit(self, panel: Panel, *, horizon: int, window: int, seed: int) -> Fitted:
        self.fits.append(panel.origin)
        return _Fitted(self.id, self.make, horizon)


@dataclass(frozen=True, eq=False)
class _Fitted:
    id: str
    make: Callable[[Panel], np.ndarray]
    horizon: int

    def predict(self, panel: Panel) -> Forecast:
        starts = tuple(period_starts(panel.origin, self.horizon, "month"))
        mean = np.tile(self.make(panel), (self.horizon, 1))
        ends = tuple(step(s, "month", 1) for s in starts)
        return Forecast(
            panel.grid, "month", panel.origin, starts, ends, panel.cells, panel.target, self.id, mean,
            np.zeros_like(mean),
        )  # fmt: skip


def oracle(w: World, kind: str = "model") -> Rates:
    """The true rates."""
    return Rates("oracle", lambda _panel: w.rate, kind)


def uniform(kind: str = "plain") -> Rates:
    """The same mean everywhere."""

    def make(panel: Panel) -> np.ndarray:
        rate = panel.target_counts.sum() / max(panel.target_observed.sum(), 1)
        return np.full(len(panel.cells), max(rate, 1e-6))

    return Rates("uniform", make, kind)


def count(kind: str = "plain") -> Rates:
    """The mean count so far, a little added."""

    def make(panel: Panel) -> np.ndarray:
        seen = np.maximum(panel.target_observed.sum(axis=0), 1)
        return (panel.target_counts.sum(axis=0) + 0.3) / (seen + 1.0)

    return Rates("count", make, kind)
