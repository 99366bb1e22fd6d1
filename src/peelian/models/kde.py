"""Kernel density: past events smoothed by a Gaussian whose width and memory the panel's past chooses."""

from __future__ import annotations

from typing import Final

import numpy as np

from peelian.domain.contracts import Fitted, ModelSpec
from peelian.domain.panel import Panel
from peelian.domain.time import YEAR_PERIODS
from peelian.models.candidates import widths
from peelian.models.mask_image import MaskImage
from peelian.models.past import check_history, seen_periods
from peelian.models.plain import Maps, MapsAt, Setting, fit_plain
from peelian.models.surroundings import shares_of

SPEC: Final = ModelSpec(
    "kde", "Kernel density", "plain", "2", "Chainey, Tompson and Uhlig 2008", needs_years=1.0
)
_YEARS: Final = (1.0, 2.0, 5.0)


def reader(panel: Panel) -> MapsAt:
    """Prepare a panel: smoothed counts of the last years at any width."""
    counts, seen = panel.target_counts, seen_periods(panel)
    image = MaskImage.of(panel.grid, panel.cells)

    def maps_at(cut: int, setting: Setting) -> Maps:
        used = np.flatnonzero(seen[:cut])
        recent = used[used >= cut - round(setting["years"] * YEAR_PERIODS[panel.every])]
        raw = counts[recent if len(recent) else used[-1:]].sum(axis=0).astype(np.float64)
        return Maps({"neighbours": shares_of(image.bell(raw, setting["width"]))}, raw)

    return maps_at


def widths_for(panel: Panel) -> tuple[float, ...]:
    """List the widths tried, in cells: from a third of the mask's spacing to the events' scale."""
    whole = panel.target_counts[seen_periods(panel)].sum(axis=0, dtype=np.float64)
    image = MaskImage.of(panel.grid, panel.cells)
    if not whole.any():
        return (image.spacing,)
    places = np.stack(panel.grid.column_row(panel.cells)).astype(float)
    middle = (places * whole).sum(axis=1) / whole.sum()
    around = np.sqrt(((places - middle[:, None]) ** 2 * whole).sum(axis=1) / whole.sum())
    return widths(image.spacing, around, float(whole.sum()))


def fit(panel: Panel, *, horizon: int, window: int, seed: int) -> Fitted:
    """Choose width and memory by the likelihood of the panel's own past.

    Raises:
        Refused: when the panel holds less than a year of history.
    """
    check_history(panel, SPEC.id)
    held = len(panel.starts) / YEAR_PERIODS[panel.every]
    years = [y for k, y in enumerate(_YEARS) if k == 0 or _YEARS[k - 1] < held]
    settings = [{"width": width, "years": y} for width in widths_for(panel) for y in years]
    return fit_plain(SPEC, panel, reader, settings, horizon=horizon, window=window, seed=seed)
