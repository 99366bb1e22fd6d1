"""Paired block-bootstrap intervals: of what is resampled, and how wide they must be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import stats

from peelian.domain.grid import Cells, Grid

Floats = npt.NDArray[np.float64]
DRAWS: Final = 2000
FEW_ORIGINS: Final = 24


@dataclass(frozen=True)
class Interval:
    """A value with its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def above_zero(self) -> bool:
        """Whether the whole interval is above zero."""
        return self.low > 0.0

    @property
    def below_zero(self) -> bool:
        """Whether the whole interval is below zero."""
        return self.high < 0.0


def spatial_blocks(grid: Grid, cells: Cells, block_km: float) -> Cells:
    """Give each cell's square of `block_km` a side, numbered from 0 without gaps."""
    side = max(round(block_km * 1000.0 / (grid.size * grid.unit_m)), 1)
    column, row = grid.column_row(cells)
    _, block = np.unique((row // side) * (grid.columns // side + 1) + column // side, return_inverse=True)
    out: Cells = block.astype(np.int64)
    return out


def origin_block_length(origins: int, window: int, horizon: int) -> int:
    """Give how many neighbouring origins go together: the cube root of their number, at least the overlap."""
    overlap = window + horizon - 1
    return int(min(max(round(origins ** (1 / 3)), overlap, 1), max(origins, 1)))


def moving_block_weights(n: int, length: int, draws: int, rng: np.random.Generator) -> Floats:
    """Give how often each of n origins is drawn, (draws, n): in circular blocks (Politis & Romano 1992)."""
    pieces = -(-n // length)
    first = rng.integers(0, n, (draws, pieces))
    drawn = ((first[:, :, None] + np.arange(length)) % n).reshape(draws, -1)[:, :n]
    flat = (drawn + n * np.arange(draws)[:, None]).ravel()
    out: Floats = np.bincount(flat, minlength=draws * n).reshape(draws, n).astype(float)
    return out


def block_weights(n: int, draws: int, rng: np.random.Generator) -> Floats:
    """Give how often each of n spatial blocks is drawn, (draws, n)."""
    out: Floats = rng.multinomial(n, np.full(n, 1.0 / n), size=draws).astype(float)
    return out


def ratio_interval(above: Floats, below: Floats, weights: Floats, units: float) -> Interval:
    """Give sum(above) / sum(below) and its 95 % interval under the resampling weights (draws, n).

    The percentile interval is widened for the few `units` drawn from, by a t quantile and n / (n - 1):
    plain percentiles are too narrow for small samples (Hesterberg, 2015).
    """
    total = float(below.sum())
    value = float(above.sum()) / total if total else float("nan")
    under = weights @ below
    drawn = (weights @ above)[under > 0] / under[under > 0]
    if len(drawn) == 0 or units <= 1:
        return Interval(value, float("-inf"), float("inf"))
    wider = np.sqrt(units / (units - 1)) * stats.t.ppf(0.975, units - 1) / stats.norm.ppf(0.975)
    tail = 100.0 * stats.norm.cdf(stats.norm.ppf(0.025) * wider)
    low, high = np.percentile(drawn, [tail, 100.0 - tail])
    return Interval(value, float(low), float(high))
