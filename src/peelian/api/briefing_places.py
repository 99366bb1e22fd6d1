"""The places to look at first: forecast beside the plain count, interval bar, trend as arrow and word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from peelian.api.languages import plain
from peelian.api.listing import list_places
from peelian.api.places import PlaceRow
from peelian.api.run_folder import Run
from peelian.api.year_before import beyond

TOP: Final = 10
NOT_KNOWN: Final = "–"
"""In place of an arrow, where a trend cannot be told."""
BAR: Final = 120
"""Width of an interval bar's drawing."""


@dataclass(frozen=True)
class Bar:
    """An interval from `low` to `high` with a mark at the middle, in parts of `BAR`."""

    low: float
    width: float
    mean: float


@dataclass(frozen=True)
class Top:
    """One place of the briefing."""

    row: PlaceRow
    bar: Bar | None
    arrow: str
    trend: str


def top_places(run: Run, step: int, most: int = TOP) -> list[Top]:
    """Give the places with most expected, the highest first; those with nothing held are left out."""
    rows = [one for one in list_places(run, step, limit=most).rows if one.mean is not None]
    longest = max([float(one.q95 or 0) for one in rows] + [1.0])
    return [Top(row, _bar(row, longest), *trend(row)) for row in rows]


def trend(row: PlaceRow) -> tuple[str, str]:
    """Give arrow and word: what is expected, against the count of the same days a year before.

    Level where that count lies in the forecast's likely range: a difference that chance alone would make.
    """
    if row.mean is None or row.q05 is None or row.q95 is None or row.year_before is None:
        return NOT_KNOWN, plain("not known")
    difference = beyond(*(np.array([float(x)]) for x in (row.mean, row.q05, row.q95, row.year_before)))[0]
    if difference == 0:
        return "→", plain("much as a year before")
    if difference > 0:
        return "↑", plain("up on a year before")
    return "↓", plain("down on a year before")


def _bar(row: PlaceRow, longest: float) -> Bar | None:
    if row.q05 is None or row.q95 is None or row.mean is None:
        return None
    unit = BAR / longest
    low, high = row.q05 * unit, row.q95 * unit
    return Bar(round(low, 1), round(max(high - low, 2.0), 1), round(min(row.mean, longest) * unit, 1))
