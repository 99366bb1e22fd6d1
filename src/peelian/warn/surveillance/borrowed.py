"""What a sparse place borrows from the whole area: its season, its trend and its overdispersion."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.domain.series import Floats
from peelian.warn.surveillance.control import Control
from peelian.warn.surveillance.fit import Fitted, Leaning, fit
from peelian.warn.surveillance.reference import Reference

_SEASON_PSEUDO: Final = 30.0
"""Reports that say "no season", added to each level's sum."""
_TREND_SD: Final = 0.15
"""How far a place's yearly log trend is thought to lie from the area's."""
_FEW: Final = 25.0
_OVERDISPERSION_WORTH: Final = 40.0
"""Degrees of freedom that the overdispersion of places as busy is worth."""


def lean_on_area(counts: Floats, seen: npt.NDArray[np.bool_], past: Reference, control: Control) -> Leaning:
    """Give the area's log season and trend as an offset for each period, and a pull of slopes towards it.

    Times of `past` are in years. Each period's total is divided by what the places seen in it usually have,
    so that a hole in some places is no dip of the area.
    """
    held = np.where(seen, counts, 0.0)
    usual = held[past.rows].sum(axis=0) / np.maximum(seen[past.rows].sum(axis=0), 1)
    total, share = held.sum(axis=1), seen @ usual
    scale = max(usual.sum(), 1e-9)
    full = (share > 0.5 * scale) & (scale > 1e-9)
    even = np.where(full, total * scale / np.where(full, share, 1.0), 0.0)
    area = fit(even[:, None], full[:, None], past, replace(control, reweight=True))
    slope = float(area.slope[0]) if np.isfinite(area.slope[0]) else 0.0
    kept = full[past.rows]
    level, growth = past.level[kept], np.exp(slope * past.time[kept])
    sums = np.bincount(level, even[past.rows][kept], past.levels)
    bases = np.bincount(level, growth, past.levels)
    mean = max(sums.sum(), 1e-9) / max(bases.sum(), 1e-9)
    season = (sums + _SEASON_PSEUDO) / (bases * mean + _SEASON_PSEUDO)
    offset = np.zeros(past.judged + 1)
    offset[past.rows] = np.log(season[past.level]) + slope * past.time
    offset[past.judged] = np.log(season[-1])
    return Leaning(offset, slope_ridge=_TREND_SD**-2, pseudo=0.5)


def shared_overdispersion(fitted: Fitted, usual: Floats) -> Floats:
    """Pull each place's overdispersion towards that of places about as busy; never below 1 (Poisson).

    `usual` (A,) is a place's mean count. A Pearson overdispersion of small counts tells little: its
    variance is (2 + 1/mean) / df, so a place's own is worth df * mean / (mean + 1/2). What is above 1 is then
    raised by its standard error: too low a one gives false alarms, too high a one only fewer.
    """
    known = np.isfinite(fitted.overdispersion) & (usual > 0)
    worth = np.where(known, fitted.df * usual / (usual + 0.5), 0.0)
    own = np.where(known, fitted.overdispersion, 1.0)
    # Places with few reports are one group: sorted by what they had, each would show only its own luck.
    least = max(_FEW / max(float(np.median(fitted.df[known])), 1.0), 2.0**-6) if known.any() else 1.0
    group = np.clip(np.round(2 * np.log2(np.maximum(usual, least))), -12, 12).astype(np.int64) + 12
    weight, weighted = np.bincount(group, worth, 25), np.bincount(group, worth * own, 25)
    near = np.convolve(weighted, np.ones(3), "same") / np.maximum(
        np.convolve(weight, np.ones(3), "same"), 1e-9
    )
    pool = np.maximum(near[group], 1.0)
    worth_all = worth + _OVERDISPERSION_WORTH
    shared = np.maximum((worth * own + _OVERDISPERSION_WORTH * pool) / worth_all, 1.0)
    raised: Floats = 1 + (shared - 1) * (1 + np.sqrt(2 / worth_all))
    return raised
