"""Counts of an area's places by period, for an evaluation: only what was observed, no one's row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from peelian.domain.errors import Refused
from peelian.domain.intervention import Entry
from peelian.domain.panel import Panel
from peelian.domain.target import target_named
from peelian.pipeline.areas import resolve_area
from peelian.pipeline.context import Context
from peelian.pipeline.evaluating.asked import Asked
from peelian.pipeline.panels import END_OF_TIME, load_panels

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Counted:
    """Counts (places, periods), places' names and centres in metres (NaN if unknown), and the periods."""

    title: str
    names: tuple[str, ...]
    xy: Floats
    counts: Floats
    seen: npt.NDArray[np.bool_]
    starts: tuple[date, ...]
    ends: tuple[date, ...]

    def rows(self, places: tuple[str, ...]) -> Whole:
        """Give the rows of named places; unknown names are left out."""
        at = {name: k for k, name in enumerate(self.names)}
        return np.array(sorted({at[p] for p in places if p in at}), np.int64)


def counted(ctx: Context, entry: Entry, asked: Asked) -> Counted:
    """Count the target at the level of the entry's places, as known now.

    Raises:
        Refused: the entry is of its whole area, or its kind of place is not one that events are counted by.
    """
    if not entry.places:
        raise Refused(
            "the intervention was in the whole area: nothing is left to compare with",
            do="say in which places it was done, or compare forces in a study of its own",
        )
    area = resolve_area(ctx, entry.area, END_OF_TIME)
    target = target_named(asked.target)
    panels = load_panels(ctx, area, target, asked.every, END_OF_TIME)
    panel = panels.at(panels.end, as_of=END_OF_TIME)
    names, counts, seen, xy = _at_level(panel, entry.area_kind)
    title = target.title(panel.marks_known, panel.some_left_out)
    ends = (*panel.starts[1:], panel.origin)
    return Counted(title, names, xy, counts, seen, panel.starts, ends)


def _at_level(panel: Panel, level: str) -> tuple[tuple[str, ...], Floats, npt.NDArray[np.bool_], Floats]:
    metres = np.stack(panel.grid.centre(panel.cells), axis=1) * panel.grid.unit_m
    counts, seen = panel.target_counts.T.astype(np.float64), panel.target_observed.T
    if level == "cell":
        return tuple(str(c) for c in panel.cells.tolist()), counts, seen, metres
    for parents in panel.parents:
        if parents.level == level:
            return (parents.codes, *_summed(parents.of_cell, len(parents.codes), counts, seen, metres))
    known = ["cell", *(p.level for p in panel.parents)]
    raise Refused(
        "the entry's kind of place is not one that events are counted by here",
        expected=", ".join(known), do="enter its places as cells, or load the boundaries they belong to",
    )  # fmt: skip


def _summed(
    of: Whole, many: int, counts: Floats, seen: npt.NDArray[np.bool_], metres: Floats
) -> tuple[Floats, npt.NDArray[np.bool_], Floats]:
    """Sum cells to larger places; a place is seen when all its cells are, and lies at their mean."""
    inside = of >= 0
    out, unseen = np.zeros((many, counts.shape[1])), np.zeros((many, counts.shape[1]))
    np.add.at(out, of[inside], counts[inside])
    np.add.at(unseen, of[inside], ~seen[inside])
    cells = np.bincount(of[inside], minlength=many)
    xy = np.zeros((many, 2))
    np.add.at(xy, of[inside], metres[inside])
    xy = np.where(cells[:, None] > 0, xy / np.maximum(cells, 1)[:, None], np.nan)
    return out, (unseen == 0) & (cells > 0)[:, None], xy
