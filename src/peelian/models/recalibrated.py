"""A forecaster whose rates are put right by what its replayed forecasts got."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from peelian.domain.contracts import Fitted, Forecaster, ModelSpec
from peelian.domain.forecast import Forecast
from peelian.domain.panel import Panel
from peelian.models.before import replay
from peelian.models.recalibrate import Recalibration, Round, fit_recalibration

_ORIGINS = 6


@dataclass(frozen=True, eq=False)
class Recalibrated:
    """A fitted forecaster and the map of its rates."""

    fitted: Fitted
    map: Recalibration

    def predict(self, panel: Panel) -> Forecast:
        """Forecast from the panel's origin, rates mapped; the card says how."""
        made = self.map.applied(self.fitted.predict(panel))
        made.card["recalibrated"] = self.map.kind
        return made


@dataclass(frozen=True)
class WithRecalibration:
    """A forecaster that also learns the map. For one with few numbers to learn: it replays the same past.

    A learner of many numbers must call `fit_recalibration` on rows it has not learned from.
    """

    forecaster: Forecaster

    @property
    def SPEC(self) -> ModelSpec:  # noqa: N802
        """What the forecaster is."""
        return self.forecaster.SPEC

    def fit(self, panel: Panel, *, horizon: int, window: int, seed: int) -> Fitted:
        """Fit the forecaster, then the map, on the first window of each replayed origin."""
        fitted = self.forecaster.fit(panel, horizon=horizon, window=window, seed=seed)
        rounds = [
            Round(panel.target_counts[t : t + window].sum(axis=0, dtype=np.float64), made.mean[0])
            for t, made in replay(fitted, panel, span=horizon + window - 1, most=_ORIGINS)
        ]
        return Recalibrated(fitted, fit_recalibration(rounds))
