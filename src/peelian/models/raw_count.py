"""Reading a raw count over the last so many periods, with its surroundings."""

from __future__ import annotations

from typing import Final

import numpy as np

from peelian.domain.panel import Panel
from peelian.models.past import seen_periods
from peelian.models.plain import Maps, MapsAt, Reader, Setting
from peelian.models.surroundings import Surroundings, shares_of

_WIDTHS: Final = (0.7, 1.0, 2.5)
WIDTHS: Final = [{"width": width} for width in _WIDTHS]
"""Widths of the surroundings a raw count may be mixed with, in cells."""


def count_reader(periods: int, reason: str) -> Reader:
    """Give a reader of counts over the last `periods` periods before a cut, told as `reason`.

    Missing periods add nothing. Only the share of each place is used, so a missing month does not make a
    place look quieter. When all of the span is missing, the last seen period stands in.
    """

    def reader(panel: Panel) -> MapsAt:
        counts, seen = panel.target_counts, seen_periods(panel)
        active = np.flatnonzero(counts.any(axis=0))
        around = Surroundings.of(panel.grid, panel.cells, active, _WIDTHS)

        def maps_at(cut: int, setting: Setting) -> Maps:
            used = np.flatnonzero(seen[:cut])
            recent = used[used >= cut - periods]
            chosen = recent if len(recent) else used[-1:]
            raw = counts[chosen].sum(axis=0)
            shares = {reason: shares_of(raw), "neighbours": shares_of(around.smooth(raw, setting["width"]))}
            return Maps(shares, raw.astype(np.float64))

        return maps_at

    return reader
