"""Time words: periods, origins, horizons. Europe/London decides days, weeks and months; UTC is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from peelian.domain.errors import Misuse

Every = Literal["month", "week", "day", "shift"]
"""A panel's periods are months, weeks or days; a forecast's may be the force's shifts too."""
EVERY: Final[tuple[Every, ...]] = ("month", "week", "day")
LONDON: Final = ZoneInfo("Europe/London")
YEAR_PERIODS: Final[dict[Every, int]] = {"month": 12, "week": 52, "day": 365}


def parse_date(text: str, *, name: str = "date") -> date:
    """Read `YYYY-MM-DD` or `YYYY-MM` (its first day).

    Raises:
        Misuse: when the text is neither.

    >>> parse_date("2022-11"), parse_date("2022-11-07")
    (datetime.date(2022, 11, 1), datetime.date(2022, 11, 7))
    """
    try:
        return date.fromisoformat(text if len(text) > 7 else f"{text}-01")
    except ValueError:
        raise Misuse(f"--{name} is not a date", expected="YYYY-MM-DD or YYYY-MM") from None


def london_midnight(day: date) -> datetime:
    """Give the instant, in UTC, at which a London day begins.

    >>> london_midnight(date(2022, 7, 1)).isoformat()
    '2022-06-30T23:00:00+00:00'
    """
    return datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)


def floor_period(day: date, every: Every) -> date:
    """Give the first day of the period that holds `day` (weeks start on Monday)."""
    if every == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if every == "week" else day


def step(day: date, every: Every, n: int) -> date:
    """Move `n` periods from a period's first day.

    >>> step(date(2022, 1, 1), "month", -2), step(date(2022, 1, 3), "week", 1)
    (datetime.date(2021, 11, 1), datetime.date(2022, 1, 10))
    """
    if every == "month":
        index = day.year * 12 + day.month - 1 + n
        return date(index // 12, index % 12 + 1, 1)
    return day + timedelta(days=n * (7 if every == "week" else 1))


def periods_between(first: date, last: date, every: Every) -> int:
    """Count whole periods from one period start to another."""
    if every == "month":
        return (last.year - first.year) * 12 + last.month - first.month
    return (last - first).days // (7 if every == "week" else 1)


def period_starts(first: date, n: int, every: Every) -> list[date]:
    """List `n` consecutive period starts from `first`."""
    return [step(first, every, k) for k in range(n)]


def check_origin(origin: date, every: Every) -> date:
    """Return the origin when it is a period's first day.

    Raises:
        Misuse: naming the nearest period starts.
    """
    low = floor_period(origin, every)
    if low != origin:
        high = step(low, every, 1)
        raise Misuse(
            f"origin {origin} is not the first day of a {every}",
            expected=f"a period start, such as {low} or {high}",
            do=f"weeks start on Monday; use --origin {high}" if every == "week" else f"use --origin {high}",
        )
    return origin
