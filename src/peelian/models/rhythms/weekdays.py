"""Weekdays by kind of place: where a day's events fall depends on which day it is."""

from __future__ import annotations

import numpy as np

from peelian.domain.grid import Floats
from peelian.domain.panel import Panel
from peelian.models.past import future


def by_weekday(panel: Panel, share: Floats, horizon: int, window: int) -> Floats:
    """Give each window's map (H, C) from one map of shares (C,); every window's sum stays the map's.

    A cell's share grows on the days on which its kind of place has more of its week than the area. Windows of
    whole weeks change nothing; nor do panels that are not daily, or whose hours are not known.
    """
    if panel.rhythm is None or panel.every != "day" or panel.rhythm.kinds == 1 or window % 7 == 0:
        return np.broadcast_to(share, (horizon, len(share)))
    days = [day.weekday() for day in future(panel, horizon + window - 1)]
    more = panel.rhythm.by_weekday()
    out = np.empty((horizon, len(share)))
    for h in range(horizon):
        moved = share * more[days[h : h + window]].mean(axis=0)
        out[h] = moved * (share.sum() / moved.sum())
    return out
