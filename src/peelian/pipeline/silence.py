"""Places no feed speaks of: they stay in every file and on the map, with no number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from peelian.domain.area import Area
from peelian.domain.forecast import Forecast
from peelian.domain.negative_binomial import Floats
from peelian.domain.panel import Panel
from peelian.domain.time import YEAR_PERIODS


def unsaid_where_unheld(made: Forecast, panel: Panel) -> Forecast:
    """Give the forecast with NaN in each cell of which no period of the last year was published and known."""
    held = panel.target_observed[-YEAR_PERIODS[panel.every] :].any(axis=0)
    if held.all():
        return made
    contributions = {name: np.where(held, values, np.nan) for name, values in made.contributions.items()}
    mean, dispersion = np.where(held, made.mean, np.nan), np.where(held, made.dispersion, np.nan)
    return replace(made, mean=mean, dispersion=dispersion, contributions=contributions)


def over_whole_area(made: Forecast, area: Area) -> Forecast:
    """Give the forecast over every cell of the area, NaN where the area is silent."""
    if not len(area.silent):
        return made
    at = np.searchsorted(area.cells, made.cells)

    def widen(values: Floats) -> Floats:
        out = np.full((len(values), len(area.cells)), np.nan)
        out[:, at] = values
        return out

    contributions = {name: widen(values) for name, values in made.contributions.items()}
    levels = []
    for one in made.levels:
        of_cell = np.full(len(area.cells), -1, np.int64)
        of_cell[at] = one.parents.of_cell
        levels.append(replace(one, parents=replace(one.parents, of_cell=of_cell)))
    return replace(
        made,
        levels=tuple(levels),
        cells=area.cells,
        mean=widen(made.mean),
        dispersion=widen(made.dispersion),
        contributions=contributions,
    )
