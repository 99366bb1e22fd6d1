"""Decayed count shrunk to its surroundings and larger places: a gamma-Poisson rate for every place."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from peelian.domain.contracts import Fitted, ModelSpec
from peelian.domain.grid import Floats
from peelian.domain.panel import Panel
from peelian.models.candidates import half_lives
from peelian.models.hierarchy import down_the_levels, shrink, wider_surroundings, with_surroundings
from peelian.models.mask_image import MaskImage, spacing_of
from peelian.models.memory import decayed
from peelian.models.past import check_history, seen_periods
from peelian.models.plain import Maps, MapsAt, Setting, fit_plain
from peelian.models.search import best_setting
from peelian.models.surroundings import shares_of

SPEC: Final = ModelSpec(
    "shrunk-decay", "Decayed count, shrunk to its surroundings", "plain", "2",
    "gamma-Poisson empirical Bayes: Clayton and Kaldor 1987", needs_years=1.0,
)  # fmt: skip
_WIDTHS: Final = (0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0)
"""Widths of the surroundings tried, in steps of the mask."""
_PRIOR_EVENTS: Final = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
"""How many events' worth of trust what lies around and above a place gets."""


def reader(panel: Panel) -> MapsAt:
    """Prepare a panel: decayed counts and what is expected of each place, remembered between settings."""
    counts, seen = panel.target_counts, seen_periods(panel)
    image = MaskImage.of(panel.grid, panel.cells)
    of_cells = [
        np.where(parents.of_cell < 0, len(parents.codes), parents.of_cell) for parents in panel.parents
    ]

    @lru_cache(maxsize=64)
    def memory(cut: int, half_life: float) -> tuple[Floats, float]:
        state, whole = decayed(counts, seen, [half_life], [cut])
        return state[0, 0].astype(np.float64), float(whole[0, 0])

    @lru_cache(maxsize=64)
    def above(cut: int, half_life: float) -> Floats:
        return down_the_levels(memory(cut, half_life)[0], panel.parents, of_cells)

    @lru_cache(maxsize=128)
    def prior(cut: int, half_life: float, width: float) -> Floats:
        count = memory(cut, half_life)[0]
        wider = above(cut, half_life) if of_cells else wider_surroundings(count, image, width)
        return with_surroundings(count, wider, image, width)

    def maps_at(cut: int, setting: Setting) -> Maps:
        count, whole = memory(cut, setting["half_life"])
        around = prior(cut, setting["half_life"], setting["width"])
        share = shares_of(shrink(count, whole, around, setting["prior_events"]))
        return Maps({"long-run place": share, "neighbours": around}, count)

    return maps_at


def setting_for(panel: Panel, *, horizon: int, window: int) -> Setting:
    """Choose half-life (in periods), width (in cells) and trust by the likelihood of the panel's own past.

    Raises:
        Refused: when the panel holds less than a year of history.
    """
    check_history(panel, SPEC.id)
    spacing = spacing_of(panel.grid, panel.cells)
    tried = {
        "half_life": half_lives(panel.every, panel.target_counts, seen_periods(panel)),
        "width": [spacing * width for width in _WIDTHS],
        "prior_events": _PRIOR_EVENTS,
    }
    return best_setting(SPEC.id, panel, reader, tried, horizon=horizon, window=window)


def fit(panel: Panel, *, horizon: int, window: int, seed: int) -> Fitted:
    """Choose the setting, then fit weights and doubt on the panel's own past.

    Raises:
        Refused: when the panel holds less than a year of history.
    """
    setting = setting_for(panel, horizon=horizon, window=window)
    return fit_plain(SPEC, panel, reader, [setting], horizon=horizon, window=window, seed=seed)
