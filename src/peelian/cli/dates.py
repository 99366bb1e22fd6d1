"""Instants as users type them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from peelian.domain.errors import Misuse
from peelian.domain.time import LONDON


def instant(text: str | None, option: str) -> datetime | None:
    """Read a date or date and time; without a zone it is London time. Gives UTC.

    Raises:
        Misuse: when it is neither.
    """
    if text is None:
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise Misuse(f"--{option} is not a date", expected="YYYY-MM-DD or YYYY-MM-DDTHH:MM") from None
    return (read if read.tzinfo else read.replace(tzinfo=LONDON)).astimezone(UTC)


def day(text: str, option: str) -> date:
    """Read a day.

    Raises:
        Misuse: when it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Misuse(f"--{option} is not a day", expected="YYYY-MM-DD") from None
