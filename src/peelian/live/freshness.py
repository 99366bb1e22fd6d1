"""How fresh each feed is by its own declared cadence. Only what is live is called so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

QUIET_AFTER: Final = 3
"""A feed is quiet when it was not heard for this many times its declared cadence."""
LIVE_WITHIN: Final = timedelta(minutes=15)


@dataclass(frozen=True)
class Feed:
    """One feed: declared `cadence`, when it was last heard, the newest time of occurrence it told."""

    name: str
    title: str
    cadence: timedelta
    last_heard: datetime | None
    newest: datetime | None
    live: bool = False  # declared to send within the quarter hour
    cadence_said: str = ""  # in the source's own words

    @property
    def often(self) -> str:
        """Say how often it says it sends."""
        return self.cadence_said or cadence_words(self.cadence)

    def is_live(self) -> bool:
        """Whether it may be called live: declared so, and its cadence allows it."""
        return self.live and self.cadence <= LIVE_WITHIN

    def quiet(self, now: datetime) -> bool:
        """Whether it is later than three times its cadence; a feed never heard is not yet quiet."""
        return self.last_heard is not None and now - self.last_heard > QUIET_AFTER * self.cadence

    def words(self, now: datetime) -> str:
        """Say how fresh it is.

        >>> at = datetime(2026, 3, 24)
        >>> Feed("ed", "hospital", timedelta(days=30), datetime(2026, 3, 1), None).words(at)
        'hospital: monthly, 23 days old'
        """
        age = self.newest if self.last_heard is None else self.last_heard
        if age is None:
            return f"{self.title}: {self.often}, nothing received yet"
        if self.quiet(now) and self.is_live():
            return f"{self.title}: quiet for {span_words(now - age)}"
        return f"{self.title}: {self.often}, {span_words(now - age)} old"

    def as_dict(self, now: datetime) -> dict[str, Any]:
        """Give it as JSON's types."""
        return {
            "name": self.name, "title": self.title, "cadence_minutes": self.cadence // timedelta(minutes=1),
            "cadence": self.often, "live": self.is_live(), "quiet": self.quiet(now),
            "last_heard": said(self.last_heard), "newest": said(self.newest), "words": self.words(now),
        }  # fmt: skip


def said(at: datetime | None) -> str | None:
    """Give an instant as text, to the millisecond."""
    return None if at is None else at.isoformat(timespec="milliseconds")


def cadence_words(cadence: timedelta) -> str:
    """Say how often a feed says it sends.

    >>> cadence_words(timedelta(minutes=5)), cadence_words(timedelta(days=31))
    ('every 5 minutes', 'monthly')
    """
    days = cadence / timedelta(days=1)
    for words, low, high in (
        ("hourly", 1 / 24, 1 / 24), ("daily", 0.9, 1.1), ("weekly", 6.5, 7.5), ("monthly", 27, 32),
        ("quarterly", 85, 95), ("yearly", 360, 370),
    ):  # fmt: skip
        if low <= days <= high:
            return words
    return f"every {span_words(cadence)}"


def span_words(span: timedelta) -> str:
    """Say a span of time in its largest fitting unit.

    >>> span_words(timedelta(seconds=2)), span_words(timedelta(minutes=90)), span_words(timedelta(days=23))
    ('2 seconds', '90 minutes', '23 days')
    """
    seconds = max(round(span.total_seconds()), 0)
    for unit, size, least in (("day", 86400, 2 * 86400), ("hour", 3600, 2 * 3600), ("minute", 60, 120)):
        if seconds >= least:
            n = round(seconds / size)
            return f"{n} {unit}{'' if n == 1 else 's'}"
    return f"{seconds} second{'' if seconds == 1 else 's'}"
