"""The rows of a target as they were known: those counted, with their place in the panel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np
import polars as pl

from peelian.domain.grid import Cells, Floats
from peelian.domain.panel import Panel
from peelian.domain.series import Points
from peelian.domain.target import Target
from peelian.features.panel import positions
from peelian.features.spread import count, edges_of, shares
from peelian.features.standing import counts_as, standing_at
from peelian.pipeline.panels import Panels
from peelian.warn.escalation_drivers import DRIVERS, LESSER

FINE_M: Final = 60.0
POINT_DAYS: Final = 365
"""How far back single reports are given: a year, so that the last weeks have something to stand out from."""


@dataclass(frozen=True, eq=False)
class Rows:
    """The target's reports behind a panel: `frame` of N rows, `cell` (N,) index into its cells or -1."""

    frame: pl.DataFrame
    cell: Cells


def rows_of(panels: Panels, panel: Panel) -> Rows:
    """Give the rows the panel's target counted: known at its as-of time, begun before its origin."""
    return _rows(panels, panel, panels.target)


def _rows(panels: Panels, panel: Panel, target: Target) -> Rows:
    known = standing_at(panels.events_known(panel.as_of), panel.as_of, panels.opens(panel.origin))
    counted = known.filter(counts_as(target))
    return Rows(counted, positions(counted, panel.grid, panel.cells))


def lesser_counts(panels: Panels, panel: Panel) -> Floats | None:
    """Count (P, C) the violence that may lead to the target's and holds none of it; None where there is none.

    Where the target's own periods were not observed nothing is said of them: the detectors leave those out.
    """
    if LESSER.name not in DRIVERS.get(panels.target.name, ()):
        return None
    rows = _rows(panels, panel, LESSER)
    if rows.frame.is_empty():
        return None
    edges = edges_of(panel.starts, panel.origin, panels.opens)
    return np.asarray(count(rows.frame, edges, rows.cell, len(panel.cells))[0], np.float64)


def distinct_counts(rows: Rows, panels: Panels, panel: Panel) -> Floats | None:
    """Count (P, C) with all reports at one exact point in one period counted once at most.

    None where most points are coarser than a house and its neighbours (a published map's points stand for
    eight addresses or more): repeats cannot be told there.
    """
    placed = rows.frame.with_columns(cell=pl.Series(rows.cell)).filter(pl.col("cell") >= 0)
    fine = placed["precision_m"].fill_null(0.0).median()
    if placed.is_empty() or (isinstance(fine, float) and fine > FINE_M):
        return None
    edges = edges_of(panel.starts, panel.origin, panels.opens)
    event, period, share = _shares(placed, edges)
    told = placed[event.tolist()].select("cell", "easting", "northing").with_columns(
        period=pl.Series(period), weight=pl.Series(share * placed["n"].to_numpy()[event]),
    )  # fmt: skip
    points = told.group_by("cell", "period", "easting", "northing").agg(pl.col("weight").sum().clip(0, 1))
    flat = points["period"].to_numpy() * len(panel.cells) + points["cell"].to_numpy()
    size = len(panel.starts) * len(panel.cells)
    counted = np.bincount(flat, points["weight"].to_numpy(), size).astype(np.float64)
    return counted.reshape(len(panel.starts), len(panel.cells))


def points_of(rows: Rows, panels: Panels, panel: Panel, place: Cells) -> Points:
    """Give the single reports of the last year that may be shown; `place` (C,) each cell's place or -1.

    Homes, domestic and sexual events are never among them, whatever the target.
    """
    shown = (pl.col("setting") != "dwelling") & (pl.col("domestic") != "yes") & (pl.col("sexual") != "yes")
    frame = rows.frame.with_columns(cell=pl.Series(rows.cell))
    frame = frame.filter(shown.fill_null(True) & pl.col("easting").is_not_null())
    days = min(POINT_DAYS, (panel.origin - panel.starts[0]).days)
    first = panel.origin - timedelta(days=days)
    edges = edges_of([first + timedelta(days=k) for k in range(days)], panel.origin, panels.opens)
    event, day, share = _shares(frame, edges)
    order = np.argsort(day, kind="stable")
    event, day, share = event[order], day[order], share[order]
    cell = frame["cell"].to_numpy()[event]
    metre = panel.grid.unit_m
    return Points(
        frame["easting"].to_numpy()[event] * metre, frame["northing"].to_numpy()[event] * metre,
        (days - 1 - day).astype(np.int64), np.where(cell >= 0, place[np.maximum(cell, 0)], -1),
        share * frame["n"].to_numpy()[event],
    )  # fmt: skip


def _shares(frame: pl.DataFrame, edges: Cells) -> tuple[Cells, Cells, Floats]:
    start = frame["start"].to_physical().to_numpy()
    end = frame["end"].fill_null(frame["start"]).to_physical().to_numpy()
    return shares(start, end, edges)
