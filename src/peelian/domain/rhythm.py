"""The rhythm of an area: in which hours of the week events fall, by kind of place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from peelian.domain.grid import Floats

HOURS: Final = 168
"""Hours of the week: 0 is Monday 00:00 to 01:00 on the clock of the place."""
Whole = npt.NDArray[np.int64]
_STEP: Final = timedelta(minutes=15)


@dataclass(frozen=True, eq=False)
class HourCounts:
    """What events say of their hour, one row an event and hour it may have been in. Shapes (N,).

    `cell` is a position among the panel's cells; `hour` 0 to 167; `weight` adds up to the events' reports
    that inform; `when` orders the events (UTC microseconds). `events` counts all the reports of the target,
    `informed` those whose time is known well enough (`features.rhythm.INFORMS_HOURS`).
    """

    cell: Whole
    hour: Whole
    weight: Floats
    when: Whole
    events: float
    informed: float
    zone: str


@dataclass(frozen=True, eq=False)
class Rhythm:
    """Hour-of-week profiles of K kinds of place, and how far each of C cells belongs to each.

    Shapes: `profiles` (K, 168), rows add up to 1; `belongs` (C, K), rows add up to 1: a cell with little
    history belongs to the kinds as the area's events do, so its profile is the area's; `area` (168,) is the
    whole area's profile and `of_events` (K,) each kind's share of its events. `names` say when each
    kind is busiest, never who is there. `gain` is what kinds gained over one profile on events held out,
    nats an event. `day_begins`: hours from midnight to a day's beginning, as the panel counts days.
    """

    zone: str
    profiles: Floats
    belongs: Floats
    area: Floats
    of_events: Floats
    names: tuple[str, ...]
    events: float
    informed: float
    gain: float = 0.0
    day_begins: float = 0.0

    @property
    def kinds(self) -> int:
        """Count the kinds of place."""
        return len(self.profiles)

    @property
    def of_cell(self) -> Whole:
        """Give each cell's kind, (C,); -1 where its own history does not tell it: its week is the area's.

        Told is what is likelier than halfway from the kind's share of all events to certainty.
        """
        sure = (self.belongs > (1 + self.of_events) / 2).any(axis=1)
        return np.where(sure, self.belongs.argmax(axis=1), -1).astype(np.int64)

    def by_weekday(self) -> Floats:
        """Give how much more of its week each cell's kind has on each weekday than the area, (7, C).

        All ones where there is one kind.
        """
        whole = int(self.day_begins)
        part = self.day_begins - whole

        def daily(profiles: Floats) -> Floats:
            rolled = [np.roll(profiles, -(whole + k), axis=-1).reshape(-1, 7, 24).sum(axis=2) for k in (0, 1)]
            out: Floats = (1 - part) * rolled[0] + part * rolled[1]
            return out

        if self.kinds == 1:
            return np.ones((7, len(self.belongs)))
        out: Floats = (daily(self.profiles).T @ self.belongs.T) / daily(self.area)[0][:, None]
        return out

    def shares(self, windows: tuple[tuple[datetime, datetime], ...]) -> Floats:
        """Share the events of the whole span among consecutive windows, (W, C), columns adding up to 1.

        A window's weight is the profile over the clock hours it holds: an hour that clocks skip weighs
        nothing, one that comes twice weighs twice.
        """
        mass = np.stack([self.profiles @ hours_in(start, end, self.zone) for start, end in windows])
        weights = mass @ self.belongs.T
        out: Floats = weights / weights.sum(axis=0)
        return out


def hours_in(start: datetime, end: datetime, zone: str) -> Floats:
    """Count the hours of [start, end) by hour of the week on a zone's clock, (168,), in quarters."""
    out, clock, at = np.zeros(HOURS), ZoneInfo(zone), start.astimezone(ZoneInfo("UTC"))
    while at < end:
        local = at.astimezone(clock)
        out[local.weekday() * 24 + local.hour] += 0.25
        at += _STEP
    return out
