"""From a map of shares and a total to a forecast whose reasons add up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from peelian.domain.contracts import ModelSpec
from peelian.domain.forecast import CONTRIBUTIONS, Forecast
from peelian.domain.grid import Floats
from peelian.domain.panel import Panel
from peelian.domain.time import step
from peelian.models.past import future, gap_of
from peelian.models.rhythms.weekdays import by_weekday
from peelian.models.total import Level, Totals


def forecast(
    panel: Panel,
    spec: ModelSpec,
    parts: Mapping[str, Floats],
    dispersion: Floats,
    level: Level,
    *,
    horizon: int,
    window: int,
    card: dict[str, Any],
) -> Forecast:
    """Give `horizon` windows of `window` periods: mean = total of the window x the cell's share.

    `parts` are shares (C,) by reason, adding up to each cell's share; `dispersion` is (C,). The season's
    contribution is its share, and what season, weekday (by kind of place, in models that are no plain counts)
    and length of the windows' periods change; all contributions add up to the mean.
    """
    periods = horizon + window - 1
    totals = Totals.of(panel, periods)
    at = len(panel.starts)
    base, factor = totals.ahead(level, at - gap_of(panel), at, periods)
    sums = np.array([factor[h : h + window].sum() for h in range(horizon)])
    share = np.sum(list(parts.values()), axis=0)
    if spec.kind == "model":  # a plain count stays plain
        share = by_weekday(panel, share, horizon, window)
    mean = base * sums[:, None] * share
    contributions = {
        name: np.tile(base * window * parts[name], (horizon, 1))
        for name in CONTRIBUTIONS
        if name in parts and name != "season"
    }
    contributions["season"] = mean - np.sum(list(contributions.values()), axis=0)
    days = future(panel, periods)
    return Forecast(
        panel.grid, panel.every, panel.origin,
        tuple(days[:horizon]), tuple(step(day, panel.every, window) for day in days[:horizon]),
        panel.cells, panel.target, spec.id, mean, np.tile(dispersion, (horizon, 1)), contributions,
        {"model": spec.id, "version": spec.version, "expected": round(float(mean[0].sum()), 3), **card},
    )  # fmt: skip
