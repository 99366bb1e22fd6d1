"""Put rates right without changing their order: a map of the rate learned on what past forecasts got.

A forecast that is too sharp (its high rates too high, its low ones too low) has a calibration slope under
one (Cox 1958). Three maps are weighed on origins they were not fitted on: none, a power of the rate, and a
rising curve (isotonic regression of counts on rates, smoothed); none is kept unless another is clearly
better. All are strictly rising, and rates are scaled back to the total, so the ranking stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from scipy import optimize

from peelian.domain.forecast import Forecast
from peelian.domain.grid import Floats

_BINS: Final = 20
_TRUST: Final = 20.0
"""Events in a bin at which half of what they say is believed."""
_STRICT: Final = 0.05
"""Part of the identity in every curve, so that equal rates stay apart from unequal ones."""
_CLEARLY: Final = 2.0
"""Held-out gain, in nats and in standard errors, without which nothing is changed."""
_TINY: Final = 1e-12
_FAR: Final = 40.0


@dataclass(frozen=True, eq=False)
class Round:
    """One past forecast and what happened: counts and means of the rows, alike.

    `weight` is how many places a row stands for, where rows were drawn.
    """

    count: Floats
    mean: Floats
    weight: Floats | None = None

    @property
    def rows(self) -> Floats:
        """The weights, one each where none are given."""
        return np.ones(len(self.mean)) if self.weight is None else self.weight


@dataclass(frozen=True, eq=False)
class Recalibration:
    """A rising map of the rate: log rates at `knots` become `values`; straight beyond them.

    Rates are relative to the mean rate of the forecast, whose total stays what it was.
    """

    kind: Literal["none", "power", "curve"]
    knots: Floats
    values: Floats

    def of(self, mean: Floats) -> Floats:
        """Map rates (..., C); each row adds up to what it did. NaN stays NaN."""
        if self.kind == "none":
            return mean
        whole = np.nansum(mean, axis=-1, keepdims=True)
        usual = np.maximum(np.nanmean(mean, axis=-1, keepdims=True), _TINY)
        raised = np.exp(_bend(np.log(np.maximum(mean / usual, _TINY)), self.knots, self.values))
        raised = np.where(np.isnan(mean), np.nan, raised)
        out: Floats = raised * (whole / np.nansum(raised, axis=-1, keepdims=True))
        return out

    def applied(self, forecast: Forecast) -> Forecast:
        """Give the forecast with its rates mapped; reasons are scaled alike and still add up."""
        mean = self.of(forecast.mean)
        factor = mean / np.maximum(forecast.mean, 1e-300)
        contributions = {name: part * factor for name, part in forecast.contributions.items()}
        return replace(forecast, mean=mean, contributions=contributions)


NONE: Final = Recalibration("none", np.array([0.0, 1.0]), np.array([0.0, 1.0]))


def fit_recalibration(rounds: Sequence[Round]) -> Recalibration:
    """Choose and fit the map on past rounds, which the forecaster must not have learned from.

    Each kind is fitted on all rounds but one and scored on that one by the log share of what happened there.
    With fewer than three rounds, or fewer than 50 events, nothing is changed.
    """
    events = sum(float(one.count @ one.rows) for one in rounds)
    if len(rounds) < 3 or events < 50:
        return NONE
    plain = np.array([_score(NONE, one) for one in rounds])
    best, most = NONE, 0.0
    for kind in (_power, _curve):
        gains = np.array(
            [_score(kind([*rounds[:k], *rounds[k + 1 :]]), one) for k, one in enumerate(rounds)]
        ) - plain  # fmt: skip
        doubt = float(gains.std(ddof=1)) * np.sqrt(len(gains))
        gain = float(gains.sum())
        if gain > max(most + _CLEARLY, _CLEARLY * doubt):
            best, most = kind(rounds), gain
    return best


def _bend(log: Floats, knots: Floats, values: Floats) -> Floats:
    """Interpolate; beyond the knots go on at the slope of the first and last piece."""
    slope = np.diff(values) / np.diff(knots)
    out = np.interp(log, knots, values)
    low, high = log < knots[0], log > knots[-1]
    out = np.where(low, values[0] + slope[0] * (log - knots[0]), out)
    bent: Floats = np.where(high, values[-1] + slope[-1] * (log - knots[-1]), out)
    return bent


def _logs(one: Round) -> Floats:
    """Give the log of each row's rate relative to the round's mean rate."""
    usual = float(one.mean @ one.rows) / float(one.rows.sum())
    out: Floats = np.log(np.maximum(one.mean / max(usual, _TINY), _TINY))
    return out


def _score(way: Recalibration, one: Round) -> float:
    """Give the log share of what happened in a round, in nats."""
    log = _bend(_logs(one), way.knots, way.values)
    whole = np.log(np.exp(log) @ one.rows)
    return float((one.count * one.rows) @ (log - whole))


def _power(rounds: Sequence[Round]) -> Recalibration:
    logs = [_logs(one) for one in rounds]

    def loss(slope: float) -> float:
        return -sum(
            float((one.count * one.rows) @ (slope * log - np.log(np.exp(slope * log) @ one.rows)))
            for one, log in zip(rounds, logs, strict=True)
        )

    slope = float(optimize.minimize_scalar(loss, bounds=(0.3, 3.0), method="bounded").x)
    return Recalibration("power", np.array([0.0, 1.0]), np.array([0.0, slope]))


def _curve(rounds: Sequence[Round]) -> Recalibration:
    """Fit counts to rates in bins of equal expected events, rising, drawn to the identity where few."""
    log = np.concatenate([_logs(one) for one in rounds])
    told = np.concatenate([one.mean * one.rows for one in rounds])
    scale = [float(one.count @ one.rows) / max(float(one.mean @ one.rows), _TINY) for one in rounds]
    told = told * np.repeat(scale, [len(one.mean) for one in rounds])
    count = np.concatenate([one.count * one.rows for one in rounds])
    order = np.argsort(log, kind="stable")
    bins = np.minimum((np.cumsum(told[order]) / told.sum() * _BINS).astype(int), _BINS - 1)
    want, got = np.bincount(bins, told[order], _BINS), np.bincount(bins, count[order], _BINS)
    at = np.bincount(bins, (told * log)[order], _BINS) / np.maximum(want, _TINY)
    held = want > 0
    want, got, at = want[held], got[held], at[held]
    bent = at + np.log((got + _TRUST) / (want + _TRUST))
    rising = optimize.isotonic_regression(bent, weights=want).x
    knots, first = np.unique(at, return_index=True)
    if len(knots) < 2:
        return NONE
    values = (1 - _STRICT) * rising[first] + _STRICT * knots
    far = np.array([-_FAR, _FAR])  # beyond what was seen, the slope is the rate's own
    return Recalibration(
        "curve",
        np.concatenate([knots[:1] + far[:1], knots, knots[-1:] + far[1:]]),
        np.concatenate([values[:1] + far[:1], values, values[-1:] + far[1:]]),
    )
