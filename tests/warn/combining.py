"""Small series and findings made by hand, for tests of how signals become warnings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from peelian.domain.series import Floats, Points, Series
from peelian.domain.time import period_starts, step
from peelian.domain.warning import Found, Signal

FIRST = date(2024, 1, 1)
SIDE = 10
SPACING = 500.0


def quiet(weeks: int = 60, level: float = 4.0, support: str = "lsoa", spacing: float = SPACING) -> Series:
    """Give ten by ten places with the same count every week, each report at a point of its own."""
    at = (np.arange(SIDE) + 0.5) * spacing
    counts = np.full((weeks, SIDE**2), level)
    return Series(
        "asb", "week", support, tuple(period_starts(FIRST, weeks, "week")), step(FIRST, "week", weeks),
        tuple(f"{support[0]}{k:03d}" for k in range(SIDE**2)), np.tile(at, SIDE), np.repeat(at, SIDE), counts,
        np.ones(counts.shape, bool), counts.copy(),
    )  # fmt: skip


def risen(series: Series, places: Sequence[int], weeks: int, to: float, distinct: float) -> Series:
    """Give the series with other counts in some places in its last weeks."""
    counts, once = series.counts.copy(), np.array(series.distinct)
    counts[-weeks:, list(places)] = to
    once[-weeks:, list(places)] = distinct
    return replace(series, counts=counts, distinct=once)


def spotted(series: Series, place: int, here: Sequence[int], spread: Sequence[int]) -> Series:
    """Give the series with points: `here` at one spot of a place each week, `spread` each at its own."""
    east, north, day = [], [], []
    x, y = series.easting[place], series.northing[place]
    for k, (many, others) in enumerate(zip(here, spread, strict=True)):
        ago = (len(here) - 1 - k) * 7 + 3
        east += [x] * many + [x + 5.0 * (j + 1) for j in range(others)]
        north += [y] * many + [y + 7.0 * k] * others
        day += [ago] * (many + others)
    n = len(day)
    points = Points(
        np.array(east), np.array(north), np.array(day), np.full(n, place), np.ones(n)
    )  # fmt: skip
    return replace(series, points=points)


def signal(series: Series, places: Sequence[int], *, p: float = 1e-9, weeks: int = 1, **parts: Any) -> Signal:
    """Give a signal of some places over the last weeks, its numbers from the series."""
    counts = series.counts[-weeks:, list(places)]
    made = Signal(
        "farrington", series.target, series.support, tuple(series.places[k] for k in places),
        series.starts[-weeks], series.end, float(counts.sum()), 4.0 * counts.size, p,
        float(series.easting[places[0]]), float(series.northing[places[0]]), 0.0,
    )  # fmt: skip
    return replace(made, **parts)


def found(series: Series, *signals: Signal) -> Found:
    """Give findings that hold these signals, every other place calm."""
    p: Floats = np.full(len(series.places), 0.5)
    for one in signals:
        if not one.adjusted:
            for code in one.places:
                p[series.places.index(code)] = one.p
    return Found(p, signals)
