"""How many reports of other incidents lie near by chance: the local intensity of all reports.

A density of place (a fine neighbourhood drawn towards a coarser one, and that towards the whole area) times
a profile over the hours of the week (of the coarse neighbourhood, drawn towards the whole area's).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from peelian.link.reports import Floats, Ints

FINE_M: Final = 100.0
COARSE_M: Final = 500.0
DRAW: Final = 5.0
"""Reports that the wider view counts for when a neighbourhood's own are few."""
DRAW_HOURS: Final = 20.0
DRAW_DAY: Final = 20.0
WEEK: Final = 168


def intensity(easting: Floats, northing: Floats, hour: Floats) -> Floats:
    """Give the expected reports per square metre and hour around each report, from all reports given.

    Metres, and hours since 1970 UTC. Every value depends on the whole set: give only what was known.
    """
    n = len(hour)
    if n == 0:
        return np.empty(0)
    weeks = max((hour.max() - hour.min()) / WEEK, 1.0)
    coarse, members = _around(easting, northing, COARSE_M)
    fine, _ = _around(easting, northing, FINE_M)
    area = max(len(np.unique(_cells(easting, northing, COARSE_M))) * COARSE_M**2, 1e6)
    whole = n / area
    wide = _drawn(coarse, (3 * COARSE_M) ** 2, whole)
    near = _drawn(fine, (3 * FINE_M) ** 2, wide)
    return np.asarray(near / weeks * _profile(hour, members) * _day_factor(hour), float)


def _day_factor(hour: Floats) -> Floats:
    """Give how much busier than the mean for its weekday each report's day (noon to noon) was, everywhere."""
    day = np.floor((hour - 12) / 24).astype(np.int64)
    day -= day.min()
    count = np.bincount(day, minlength=int(day.max()) + 1).astype(float)
    usual = np.zeros_like(count)
    for weekday in range(7):
        usual[weekday::7] = count[weekday::7].mean() if len(count[weekday::7]) else 0.0
    return np.asarray(((count + DRAW_DAY) / (usual + DRAW_DAY))[day], float)


def _drawn(count: Floats, area: float, towards: Floats | float) -> Floats:
    """Draw a density towards a wider one as if `DRAW` more reports had been seen at the wider density."""
    return np.asarray((count + DRAW) / (area + DRAW / np.asarray(towards)), float)


def _cells(easting: Floats, northing: Floats, size: float) -> Ints:
    column = np.floor(easting / size).astype(np.int64)
    row = np.floor(northing / size).astype(np.int64)
    return (row + (1 << 20)) * (1 << 22) + column + (1 << 20)


def _around(easting: Floats, northing: Floats, size: float) -> tuple[Floats, tuple[Ints, Ints]]:
    """Count the reports in the 3 x 3 cells around each, and say which occupied cell each lies in."""
    held, at, counts = np.unique(_cells(easting, northing, size), return_inverse=True, return_counts=True)
    total = np.zeros(len(held))
    for up in (-1, 0, 1):
        for right in (-1, 0, 1):
            other = held + up * (1 << 22) + right
            found = np.searchsorted(held, other)
            found[found == len(held)] = 0
            hit = held[found] == other
            total[hit] += counts[found[hit]]
    return total[at], (held, np.asarray(at, np.int64))


def _profile(hour: Floats, members: tuple[Ints, Ints]) -> Floats:
    """Give the share of a week's reports that one hour holds, at each report's place and hour of the week."""
    held, at = members
    slot = np.floor(hour % WEEK).astype(np.int64) % WEEK
    own = np.bincount(at * WEEK + slot, minlength=len(held) * WEEK).reshape(len(held), WEEK).astype(float)
    around = np.zeros_like(own)
    for up in (-1, 0, 1):
        for right in (-1, 0, 1):
            other = held + up * (1 << 22) + right
            found = np.searchsorted(held, other)
            found[found == len(held)] = 0
            hit = held[found] == other
            around[hit] += own[found[hit]]
    smooth = (around + np.roll(around, 1, axis=1) + np.roll(around, -1, axis=1)) / 3
    whole = own.sum(axis=0) + 1 / WEEK
    whole = (whole + np.roll(whole, 1) + np.roll(whole, -1)) / 3
    whole /= whole.sum()
    n = around.sum(axis=1, keepdims=True)
    share = (smooth + DRAW_HOURS * whole) / (n + DRAW_HOURS)
    return np.asarray(share[at, slot], float)
