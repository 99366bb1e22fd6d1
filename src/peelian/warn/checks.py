"""Checks of the data behind a warning: could the rise be made by the feed rather than by what happened?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.domain.per_cent import per_cent
from peelian.domain.series import Floats, Points, Series
from peelian.domain.warning import Check
from peelian.warn.strength import places_at

_JUMP: Final = 4.0
"""Robust deviations the whole area may rise by before it is asked whether recording changed."""
_LEAST_JUMP: Final = 0.15  # and by this share at least: a large force's totals hardly vary
_BASE: Final = 12
_COVERED: Final = 0.9
_MOST_AT_ONE: Final = 0.5
_FEWEST: Final = 4.0  # reports below which a pile at one point says nothing
_EDGE: Final = 0.3  # of the spacing: how far the neighbours' middle may lie to one side


@dataclass(frozen=True, eq=False)
class Ground:
    """What a warning speaks of: its series, places and first period (indices), its expected number."""

    series: Series
    at: npt.NDArray[np.int64]
    first: int
    expected: float
    reach: float


def checks_of(
    series: Series, places: Sequence[str], first: int, expected: float, reach: float, as_of: date
) -> tuple[Check, ...]:
    """Give every check that can be made, failed ones first; `reach`: half the spacing of places, metres."""
    ground = Ground(series, places_at(series, places), first, expected, reach)
    made = [_feed(ground), _history(ground), _whole_area(ground), _late(ground, as_of)]
    made += [c for c in (_new_point(ground), _edge(ground)) if c is not None]
    return tuple(sorted(made, key=lambda c: c.passed))


def _feed(g: Ground) -> Check:
    seen = g.series.observed[g.first :][:, g.at]
    gone = int((~seen.all(axis=1)).sum()) if seen.size else len(seen)
    every = g.series.every
    if not gone:
        return Check("feed complete", True, f"every {every} since it began was published for these places")
    return Check("feed complete", False, f"{gone} {every}(s) since it began were not published in full here")


def _history(g: Ground) -> Check:
    seen = g.series.observed[: g.first][:, g.at]
    share = float(seen.mean()) if seen.size else 0.0
    words = f"{per_cent(share)} of earlier {g.series.every}s are held for these places"
    return Check("history held", share >= _COVERED, words)


def _whole_area(g: Ground) -> Check:
    """Look whether the rest of the area jumped too: a change of recording, not a rise of one place."""
    others = np.ones(len(g.series.places), bool)
    others[g.at] = False
    counts = np.where(g.series.observed, g.series.counts, np.nan)[:, others]
    total = np.where(np.isfinite(counts).any(axis=1), np.nansum(counts, axis=1), np.nan)
    last, past = total[-1], total[-1 - _BASE : -1]
    past = past[np.isfinite(past)]
    if len(past) < 4 or not np.isfinite(last):
        return Check("whole area", True, "too little is held of the rest of the area to compare with")
    usual = float(np.median(past))
    spread = max(1.4826 * float(np.median(np.abs(past - usual))), np.sqrt(max(usual, 1.0)))
    step = (last - usual) / max(usual, 1.0)
    jumped = last - usual > _JUMP * spread and step > _LEAST_JUMP
    words = f"{last:,.0f} reports in the rest of the area in the last {g.series.every}, {usual:,.0f} usual"
    return Check("whole area", not jumped, f"{words}: was recording changed?" if jumped else words)


def _late(g: Ground, as_of: date) -> Check:
    days = (as_of - g.series.end).days
    words = f"the last {g.series.every} ended {days} days before; late reports can only add to a rise"
    return Check("late reports", days >= 0, words)


def _new_point(g: Ground) -> Check | None:
    """Look for a geocode pile-up: one point without any report before takes most of the rise."""
    points = g.series.points
    if points is None:
        return None
    days = (g.series.end - g.series.starts[g.first]).days
    inside = np.isin(points.place, g.at)
    now = points.day < days
    here, before = _spots(points, inside & now), _spots(points, inside & ~now)
    if len(here) < _FEWEST:
        return Check("one new point", True, "too few reports have a point of their own to tell")
    spot, many = np.unique(here, axis=0, return_counts=True)
    top = int(np.argmax(many))
    new = not len(before) or not bool((before == spot[top]).all(axis=1).any())
    piled = new and many[top] >= _MOST_AT_ONE * len(here)
    if piled:
        return Check("one new point", False, "most are at one point that never had any: is it a default?")
    return Check("one new point", True, "no point without earlier reports has most of them")


def _spots(points: Points, some: npt.NDArray[np.bool_]) -> Floats:
    return np.column_stack([np.rint(points.easting[some]), np.rint(points.northing[some])])


def _edge(g: Ground) -> Check | None:
    """Say whether the places lie at the area's edge: their neighbours' middle is then to one side."""
    if not len(g.at) or not g.reach or len(g.series.places) < 9:
        return None
    x, y = g.series.easting, g.series.northing
    cx, cy = float(x[g.at].mean()), float(y[g.at].mean())
    span = float(np.hypot(x[g.at] - cx, y[g.at] - cy).max()) + 3.2 * g.reach
    near = np.hypot(x - cx, y - cy) <= span
    off = float(np.hypot(x[near].mean() - cx, y[near].mean() - cy))
    at_edge = off > _EDGE * 2 * g.reach
    words = "at the edge of the area: what lies beyond is not seen" if at_edge else "not at the edge"
    return Check("edge of the area", not at_edge, words)
