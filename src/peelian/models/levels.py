"""The doubt of larger places: what a forecaster would have said of them in the past, and what happened.

Means are sums of cells. A sum is surer than its cells, but not as sure as if they varied alone: they share
the total's error, and near places rise and fall together. So each level has a dispersion of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from peelian.domain.blocks import blocks, whole
from peelian.domain.contracts import Fitted, Forecaster, ModelSpec
from peelian.domain.forecast import Forecast, LevelForecast, summed
from peelian.domain.grid import Floats
from peelian.domain.panel import Panel, Parents
from peelian.models.before import replay
from peelian.models.dispersion import Doubt, fit_doubt
from peelian.models.past import gap_of
from peelian.models.total import level_for
from peelian.models.totals.doubt import total_doubt

_ORIGINS: Final = 3
"""Of the last year: each costs a forecast, and a level has many places."""
_START: Final = Doubt(0.02, 2.0, 1.0)
"""Where the search for a level's doubt begins, and what it is pulled to when there is little to go by."""


@dataclass(frozen=True, eq=False)
class LevelDoubts:
    """The doubt of each level within the total, by the mean, and the dispersion of the total itself, (H,)."""

    within: Mapping[str, Doubt]
    total: Floats

    def of(self, forecast: Forecast, panel: Panel) -> tuple[LevelForecast, ...]:
        """Give the larger places' forecasts, smallest first, the whole area last.

        A place's mean adds up the cells that have one; it is NaN where none has. Dispersions combine as
        independent factors of the rate do: (1 + within) (1 + total) - 1.
        """
        known = ~np.isnan(forecast.mean)
        out = []
        for parents in levels_of(panel):
            mean = summed(np.where(known, forecast.mean, 0.0), parents)
            said = summed(known.astype(np.float64), parents) > 0
            within = self.within[parents.level].of(mean) if parents.level in self.within else 0.0
            dispersion = (1 + within) * (1 + self.total[:, None]) - 1
            out.append(
                LevelForecast(
                    parents,
                    np.where(said, mean, np.nan),
                    np.where(said, np.broadcast_to(dispersion, mean.shape), np.nan),
                )
            )
        return tuple(out)


def levels_of(panel: Panel) -> tuple[Parents, ...]:
    """Give the panel's larger places, or squares of a kilometre where it has none, and the whole area."""
    return (*(panel.parents or (blocks(panel.grid, panel.cells),)), whole(panel.cells))


def levels_for(fitted: Fitted, panel: Panel, *, horizon: int, window: int) -> LevelDoubts:
    """Fit each level's doubt on a few past origins, replayed; the total's on its own past errors."""
    gap = gap_of(panel)
    totals, level, _ = level_for(panel, horizon=horizon, window=window)
    total = total_doubt(totals, level, gap=gap, horizon=horizon, window=window)
    played = replay(fitted, panel, span=horizon + window - 1, most=_ORIGINS)
    within = {
        parents.level: _fit(played, panel, parents, horizon, window)
        for parents in levels_of(panel)
        if parents.level != "area"
    }
    return LevelDoubts(within, total)


def _fit(
    played: list[tuple[int, Forecast]], panel: Panel, parents: Parents, horizon: int, window: int
) -> Doubt:
    """Fit a level's doubt beside what the area's total turned out to be in each window."""
    if not played:
        return _START
    means, counts = [], []
    for t, made in played:
        mean = summed(made.mean, parents)
        for h in range(horizon):
            happened = panel.target_counts[t + h : t + h + window].sum(axis=0, dtype=np.float64)
            count = summed(happened[None], parents)[0]
            means.append(mean[h] * (happened.sum() + 0.5) / (made.mean[h].sum() + 0.5))
            counts.append(count)
    mean = np.concatenate(means)
    return fit_doubt(np.concatenate(counts), mean, mean, start=_START)


@dataclass(frozen=True, eq=False)
class Levelled:
    """A fitted forecaster whose forecasts speak of larger places too."""

    fitted: Fitted
    doubts: LevelDoubts

    def predict(self, panel: Panel) -> Forecast:
        """Forecast from the panel's origin, levels filled."""
        made = self.fitted.predict(panel)
        return replace(made, levels=self.doubts.of(made, panel))


@dataclass(frozen=True)
class WithLevels:
    """A forecaster that also fits the doubt of larger places."""

    forecaster: Forecaster

    @property
    def SPEC(self) -> ModelSpec:  # noqa: N802
        """What the forecaster is."""
        return self.forecaster.SPEC

    def fit(self, panel: Panel, *, horizon: int, window: int, seed: int) -> Fitted:
        """Fit the forecaster, then its levels."""
        fitted = self.forecaster.fit(panel, horizon=horizon, window=window, seed=seed)
        return Levelled(fitted, levels_for(fitted, panel, horizon=horizon, window=window))


def with_levels(forecaster: Forecaster) -> Forecaster:
    """Give the forecaster with `Forecast.levels` filled."""
    return WithLevels(forecaster)
