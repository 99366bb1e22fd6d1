"""Today's places for a phone: the highest of a window, with what a person on foot needs and no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import numpy as np

from peelian.api.briefing_places import trend
from peelian.api.languages import plain
from peelian.api.listing import list_places
from peelian.api.places import PlaceRow
from peelian.api.run_folder import Run
from peelian.domain.time import LONDON

MOST: Final = 20
HOURS: Final = 12
"""How long the list is kept on the phone: a shift and its margins."""


@dataclass(frozen=True)
class Stop:
    """One place: its row, where a map app is pointed to (a `geo:` address), and its trend."""

    row: PlaceRow
    directions: str
    arrow: str
    trend: str


@dataclass(frozen=True)
class Today:
    """The places of a window and how they are ordered: by harm where the run weighs it, else by number."""

    run: Run
    step: int
    when: str
    order: str
    current: bool
    stops: tuple[Stop, ...]


def places_today(run: Run, step: int, moment: datetime) -> Today:
    """Give the window's highest places; `current` is False where the window is not now.

    Raises:
        Misuse: the run has no such step.
    """
    by_harm = run.harm is not None and bool(np.isfinite(run.harm[step]).any())
    rows = list_places(run, step, limit=MOST, sort="harm" if by_harm else "mean").rows
    stops = tuple(
        Stop(row, f"geo:{row.lat:.5f},{row.lon:.5f}", *trend(row)) for row in rows if row.mean is not None
    )
    order = plain("most harm expected first") if by_harm else plain("most expected first")
    return Today(run, step, run.label(step), order, _holds(run, step, moment), stops)


def step_now(run: Run, moment: datetime) -> int:
    """Give the first window that holds the moment; the first of all where none does."""
    return next((k for k in range(run.steps) if _holds(run, k, moment)), 0)


def _holds(run: Run, step: int, moment: datetime) -> bool:
    return _instant(run.starts[step]) <= moment < _instant(run.ends[step])


def _instant(value: date) -> datetime:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=LONDON)
    return datetime(value.year, value.month, value.day, tzinfo=LONDON)
