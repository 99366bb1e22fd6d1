"""Overlapping signals become one: around the strongest, each joins the first that it meets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from peelian.domain.series import Series
from peelian.domain.warning import EarlyWarning, Signal
from peelian.warn.false_discovery import ESCALATION, Rated

_TOUCHING: Final = 1.05  # squares side by side touch, whatever rounding says


@dataclass(eq=False)
class Group:
    """Signals of one rise: the strongest, those that overlap it (`joined`), and `weaker` ones only named."""

    first: Rated
    joined: list[Rated] = field(default_factory=list)
    weaker: list[Rated] = field(default_factory=list)

    @property
    def strong(self) -> list[Rated]:
        """Give the signals within the budget, strongest first."""
        return [self.first, *self.joined]

    @property
    def places(self) -> tuple[str, ...]:
        """Give the places of all strong signals of the strongest one's support, in order of code."""
        mine = (r.signal.places for r in self.strong if r.signal.support == self.first.signal.support)
        return tuple(sorted({code for places in mine for code in places}))


def groups(rated: Sequence[Rated], limit: float, reach: dict[str, float]) -> list[Group]:
    """Group signals sorted strongest first; those over the `limit` never start or widen a group.

    `reach` is half the spacing of places in metres by support. A signal must overlap the group's strongest
    one, not a chain of others: a whole town must not become one warning.
    """
    out: list[Group] = []
    for one in rated:
        home = next((g for g in out if overlap(g.first.signal, one.signal, reach)), None)
        if home is not None and (one.rate > limit or not alike(home.first.signal, one.signal)):
            home.weaker.append(one)
        elif one.rate > limit:
            continue
        elif home is None:
            out.append(Group(one))
        else:
            home.joined.append(one)
    return out


def alike(a: Signal, b: Signal) -> bool:
    """Say whether both count the same: an escalation counts what comes before, all others the target."""
    return (a.detector == ESCALATION) == (b.detector == ESCALATION)


def overlap(a: Signal, b: Signal, reach: dict[str, float]) -> bool:
    """Say whether two signals share weeks, and a place or (over supports, or as circles) ground."""
    if a.start >= b.end or b.start >= a.end:
        return False
    if a.support == b.support and set(a.places) & set(b.places):
        return True
    far = max(a.radius_m, reach.get(a.support, 0.0)) + max(b.radius_m, reach.get(b.support, 0.0))
    return float(np.hypot(a.easting - b.easting, a.northing - b.northing)) <= far * _TOUCHING


def continues(new: EarlyWarning, old: EarlyWarning) -> bool:
    """Say whether a warning is an earlier one going on: same kind of thing, same ground, no week between.

    Weeks are unbroken when the new one's begin no later than the old one's ended. Ground is shared by a place
    of one support, or by circles of which one holds the other's centre.
    """
    if (new.area, new.target, new.kind) != (old.area, old.target, old.kind):
        return False
    if not old.as_of <= new.as_of or new.start > old.as_of:
        return False
    if new.support == old.support and set(new.places) & set(old.places):
        return True
    away = float(np.hypot(new.easting - old.easting, new.northing - old.northing))
    return away <= max(new.radius_m, old.radius_m)


def half_spacing(series: Series) -> float:
    """Give half the usual distance between neighbouring places, metres; 0 of a single place."""
    if len(series.places) < 2:
        return 0.0
    from scipy.spatial import cKDTree  # late: scipy costs a second

    points = np.column_stack([series.easting, series.northing])
    away = np.asarray(cKDTree(points).query(points, k=2)[0])
    return float(np.median(away[:, 1])) / 2
