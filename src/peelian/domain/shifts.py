"""A force's own shifts and the hour at which its policing day begins, on the clock of its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from peelian.domain.errors import Misuse

FORM: Final = """day_begins: "07:00"
shifts:
  early: "07:00"
  late: "15:00"
  night: "23:00"
"""
"""The form of a shifts file: each shift runs until the next one begins; the last ends with the day."""
_QUARTER: Final = 15
_SHORTEST: Final = 120  # so that no shift is empty when clocks skip an hour
_DAY: Final = 24 * 60


@dataclass(frozen=True)
class Shifts:
    """Shifts of a policing day: `names` and `begins` in the order of the day, the first one opening it.

    `begins` are times on the clock of `zone`, whole quarters of an hour. Each shift ends when the next one
    begins, the last one when the next policing day does, so the 24 hours are covered once by construction.
    """

    names: tuple[str, ...]
    begins: tuple[time, ...]
    zone: str = "Europe/London"

    def instant(self, day: date, at: time) -> datetime:
        """Give the instant at which a clock of the zone shows a time of a policing day.

        A time before the day's beginning is of the next calendar date. A time that does not exist, when
        clocks go forward, is read as if they had not; one that comes twice is the earlier.
        """
        on = day if at >= self.begins[0] else day + timedelta(days=1)
        zone = ZoneInfo(self.zone)
        # Through UTC: a time skipped by the clock becomes one that it shows.
        return datetime.combine(on, at, zone).astimezone(UTC).astimezone(zone)

    def opens(self, day: date) -> datetime:
        """Give the instant, in UTC, at which a policing day begins."""
        return self.instant(day, self.begins[0]).astimezone(UTC)

    def windows(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """Give each shift's [start, end) of the policing day that begins on a date, as instants.

        The hours add up to the day's: 23 when clocks go forward in it, 25 when they go back.

        >>> early, late, night = shifts_of({"day_begins": "07:00", "shifts": {
        ...     "early": "07:00", "late": "15:00", "night": "23:00"}}).windows(date(2024, 3, 30))
        >>> night[0].isoformat(), night[1].isoformat()
        ('2024-03-30T23:00:00+00:00', '2024-03-31T07:00:00+01:00')
        """
        edges = [self.instant(day, at) for at in self.begins]
        edges.append(self.instant(day + timedelta(days=1), self.begins[0]))
        return tuple(pairwise(edges))

    def to_json(self) -> dict[str, Any]:
        """Give the shifts as the file says them."""
        said = {name: f"{at:%H:%M}" for name, at in zip(self.names, self.begins, strict=True)}
        return {"day_begins": f"{self.begins[0]:%H:%M}", "shifts": said, "zone": self.zone}


def shifts_of(body: object) -> Shifts:
    """Read what a shifts file says (see `FORM`).

    Raises:
        Misuse: a key is missing or unknown, a time is none, two shifts begin together, or none begins with
            the day.
    """
    if not isinstance(body, Mapping) or not set(body) <= {"day_begins", "shifts", "zone"}:
        raise _wrong("the file has other keys than a shifts file")
    named = body.get("shifts")
    if not isinstance(named, Mapping) or not 1 <= len(named) <= 12:
        raise _wrong("`shifts` must name one to twelve shifts, each with the time it begins")
    day = _time(body.get("day_begins"), "day_begins")
    begins = {str(name).strip(): _time(at, str(name)) for name, at in named.items()}
    if any(not 1 <= len(name) <= 40 for name in begins):
        raise _wrong("a shift's name has one to forty letters")
    if len(set(begins.values())) < len(named) or len(begins) < len(named):
        raise _wrong("two shifts begin at one time or share a name, so the day is not covered once")
    if day not in begins.values():
        raise _wrong(f"no shift begins with the policing day at {day:%H:%M}: its first hours have none")
    order = sorted(begins, key=lambda name: (_minutes(begins[name]) - _minutes(day)) % _DAY)
    since = [(_minutes(begins[name]) - _minutes(day)) % _DAY for name in order] + [_DAY]
    if min(b - a for a, b in pairwise(since)) < _SHORTEST:
        raise _wrong("a shift lasts under two hours")
    return Shifts(tuple(order), tuple(begins[name] for name in order), _zone(body.get("zone")))


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _time(value: object, name: str) -> time:
    """Read `07:00`; YAML reads a bare 15:00 as 900 (sixties), and a bare 7 as an hour."""
    minutes = -1
    if isinstance(value, int) and not isinstance(value, bool):
        minutes = value * 60 if value < 24 else value
    elif isinstance(value, str):
        try:
            at = time.fromisoformat(value.strip())
            minutes = _minutes(at) if at.second == 0 else -1
        except ValueError:
            pass
    if not 0 <= minutes < _DAY or minutes % _QUARTER:
        raise _wrong(f"{name} does not begin at a time of day in whole quarters of an hour")
    return time(minutes // 60, minutes % 60)


def _zone(value: object) -> str:
    zone = "Europe/London" if value is None else str(value)
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise _wrong("`zone` is not a time zone") from None
    return zone


def _wrong(what: str) -> Misuse:
    return Misuse(what, expected=f"a file such as\n{FORM}", do="correct the file and import it again")
