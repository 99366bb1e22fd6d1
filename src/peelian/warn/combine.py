"""From what all detectors found to few warnings: at most one false one a force and month."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

import numpy as np

from peelian.domain.series import Series
from peelian.domain.time import Every
from peelian.domain.warning import Check, EarlyWarning, Found, Kind
from peelian.warn.checks import checks_of
from peelian.warn.corroborating import corroboration
from peelian.warn.false_discovery import ESCALATION, SHARES, rated
from peelian.warn.merge import Group, continues, groups, half_spacing
from peelian.warn.own_past import Past, against, check_of
from peelian.warn.strength import Strength, last_counts, period_at, places_at, strength_of
from peelian.warn.words import set_off_by, title

A_WEEK: Final = 12 / 52
"""The promise: one false warning a force and month, in warnings a week."""
WEEKS: Final[dict[Every, float]] = {"week": 1.0, "month": 52 / 12, "day": 1 / 7}
_LARGE: Final = frozenset({"lsoa", "block", "msoa"})


@dataclass(frozen=True, eq=False)
class View:
    """What was looked at: series by support, and half the spacing of their places in metres."""

    area: str
    as_of: date
    series: Mapping[str, Series]
    reach: dict[str, float]
    parent: Mapping[str, str]
    past: Mapping[str, Past] | None = None
    beside: Mapping[str, tuple[Series, Found]] = field(default_factory=dict)

    @property
    def larger(self) -> Series | None:
        """Give the series of larger places, None where only squares were looked at."""
        return next((one for name, one in self.series.items() if name in _LARGE), None)


def combine(
    looked: Mapping[str, tuple[Series, Found]], *, area: str, as_of: date, budget: float = A_WEEK,
    shares: Mapping[str, float] = SHARES, previous: Sequence[EarlyWarning] = (),
    parent: Mapping[str, str] | None = None, past: Mapping[str, Past] | None = None,
    beside: Mapping[str, tuple[Series, Found]] | None = None,
) -> tuple[EarlyWarning, ...]:  # fmt: skip
    """Give the warnings that all detectors' findings make together, strongest first.

    `looked` has each detector's findings with the series it looked at; `budget` is how many false warnings a
    week are accepted in the whole area. `previous` are earlier warnings: one that goes on keeps its id and
    start. `parent` gives a square's larger place, by code; without it the nearest centre is taken. `past` is
    what each channel found in the area's own past (own_past.py): no finding is taken for rarer than that.
    `beside` are findings of detectors that raise nothing (corroborating.py): said in a warning, not counted.

    `false_alarms_a_week` of a warning is the expected number of false ones at least as strong in the whole
    area. No warning is raised above the budget, so the false ones stay at or under it on average, whatever
    depends on what, as long as the detectors' chances are right.
    """
    series = {one.support: one for one, _ in looked.values()}
    if not series:
        return ()
    reach = {name: half_spacing(one) for name, one in series.items()}
    view = View(area, as_of, series, reach, parent or {}, past, beside or {})
    weeks = WEEKS.get(next(iter(series.values())).every, 1.0)
    found = groups(against(rated(looked, shares), past or {}), budget * weeks, view.reach)
    return tuple(_kept_id(_warning(one, view, weeks), previous) for one in found)


def _warning(group: Group, view: View, weeks: float) -> EarlyWarning:
    first = group.first.signal
    start = min(r.signal.start for r in group.strong)
    places = group.places
    power = _power(group, start)
    kind: Kind = "escalation" if first.detector == ESCALATION else "repeats" if power.repeats else "rise"
    every = [r.signal for r in (*group.strong, *group.weaker)]
    easting, northing, radius = _circle(group, view)
    one = EarlyWarning(
        "", kind, first.target, title(kind, first.target), view.area, first.support, places, places, easting,
        northing, radius, start, view.as_of, power.observed, power.expected, power.ratio,
        power.ratio_distinct, group.first.p, group.first.rate / weeks, 
        tuple(dict.fromkeys(s.detector for s in every)), set_off_by(every, kind == "repeats"),
        _checks(group, view, start, power.expected),
        counts=last_counts(group.first.series, places), until=group.first.series.end,
        corroboration=corroboration(group, view.beside, view.reach, kind == "repeats"),
    )  # fmt: skip
    if kind == "repeats":
        one = _coarse(one, view)
    return replace(one, id=warning_id(one))


def _checks(group: Group, view: View, start: date, expected: float) -> tuple[Check, ...]:
    first = group.first
    made = checks_of(
        first.series, group.places, period_at(first.series, start), expected,
        view.reach[first.signal.support], view.as_of,
    )  # fmt: skip
    if view.past is None:
        return made
    return (*made, check_of(first, view.past.get(first.channel)))


def _power(group: Group, start: date) -> Strength:
    """Count the target in the warning's places; of an escalation, what its signals counted before it."""
    first = group.first.signal
    if first.detector != ESCALATION:
        return strength_of(group.first.series, first, group.places, start)
    each = {r.signal.places: r.signal for r in group.strong}.values()
    expected = sum(s.expected for s in each)
    return Strength(sum(s.observed for s in each), expected, None, expected, None)


def _circle(group: Group, view: View) -> tuple[float, float, float]:
    """Give the middle of the strongest signal and a radius that holds all places of the warning."""
    first, series = group.first.signal, group.first.series
    at = places_at(series, group.places)
    away = np.hypot(series.easting[at] - first.easting, series.northing[at] - first.northing)
    far = float(away.max()) + view.reach[first.support] if len(at) else 0.0
    if len(group.places) == len(first.places) and first.radius_m:
        far = first.radius_m
    return first.easting, first.northing, far


def _coarse(one: EarlyWarning, view: View) -> EarlyWarning:
    """Give a warning of repeats by its larger place alone: no square, no point, no circle, no patrol."""
    larger, own = view.larger, view.series[one.support]
    counts = np.where(own.observed, own.counts, 0.0)[period_at(own, one.start) :]
    most = one.places[int(np.argmax(counts[:, places_at(own, one.places)].sum(axis=0)))]
    at = int(places_at(own, (most,))[0])
    if own is larger or larger is None:
        places, series = (most,), own
    else:
        near = int(np.argmin(np.hypot(larger.easting - own.easting[at], larger.northing - own.northing[at])))
        places, series = (view.parent.get(most, larger.places[near]),), larger
    at = int(places_at(series, places)[0])
    if series.support == "cell":
        return replace(
            one, places=(), names=(), easting=np.nan, northing=np.nan, radius_m=np.nan, counts=(),
            plannable=False,
        )  # fmt: skip
    return replace(
        one, support=series.support, places=places, names=places, easting=float(series.easting[at]),
        northing=float(series.northing[at]), radius_m=view.reach[series.support],
        counts=last_counts(series, places), plannable=False,
    )  # fmt: skip


def warning_id(one: EarlyWarning) -> str:
    """Give an id that the same signals give again: of area, target, kind, places and start."""
    said = (one.area, one.target, one.kind, one.support, *one.places, one.start.isoformat())
    return hashlib.sha256("|".join(said).encode()).hexdigest()[:16]


def _kept_id(one: EarlyWarning, previous: Sequence[EarlyWarning]) -> EarlyWarning:
    """Give the warning the id of the newest earlier one that it continues."""
    old = max((p for p in previous if continues(one, p)), key=lambda p: (p.as_of, p.id), default=None)
    return one if old is None else replace(one, id=old.id)
