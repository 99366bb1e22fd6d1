"""Harm: what is expected of each group of a target, weighted; and hit rates by harm at origins gone by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import numpy as np
import polars as pl

from peelian.domain.contracts import Fitted
from peelian.domain.forecast import Forecast
from peelian.domain.negative_binomial import Floats
from peelian.domain.progress import Tick, no_tick
from peelian.domain.time import london_midnight
from peelian.models import MODELS
from peelian.pipeline.panels import Panels
from peelian.pipeline.setting_severity import Severity


@dataclass(frozen=True, eq=False)
class Harm:
    """Expected harm (H, C) by group, in the weights' own unit, with what the run card says of it."""

    by_group: dict[str, Floats]
    card: dict[str, Any]

    @property
    def total(self) -> Floats:
        """All groups together, (H, C)."""
        return np.asarray(np.sum(list(self.by_group.values()), axis=0), np.float64)

    def table(self, made: Forecast) -> pl.DataFrame:
        """Give a row per window and cell: period_start, cell, harm, and harm by group."""
        h, c = made.mean.shape
        columns = {f"harm_{name.replace('-', '_')}": v.ravel() for name, v in self.by_group.items()}
        numbers = {"harm": self.total.ravel(), **columns}
        frame = pl.DataFrame(
            {
                "period_start": np.repeat(np.array(made.starts, "datetime64[D]"), c),
                "cell": np.tile(made.cells, h), **numbers,
            }
        )  # fmt: skip
        return frame.with_columns(pl.col(list(numbers)).fill_nan(None))


def panels_by_group(panels: Panels) -> dict[str, Panels]:
    """Give the panels of each group of the target, with the target's own marks (knife, public places)."""
    return {
        group: replace(panels, target=replace(panels.target, groups=(group,)))
        for group in panels.target.groups
    }


def harm_of(
    panels: Panels, severity: Severity, made: Forecast, *, model: str, learned: date, as_of: datetime,
    window: int, seed: int,
) -> Harm:  # fmt: skip
    """Weigh a forecast by harm: each group is forecast by itself, and the groups share out the forecast.

    Counts so stay those of the forecast: a cell's expected count, split by what its groups' own forecasts
    say, times the weights. Cells without a number have none here either.

    Raises:
        Refused: a group of the target has no weight.
    """
    weights = severity.of(panels.target.groups)
    means = {group: np.ones_like(made.mean) for group in weights}
    if len(weights) > 1:
        for group, own in panels_by_group(panels).items():
            forecast = _group_forecast(own, model, learned, as_of, made, window, seed)
            means[group] = _over(made, forecast)
    whole = np.maximum(np.sum(list(means.values()), axis=0), 1e-300)
    by_group = {group: weights[group] * made.mean * means[group] / whole for group in weights}
    expected = {group: [round(float(v), 3) for v in np.nansum(h, axis=1)] for group, h in by_group.items()}
    card = {"weights": weights, "source": severity.source, "year": severity.year, "expected": expected}
    return Harm(by_group, card)


def _group_forecast(
    own: Panels, model: str, learned: date, as_of: datetime, made: Forecast, window: int, seed: int
) -> Forecast:
    now = own.at(made.origin, as_of=as_of)
    earlier = own.at(learned, as_of=min(as_of, london_midnight(learned)))
    learn_on = earlier if learned < made.origin else now
    learn_on = learn_on if learn_on.types == now.types else now
    fitted = MODELS[model].fit(learn_on, horizon=len(made.starts), window=window, seed=seed)
    return fitted.predict(now)


def _over(made: Forecast, one: Forecast) -> Floats:
    """Lay a group's means over the forecast's cells, NaN where it has none."""
    out = np.full(made.mean.shape, np.nan)
    out[:, np.searchsorted(made.cells, one.cells)] = one.mean
    return out


def harm_backtest(
    panels: Panels, severity: Severity, origins: list[date], *, model: str, rival: str, window: int,
    refit: int, seed: int, tick: Tick = no_tick,
) -> dict[str, Any]:  # fmt: skip
    """Give hit rates by harm over origins: places ranked by expected harm, by the model's and a plain count.

    Raises:
        Refused: a group of the target has no weight.
    """
    from peelian.evaluate.harm import harm_hits  # late: scipy costs every command a second

    weights = severity.of(panels.target.groups)
    own = panels_by_group(panels)
    ranked: dict[str, list[Floats]] = {"by harm": [], "by count": [], "by plain count": []}
    harm: list[Floats] = []
    seen = []
    fitted: dict[str, Fitted] = {}
    for n, origin in enumerate(origins):
        tick("scoring by harm", n / len(origins))
        told = {group: one.truth(origin, 1, window) for group, one in own.items()}
        seen.append(np.logical_and.reduce([observed[0] for _, observed in told.values()]))
        harm.append(np.sum([weights[g] * counts[0] for g, (counts, _) in told.items()], axis=0))
        asked = {"by count": (panels, model), "by plain count": (panels, rival)}
        asked |= {group: (one, model) for group, one in own.items()}
        means = {}
        for name, (part, which) in asked.items():
            panel = part.at(origin)
            if n % refit == 0:
                fitted[name] = MODELS[which].fit(panel, horizon=1, window=window, seed=seed)
            means[name] = fitted[name].predict(panel).mean[0]
        share = np.maximum(np.sum([means[g] for g in own], axis=0), 1e-300)
        ranked["by count"].append(means["by count"])
        ranked["by plain count"].append(means["by plain count"])
        ranked["by harm"].append(
            means["by count"] * np.sum([weights[g] * means[g] for g in own], axis=0) / share
        )
    stacked = {name: np.stack(rows) for name, rows in ranked.items()}
    return {
        "weights": weights, "source": severity.source, "year": severity.year, "model": model, "rival": rival,
        "origins": [str(day) for day in origins], "harm": float(np.stack(harm)[np.stack(seen)].sum()),
        "hit_rates": harm_hits(np.stack(harm), np.stack(seen), stacked),
    }  # fmt: skip
