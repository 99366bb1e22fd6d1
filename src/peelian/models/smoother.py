"""Spatial smoother: each area's rate pulled to a smooth field of its neighbours' rates, with its doubt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from peelian.domain.contracts import Fitted, ModelSpec
from peelian.domain.grid import Floats
from peelian.domain.panel import Panel
from peelian.models import shrunk_decay
from peelian.models.car.areas import Areas, areas_at, areas_of
from peelian.models.car.field import Counts, Field, field_at, fit_field
from peelian.models.car.within import fit_trust, share_within
from peelian.models.memory import decayed
from peelian.models.past import check_history, gap_of, seen_periods
from peelian.models.plain import Maps, MapsAt, Setting, fit_plain
from peelian.models.surroundings import shares_of

SPEC: Final = ModelSpec(
    "smoother", "Spatial smoother (conditional autoregression)", "model", "1",
    "Besag, York and Mollie 1991; the gamma of each place: Clayton and Kaldor 1987", needs_years=1.0,
)  # fmt: skip
_SEED: Final = 20_251
"""Seeds the draws of the field's doubt; the forecast's mean has no draw in it."""


@dataclass(frozen=True, eq=False)
class AreaRates:
    """Rates of areas (A,) of `size` cells: the share of the whole expected in each, and its log's sd."""

    areas: Areas
    share: Floats
    sd: Floats
    field: Field


def area_rates(panel: Panel, level: str | None = None, *, seed: int = _SEED) -> AreaRates:
    """Smooth all the seen counts of a panel over its areas, or over one level of larger places.

    For small areas and their intervals: a rate lies within exp(1.96 sd) of its posterior mean, either way,
    with about 95 % probability.

    Raises:
        KeyError: when the panel holds no such level.
    """
    areas = areas_of(panel) if level is None else areas_at(panel, level)
    count = panel.target_counts[seen_periods(panel)].sum(axis=0, dtype=np.float64)
    field = fit_field(Counts.over(areas, count))
    return AreaRates(areas, shares_of(field.rate() * areas.size), field.sd(areas, seed), field)


def remembered(panel: Panel, cut: int, half_life: float) -> Floats:
    """Give each cell's decayed count before a cut, (C,)."""
    state, _ = decayed(panel.target_counts, seen_periods(panel), [half_life], [cut])
    out: Floats = state[0, 0].astype(np.float64)
    return out


def reader(panel: Panel) -> MapsAt:
    """Prepare a panel: the field at each cut, and the cells' shares of it."""
    areas = areas_of(panel)

    def maps_at(cut: int, setting: Setting) -> Maps:
        count = remembered(panel, cut, setting["half_life"])
        field = field_at(Counts.over(areas, count), setting["tau"], setting["shape"])
        doubt = field.doubt(areas, _SEED)[areas.of_cell]
        lent, rate = field.lent()[areas.of_cell], (field.rate() * areas.size)[areas.of_cell]
        if areas.whole:
            own = np.maximum(rate - lent, 0.0)
        else:
            own = rate * share_within(areas, count, setting["trust"])
            doubt = doubt + 1.0 / (setting["trust"] + count)
        return Maps({"long-run place": shares_of(own), "neighbours": shares_of(lent)}, 1.0 / doubt)

    return maps_at


def fit(panel: Panel, *, horizon: int, window: int, seed: int) -> Fitted:
    """Choose how smooth the field is by its evidence, then weigh and fit the doubt on the panel's own past.

    The memory is that of the shrunk decayed count.

    Raises:
        Refused: when the panel holds less than a year of history.
    """
    check_history(panel, SPEC.id)
    half_life = shrunk_decay.setting_for(panel, horizon=horizon, window=window)["half_life"]
    areas, count = areas_of(panel), remembered(panel, len(panel.starts) - gap_of(panel), half_life)
    field = fit_field(Counts.over(areas, count))
    trust = 0.0 if areas.whole else fit_trust(areas, count)
    setting = {"half_life": half_life, "tau": field.tau, "shape": field.shape, "trust": trust}
    fitted = fit_plain(SPEC, panel, reader, [setting], horizon=horizon, window=window, seed=seed)
    return replace(fitted, card={**fitted.card, "areas": len(areas.size)})
