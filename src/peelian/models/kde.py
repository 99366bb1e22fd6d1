"""Kernel density: past events smoothed by a Gaussian whose width and memory the panel's past chooses."""

from __future__ import annotations

from typing import Final

import numpy as np

from peelian.domain.contracts import Fitted, ModelSpec
from peelian.domain.panel import Panel
from peelian.domain.time import YEAR_PERIODS
from peelian.models.past import seen_periods
from peelian.models.plain import Maps, MapsAt, Setting, fit_plain
from peelian.models.surroundings import Surroundings, shares_of

SPEC: Final = ModelSpec(
    "kde", "Kernel density", "plain", "1", "Chainey, Tompson and Uhlig 2008", needs_years=1.0
)
_WIDTHS: Final = (0.5, 1.0, 2.0)
"""Widths tried, in cells."""
_YEARS: Final = (1.0, 5.0)


def reader(panel: Panel) -> MapsAt:
    """Prepare a panel: smoothed counts of the last one or five years at each width."""
    counts, seen = panel.target_counts, seen_periods(panel)
    active = np.flatnonzero(counts.any(axis=0))
    kernels = Surroundings.of(panel.grid, panel.cells, active, _WIDTHS, own=True)

    def maps_at(cut: int, setting: Setting) -> Maps:
        used = np.flatnonzero(seen[:cut])
        recent = used[used >= cut - round(setting["years"] * YEAR_PERIODS[panel.every])]
        raw = counts[recent if len(recent) else used[-1:]].sum(axis=0)
        density = kernels.smooth(raw, setting["width"])
        return Maps({"neighbours": shares_of(density)}, raw.astype(np.float64))

    return maps_at


def fit(panel: Panel, *, horizon: int, window: int, seed: int) -> Fitted:
    """Choose width and memory on the panel's own past.

    Raises:
        Refused: when the panel holds less than a year of history.
    """
    settings = [{"width": width, "years": years} for width in _WIDTHS for years in _YEARS]
    return fit_plain(SPEC, panel, reader, settings, horizon=horizon, window=window, seed=seed)
