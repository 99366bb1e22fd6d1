"""Editions: complete deliveries of a part, the newest of which speaks for it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from peelian.domain.errors import Fault
from peelian.domain.time import london_midnight, step


def edition_instant(edition: str) -> datetime:
    """Give when an edition was there: the first instant after its month or day, or the instant it names.

    Raises:
        Fault: when a source names an edition otherwise.

    >>> edition_instant("2023-10").isoformat(), edition_instant("2023-11-05T09:00:00+00:00").isoformat()
    ('2023-11-01T00:00:00+00:00', '2023-11-05T09:00:00+00:00')
    """
    try:
        if len(edition) == 7:
            return london_midnight(step(date.fromisoformat(edition + "-01"), "month", 1))
        if len(edition) == 10:
            return london_midnight(step(date.fromisoformat(edition), "day", 1))
        instant = datetime.fromisoformat(edition)
    except ValueError:
        raise Fault("a source named an edition by neither a month, a day nor an instant") from None
    return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)


def part_days(part: str) -> tuple[date, date] | None:
    """Give the days a part named `YYYY-MM` speaks for: from its first to before the next month's first.

    >>> part_days("2022-12")
    (datetime.date(2022, 12, 1), datetime.date(2023, 1, 1))
    """
    try:
        first = date.fromisoformat(part + "-01")
    except ValueError:
        return None
    return first, step(first, "month", 1)
