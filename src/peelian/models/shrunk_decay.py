"""Decayed count shrunk to its surroundings: an empirical Bayes gamma-Poisson rate for every place."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from peelian.domain.contracts import Fitted, ModelSpec
from peelian.domain.grid import Floats
from peelian.domain.panel import Panel
from peelian.domain.time import YEAR_PERIODS
from peelian.models.memory import FOREVER, decayed
from peelian.models.past import seen_periods
from peelian.models.plain import Maps, MapsAt, Setting, fit_plain
from peelian.models.surroundings import Surroundings, shares_of

SPEC: Final = ModelSpec(
    "shrunk-decay", "Decayed count, shrunk to its surroundings", "plain", "1",
    "gamma-Poisson empirical Bayes: Clayton and Kaldor 1987", needs_years=1.0,
)  # fmt: skip
_YEARS: Final = (0.5, 1.0, 4.0, FOREVER)
"""Half-lives tried, in years."""
_WIDTHS: Final = (1.0, 2.5)
"""Widths of the surroundings tried, in cells."""
_PRIOR_EVENTS: Final = (0.02, 0.1, 0.3, 1.0, 3.0)
"""How many events' worth of trust the surroundings get."""
_EVEN: Final = 0.02
"""Share of the prior spread evenly, so that a place far from any event keeps a rate."""


def shrink(count: Floats, whole: float, prior: Floats, events: float) -> Floats:
    """Give each place's posterior mean share: (events + count) / (events / prior + whole).

    The share has a gamma prior of shape `events` and mean `prior` (C,); `count` (C,) is Poisson with mean
    share x `whole`.

    >>> shrink(np.array([0.0, 3.0]), 10.0, np.array([0.1, 0.1]), 1.0).tolist()
    [0.05, 0.2]
    """
    out: Floats = (events + count) / (events / np.maximum(prior, 1e-12) + whole)
    return out


def reader(panel: Panel) -> MapsAt:
    """Prepare a panel: decayed counts and their surroundings, remembered from setting to setting."""
    counts, seen = panel.target_counts, seen_periods(panel)
    active = np.flatnonzero(counts.any(axis=0))
    around = Surroundings.of(panel.grid, panel.cells, active, _WIDTHS)

    @lru_cache(maxsize=64)
    def memory(cut: int, years: float) -> tuple[Floats, float]:
        half_life = years * YEAR_PERIODS[panel.every]
        state, whole = decayed(counts, seen, [half_life], [cut])
        return state[0, 0].astype(np.float64), float(whole[0, 0])

    @lru_cache(maxsize=64)
    def prior(cut: int, years: float, width: float) -> Floats:
        near = shares_of(around.smooth(memory(cut, years)[0].astype(np.float32), width))
        return (1 - _EVEN) * near + _EVEN / len(near)

    def maps_at(cut: int, setting: Setting) -> Maps:
        years, width, events = setting["years"], setting["width"], setting["prior_events"]
        count, whole = memory(cut, years)
        share = shares_of(shrink(count, whole, prior(cut, years, width), events))
        return Maps({"long-run place": share}, count)

    return maps_at


def fit(panel: Panel, *, horizon: int, window: int, seed: int) -> Fitted:
    """Choose half-life, width and trust by the likelihood of the panel's own past.

    Raises:
        Refused: when the panel holds less than a year of history.
    """
    settings = [
        {"years": years, "width": width, "prior_events": events}
        for years in _YEARS
        for width in _WIDTHS
        for events in _PRIOR_EVENTS
    ]
    return fit_plain(SPEC, panel, reader, settings, horizon=horizon, window=window, seed=seed)
