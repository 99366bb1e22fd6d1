"""The rhythm of an area: learned from events before a mark, for all origins of the four weeks after it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final

import polars as pl

from peelian.domain.errors import Refused
from peelian.domain.grid import Cells, Grid
from peelian.domain.rhythm import Rhythm
from peelian.domain.shifts import Shifts
from peelian.domain.target import Target
from peelian.domain.time import LONDON
from peelian.features.panel import positions
from peelian.features.rhythm import check_hours, hour_counts
from peelian.features.standing import counts_as, standing_at
from peelian.models.rhythm import learn

YEARS: Final = 4
"""Rhythm is learned from the last years only: what closed long ago keeps no hours."""
_MARK_DAYS: Final = 28
_SEED: Final = 1


class Rhythms:
    """Rhythms by mark, each learned once. The reason is kept where the events' times tell none."""

    def __init__(self) -> None:
        """Start with none learned."""
        self._held: dict[tuple[date, datetime], Rhythm | Refused] = {}

    def at(
        self,
        origin: date,
        as_of: datetime,
        opens: Callable[[date], datetime],
        told: Callable[[datetime], pl.DataFrame],
        where: tuple[Grid, Cells, Target, Shifts | None],
    ) -> Rhythm | Refused:
        """Give the rhythm known at an origin; `told` gives the events standing at an instant.

        Nothing from the mark on, which is at or before the origin, is read.
        """
        mark = date.fromordinal(origin.toordinal() - origin.toordinal() % _MARK_DAYS)
        known = min(as_of, opens(mark))
        if (mark, known) not in self._held:
            rows = told(known)
            try:
                self._held[mark, known] = _learned(rows, opens(mark), known, *where)
            except Refused as error:
                self._held[mark, known] = error
        return self._held[mark, known]


def _learned(
    events: pl.DataFrame,
    before: datetime,
    known: datetime,
    grid: Grid,
    cells: Cells,
    target: Target,
    shifts: Shifts | None,
) -> Rhythm:
    rows = standing_at(events, known, before).filter(counts_as(target))
    rows = rows.filter(pl.col("start") >= before - timedelta(days=round(YEARS * 365.25)))
    hours = hour_counts(rows, positions(rows, grid, cells), shifts.zone if shifts else LONDON.key)
    check_hours(hours)
    begins = shifts.begins[0].hour + shifts.begins[0].minute / 60 if shifts else 0.0
    return learn(hours, len(cells), seed=_SEED, day_begins=begins)
