"""Alarms of detectors and of their combination, week by week, and what they met: a burst, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from peelian.domain.series import Series
from peelian.domain.warning import EarlyWarning, Found, Signal
from peelian.evaluate.warnings_world import Burst

SAME_WEEKS: Final = 8
"""A warning that overlaps one of the eight weeks before is that one going on, as the workspace keeps it."""
WIDEST_M: Final = 1000.0
"""A warning's radius counts up to this: a circle of a whole town finds nothing."""
COMBINED: Final = "combination"


@dataclass(frozen=True)
class Alarm:
    """One alarm at the end of a week: its circle in metres, and its score (smaller is stronger)."""

    who: str
    week: int
    easting: float
    northing: float
    radius_m: float
    score: float

    def overlaps(self, easting: float, northing: float, radius_m: float) -> bool:
        """Say whether its circle meets another."""
        reach = min(self.radius_m, WIDEST_M) + radius_m
        return float(np.hypot(self.easting - easting, self.northing - northing)) <= reach


def alarms_of(who: str, week: int, series: Series, found: Found) -> list[Alarm]:
    """Give a detector's signals as alarms; a place's own half width stands for a radius of none."""
    size = _half_width(series)
    return [_alarm(who, week, signal, size) for signal in found.signals]


def _alarm(who: str, week: int, signal: Signal, size: float) -> Alarm:
    radius = max(signal.radius_m, size)
    return Alarm(who, week, signal.easting, signal.northing, radius, signal.p)


def alarms_of_warnings(week: int, warnings: Iterable[EarlyWarning], who: str = COMBINED) -> list[Alarm]:
    """Give a combination's warnings as alarms; their score is how many false ones are expected a week."""
    return [
        Alarm(who, week, w.easting, w.northing, max(w.radius_m, 125.0), w.false_alarms_a_week)
        for w in warnings
    ]


def _half_width(series: Series) -> float:
    """Give half the usual distance between neighbouring places."""
    from scipy.spatial import cKDTree

    points = np.column_stack([series.easting, series.northing])
    if len(points) < 2:
        return 0.0
    away = np.asarray(cKDTree(points).query(points, k=2)[0])
    return float(np.median(away[:, 1])) / 2


def separate(alarms: Sequence[Alarm], limit: float, since: int = 0) -> list[Alarm]:
    """Give the alarms at or under a score that are new: neither of one week nor going on from another.

    Those before week `since` are not given, but one that goes on from them is not new.
    """
    out: list[Alarm] = []
    last: list[Alarm] = []
    for one in sorted((a for a in alarms if a.score <= limit), key=lambda a: (a.week, a.score)):
        recent = [b for b in last if one.week - b.week <= SAME_WEEKS]
        if not any(one.overlaps(b.easting, b.northing, min(b.radius_m, WIDEST_M)) for b in recent):
            out.append(one)
        last = [*recent, one]
    return [one for one in out if one.week >= since]


def limit_for(runs: Sequence[Sequence[Alarm]], weeks: int, a_week: float, since: int = 0) -> float:
    """Give the score at which null runs of `weeks` counted weeks give `a_week` new alarms a week, at most."""
    scores = np.unique([a.score for run in runs for a in run])
    allowed = a_week * weeks * len(runs)
    low, high = 0, len(scores)  # number of distinct scores that may pass
    while low < high:
        middle = (low + high + 1) // 2
        limit = float(scores[middle - 1])
        many = sum(len(separate(run, limit, since)) for run in runs)
        low, high = (middle, high) if many <= allowed else (low, middle - 1)
    return float(scores[low - 1]) if low else -1.0


def delay(alarms: Sequence[Alarm], burst: Burst, limit: float) -> int | None:
    """Give after how many weeks a burst was found, None where it never was while it lasted."""
    weeks = [
        a.week - burst.start for a in alarms
        if a.score <= limit and burst.start < a.week <= burst.end
        and a.overlaps(burst.easting, burst.northing, burst.radius_m)
    ]  # fmt: skip
    return min(weeks) if weeks else None


def false_alarms(alarms: Sequence[Alarm], bursts: Sequence[Burst], limit: float) -> list[Alarm]:
    """Give the new alarms that meet no burst, nor one that ended in the eight weeks before."""

    def true(one: Alarm) -> bool:
        return any(
            b.start < one.week <= b.end + SAME_WEEKS and one.overlaps(b.easting, b.northing, b.radius_m)
            for b in bursts
        )

    return separate([a for a in alarms if not true(a)], limit)


def by_detector(alarms: Iterable[Alarm]) -> Mapping[str, list[Alarm]]:
    """Sort alarms by who raised them."""
    out: dict[str, list[Alarm]] = {}
    for one in alarms:
        out.setdefault(one.who, []).append(one)
    return out
