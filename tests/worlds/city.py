"""A square city of counts drawn from known rates, as a panel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import numpy as np
import numpy.typing as npt

from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.grid import Cells, Floats
from peelian.domain.panel import Panel
from peelian.domain.time import Every, london_midnight, period_starts, step


def square(side: int) -> Cells:
    """Give the sorted ids of a square of side x side cells."""
    column, row = np.meshgrid(np.arange(side) + 1600, np.arange(side) + 800)
    return np.sort((row * GRID.columns + column).ravel().astype(np.int64))


def panel_of(
    counts: npt.NDArray[np.float32],
    *,
    every: Every = "month",
    start: date = date(2020, 1, 1),
    missing: Iterable[int] = (),
) -> Panel:
    """Make a panel of (T, P, C) counts over a square; `missing` periods are unseen and hold zeros."""
    kinds, periods, cells = counts.shape
    seen = np.ones((kinds, periods), bool)
    seen[:, list(missing)] = False
    stored = np.where(seen[:, :, None], counts, 0).astype(np.float32)
    origin = step(start, every, periods)
    return Panel(
        GRID, every, origin, london_midnight(origin), "violence",
        ("violence", "asb", "robbery")[:kinds], tuple(period_starts(start, periods, every)),
        square(round(cells**0.5)), stored, np.broadcast_to(seen[:, :, None], counts.shape),
        np.zeros((kinds, periods)),
    )  # fmt: skip


def cut(panel: Panel, periods: int) -> Panel:
    """Give the panel as it was after its first `periods` periods."""
    return replace(
        panel, origin=step(panel.starts[0], panel.every, periods), starts=panel.starts[:periods],
        counts=panel.counts[:, :periods], observed=panel.observed[:, :periods],
        elsewhere=panel.elsewhere[:, :periods],
    )  # fmt: skip


def rates(side: int, seed: int, mean: float = 0.3, shape: float = 0.4) -> Floats:
    """Draw a gamma rate for each cell, lumpy as places are."""
    return np.random.default_rng(seed).gamma(shape, mean / shape, side * side)


def lively(side: int, periods: int, seed: int, kinds: int = 1) -> npt.NDArray[np.float32]:
    """Draw (T, P, C) Poisson counts at steady gamma rates."""
    rng = np.random.default_rng(seed + 1)
    rate = rates(side, seed)
    return rng.poisson(rate, (kinds, periods, side * side)).astype(np.float32)
