"""When: season, hours of the week, school days, nights and match days, as weights an hour of local time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from peelian.domain.grid import Floats
from peelian.domain.time import step
from peelian.simulate.scenario import Calendar, Scenario
from peelian.simulate.streets import CLASSES

HOURS_A_WEEK = 168
Bumps = tuple[tuple[float, float, float, tuple[int, ...]], ...]


@dataclass(frozen=True, eq=False)
class Clock:
    """The hours of a run, local wall time from midnight of `first` (H hours, a whole number of days)."""

    first: date
    days: tuple[date, ...]
    month: npt.NDArray[np.int64]  # (H,) index of the hour's month
    months: int

    @property
    def hours(self) -> int:
        """Number of hours in the run."""
        return len(self.month)


def build_clock(scenario: Scenario) -> Clock:
    """Lay out the run's days and months."""
    first = scenario.start
    last = step(first, "month", scenario.months)
    days = tuple(first + timedelta(days=k) for k in range((last - first).days))
    month = np.array([(d.year - first.year) * 12 + d.month - first.month for d in days])
    return Clock(first, days, np.repeat(month, 24), scenario.months)


def week_profile(bumps: Bumps) -> Floats:
    """Give a weight for each hour of the week (Monday 00:00 first): Gaussian bumps that wrap round."""
    hour = np.arange(HOURS_A_WEEK) + 0.5
    out = np.full(HOURS_A_WEEK, 1e-3)
    for centre, spread, weight, weekdays in bumps:
        for weekday in weekdays:
            gap = np.abs(hour - (24 * weekday + centre))
            gap = np.minimum(gap, HOURS_A_WEEK - gap)
            out += weight * np.exp(-0.5 * (gap / spread) ** 2)
    return np.asarray(out / out.mean(), np.float64)


def school_day(calendar: Calendar, days: tuple[date, ...]) -> npt.NDArray[np.bool_]:
    """Say of each day whether schools are open."""
    return np.array(
        [
            d.weekday() < 5 and any((a, b) <= (d.month, d.day) <= (c, e) for a, b, c, e in calendar.terms)
            for d in days
        ]
    )


def season(calendar: Calendar, days: tuple[date, ...], strength: float) -> Floats:
    """Give each day's seasonal factor: a cosine of the year, of mean about 1."""
    day = np.array([d.timetuple().tm_yday for d in days], float)
    wave = np.cos(2 * np.pi * (day - calendar.season.peak_day) / 365.25)
    return np.asarray(np.exp(calendar.season.amplitude * strength * wave), np.float64)


def spring_forward(clock: Clock) -> npt.NDArray[np.bool_]:
    """Mark the hours that no London clock shows (01:00 on the last Sunday of March)."""
    out = np.zeros(clock.hours, bool)
    for k, d in enumerate(clock.days):
        if d.month == 3 and d.weekday() == 6 and d.day >= 25:
            out[24 * k + 1] = True
    return out


def hour_weights(scenario: Scenario, clock: Clock) -> Floats:
    """Give the weight of each hour by component and place class, (K, classes, H), of mean near 1 an hour."""
    calendar, days = scenario.calendar, clock.days
    start = 24 * clock.first.weekday()
    of_week = (start + np.arange(clock.hours)) % HOURS_A_WEEK
    open_hours = np.repeat(school_day(calendar, days), 24)
    families = {name: week_profile(bumps)[of_week] for name, bumps in scenario.hours.items()}
    run = families.get("school-run")
    if run is not None:
        families["school-run"] = np.where(open_hours, run, 0.02)
    out = np.empty((len(scenario.components), len(CLASSES), clock.hours))
    for k, part in enumerate(scenario.components.values()):
        yearly = np.repeat(season(calendar, days, part.season), 24)
        for c, name in enumerate(CLASSES):
            mix = part.hours.get(name, part.hours["other"])
            out[k, c] = yearly * sum(share * families[family] for family, share in mix.items())
    _nights(out, scenario, clock)
    _matches(out, scenario, clock)
    out[:, :, spring_forward(clock)] = 0.0
    return out


def _nights(out: Floats, scenario: Scenario, clock: Clock) -> None:
    names = list(scenario.components)
    for night in scenario.calendar.nights:
        which = [names.index(name) for name in night.components]
        for k, d in enumerate(clock.days):
            if (d.month, d.day) == (night.month, night.day):
                out[which, :, 24 * k + 16 : 24 * k + 28] *= night.factor


def _matches(out: Floats, scenario: Scenario, clock: Clock) -> None:
    match = scenario.calendar.match
    ground = CLASSES.index("stadium")
    for k, d in enumerate(clock.days):
        if d.weekday() == match.weekday and d.month in match.months and d.toordinal() % match.every_days < 7:
            out[:, ground, 24 * k + 13 : 24 * k + 20] *= match.factor
