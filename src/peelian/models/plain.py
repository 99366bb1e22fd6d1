"""What the plain counts share: a raw count made an honest forecast.

A raw count says that nothing can happen where nothing did, and its log score would be minus infinity: a
straw man. So each plain count is mixed with its surroundings and with an even spread, with weights chosen
on the panel's own past, given the same total as every other model, and its own fitted dispersion.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from peelian.domain.contracts import ModelSpec
from peelian.domain.forecast import Forecast
from peelian.domain.grid import Floats
from peelian.domain.panel import Panel
from peelian.domain.time import YEAR_PERIODS
from peelian.models.assemble import forecast
from peelian.models.dispersion import Doubt, fit_doubt
from peelian.models.mixture import fit_weights
from peelian.models.past import check_history, gap_of, pseudo_origins
from peelian.models.total import Level, level_for

Setting = Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Maps:
    """What a plain count says at a cut: shares (C,) by reason, each adding up to one, and the evidence.

    `evidence` (C,) is the count behind each cell, which its doubt falls with.
    """

    shares: dict[str, Floats]
    evidence: Floats


MapsAt = Callable[[int, Setting], Maps]
"""Gives the maps known before a cut (a period's index) under a setting."""
Reader = Callable[[Panel], MapsAt]
"""Prepares a panel for reading at many cuts."""


@dataclass(frozen=True, eq=False)
class PlainFitted:
    """A plain count with its weights: predicts from any panel of the same kind."""

    spec: ModelSpec
    reader: Reader
    setting: Setting
    weights: dict[str, float]
    doubt: Doubt
    level: Level
    horizon: int
    window: int
    card: dict[str, Any] = field(default_factory=dict)

    def predict(self, panel: Panel) -> Forecast:
        """Forecast from the panel's origin."""
        check_history(panel, self.spec.id)
        maps = self.reader(panel)(len(panel.starts) - gap_of(panel), self.setting)
        parts = {reason: self.weights[reason] * share for reason, share in maps.shares.items()}
        even = np.full(len(panel.cells), self.weights[EVEN] / len(panel.cells))
        parts["long-run place"] = parts.get("long-run place", 0.0) + even
        return forecast(
            panel, self.spec, parts, self.doubt.of(maps.evidence), self.level,
            horizon=self.horizon, window=self.window, card=self.card,
        )  # fmt: skip


EVEN = "even"
"""The even spread over the mask; it is told as part of the long-run place."""


def fit_plain(
    spec: ModelSpec,
    panel: Panel,
    reader: Reader,
    settings: Sequence[Setting],
    *,
    horizon: int,
    window: int,
    seed: int,
) -> PlainFitted:
    """Choose setting and weights by the likelihood of the panel's own past, then fit the doubt.

    Raises:
        Refused: when the panel holds less than a year of history.
    """
    check_history(panel, spec.id)
    gap, year = gap_of(panel), YEAR_PERIODS[panel.every]
    totals, level, told = level_for(panel, horizon=horizon, window=window)
    ahead = (horizon - 1) // 2  # doubt is fitted in the middle of the horizon
    origins = pseudo_origins(panel, first=min(year, 8), span=window, gap=gap + ahead, most=10)
    maps_at = reader(panel)
    truth = [panel.target_counts[t : t + window].sum(axis=0, dtype=np.float64) for t in origins]
    best: tuple[float, Setting, Floats, list[Maps]] | None = None
    for setting in settings:
        maps = [maps_at(t - gap - ahead, setting) for t in origins]
        score, weights = weigh(maps, truth)
        if best is None or score > best[0]:
            best = score, setting, weights, maps
    assert best is not None
    _, setting, weights, maps = best
    means = [_expected(totals.ahead(level, t - gap - ahead, t, window)) for t in origins]
    doubt = fit_doubt(
        np.concatenate(truth),
        np.concatenate([m * (weights @ _stack(one)) for m, one in zip(means, maps, strict=True)]),
        np.concatenate([one.evidence for one in maps]),
    )
    named = {name: float(w) for name, w in zip(_names(maps[0]), weights, strict=True)}
    card = {
        "seed": seed, "level": told, "setting": dict(setting),
        "weights": {name: round(w, 4) for name, w in named.items()},
    }  # fmt: skip
    return PlainFitted(spec, reader, setting, named, doubt, level, horizon, window, card)


def _expected(carried: tuple[float, Floats]) -> float:
    base, factor = carried
    return base * float(factor.sum())


def _names(maps: Maps) -> list[str]:
    return [*maps.shares, EVEN]


def _stack(maps: Maps) -> Floats:
    shares = list(maps.shares.values())
    return np.stack([*shares, np.full(len(shares[0]), 1.0 / len(shares[0]))])


def weigh(maps: Sequence[Maps], truth: Sequence[Floats]) -> tuple[float, Floats]:
    """Give the mean log share of past events and the weights that make it highest."""
    hits = [count > 0 for count in truth]
    stacked = np.concatenate([_stack(one)[:, hit] for one, hit in zip(maps, hits, strict=True)], axis=1)
    counts = np.concatenate([count[hit] for count, hit in zip(truth, hits, strict=True)])
    weights = fit_weights(stacked, counts)
    weights = 0.999 * weights + 0.001 / len(weights)  # nothing is ever quite impossible
    return float(counts @ np.log(weights @ stacked) / max(counts.sum(), 1e-9)), weights
