"""Series for the detectors, cut from a panel: counts by place and period, with what is known besides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from peelian.domain.errors import Refused
from peelian.domain.panel import Panel
from peelian.domain.series import Series
from peelian.domain.time import Every, floor_period, london_midnight, step
from peelian.pipeline.panels import Panels
from peelian.pipeline.warning.places import Places, cell_places, larger_places
from peelian.pipeline.warning.rows import Rows, distinct_counts, lesser_counts, points_of, rows_of
from peelian.warn.escalation_drivers import LESSER

LEAST_PERIODS: Final[dict[Every, int]] = {"month": 6, "week": 13, "day": 91}


@dataclass(frozen=True, eq=False)
class Watched:
    """What is watched at a time: the panel up to the last period known, and its series by support."""

    panels: Panels
    panel: Panel
    larger: Series
    cells: Series
    places: Places

    @property
    def all(self) -> tuple[Series, ...]:
        """Both series, larger places first."""
        return self.larger, self.cells


def watched(panels: Panels, as_of: date, for_evaluation: bool = False) -> Watched:
    """Cut the series known at the first instant of `as_of`; the last period that was published is judged.

    Raises:
        Refused: nothing was published by then, the history is too short, or the target is one of public
            places and the source cannot separate homes (unless `for_evaluation`).
    """
    panel = last_known(panels, as_of)
    refuse_unmarked(panels, panel, for_evaluation)
    rows = rows_of(panels, panel)
    distinct, lesser = distinct_counts(rows, panels, panel), lesser_counts(panels, panel)
    larger, cells = larger_places(panel), cell_places(panel)
    return Watched(
        panels, panel, _series(panels, panel, rows, larger, distinct, lesser),
        _series(panels, panel, rows, cells, distinct, lesser), larger,
    )  # fmt: skip


def last_known(panels: Panels, as_of: date) -> Panel:
    """Give the panel up to the end of the last period that was published by `as_of`.

    Raises:
        Refused: no period was, or fewer than the detectors need.
    """
    every, known = panels.every, london_midnight(as_of)
    origin = floor_period(as_of, every)
    if origin <= panels.first:
        raise Refused(f"nothing was held before {as_of}", do="choose a later --as-of, or ingest more")
    panel = panels.at(origin, as_of=known)
    seen = np.flatnonzero(panel.target_observed.any(axis=1))
    if not len(seen):
        raise Refused(f"no {every} of {panels.target.name} had been published by {as_of}", do="ingest it")
    last = int(seen[-1]) + 1
    if len(seen) < LEAST_PERIODS[every]:
        raise Refused(
            f"only {len(seen)} {every}s of {panels.target.name} were known at {as_of}",
            expected=f"at least {LEAST_PERIODS[every]}", do="ingest more history, or choose a later --as-of",
        )  # fmt: skip
    if last == len(panel.starts):
        return panel
    return panels.at(step(panel.starts[0], every, last), as_of=known)


def refuse_unmarked(panels: Panels, panel: Panel, for_evaluation: bool) -> None:
    """Refuse warnings of a public-place target where the source does not separate homes.

    Raises:
        Refused: saying why, and what is warned about instead.
    """
    if not panels.target.public_only or panel.marks_known or for_evaluation:
        return
    raise Refused(
        f"warnings of {panels.target.name} are off here: the source does not say which events were in homes, "
        "domestic or sexual, and those are never shown for small places",
        expected="a feed that marks setting, domestic and sexual (police_crime, for one)",
        do="ingest one, or use --target asb",
    )


def _series(
    panels: Panels, panel: Panel, rows: Rows, places: Places, distinct: np.ndarray | None,
    lesser: np.ndarray | None,
) -> Series:  # fmt: skip
    points = None if panel.every == "month" else points_of(rows, panels, panel, places.of_cell)
    drivers = tuple(
        (name, places.sum(panel.counts[k]))
        for k, name in enumerate(panel.types)
        if k and name != panel.target
    )
    if lesser is not None:
        drivers += ((LESSER.name, places.sum(lesser)),)
    return Series(
        panel.target, panel.every, places.support, panel.starts, panel.origin, places.codes, places.easting,
        places.northing, places.sum(panel.target_counts), places.all(panel.target_observed),
        None if distinct is None else places.sum(distinct), None, points, drivers,
    )  # fmt: skip


def age_days(watch: Watched, as_of: date) -> int:
    """Give how many days ago the period judged ended."""
    return (as_of - (watch.panel.origin - timedelta(days=1))).days
