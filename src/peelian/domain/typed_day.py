"""A day as people type it here: 29/11/2026, 29 November 2026, or 2026-11-29 as browsers and files send it."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from peelian.domain.errors import Misuse

MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
EXPECTED: Final = "day, month and year: 29/11/2026 or 29 November 2026"
_FIGURES: Final = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})", re.ASCII)
_WORDS: Final = re.compile(
    r"(?:([a-z]{3,9}),? )?(\d{1,2})(?:st|nd|rd|th)? ([a-z]{3,9})[.,]? (\d{4})", re.ASCII
)
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)


def typed_day(text: str, name: str = "day") -> date:
    """Read a day: the day before the month, the year with four figures; a weekday may stand in front.

    Nothing is guessed: a year of two figures, a month before its day (11/29/2026) and a weekday that is
    another day's are refused.

    >>> {typed_day(said) for said in ("2026-11-29", " 29/11/2026", "29.11.2026", "Sunday 29th Nov 2026")}
    {datetime.date(2026, 11, 29)}

    Raises:
        Misuse: it is none; `name` says which of several is meant.
    """
    said = " ".join(text.lower().split())
    if not said:
        raise Misuse(f"the {name} is missing", expected=EXPECTED)
    try:
        if found := _ISO.fullmatch(said):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _FIGURES.fullmatch(said):
            return date(int(found[3]), int(found[2]), int(found[1]))
        if found := _WORDS.fullmatch(said):
            day = date(int(found[4]), _named(found[3], MONTHS) + 1, int(found[2]))
            if not found[1] or _named(found[1], WEEKDAYS) == day.weekday():
                return day
    except ValueError:
        pass
    raise Misuse(f"the {name} is not a day", expected=EXPECTED) from None


def _named(word: str, names: tuple[str, ...]) -> int:
    """Give which of the names a word is or begins: "nov" and "sept" are common."""
    fits = [k for k, name in enumerate(names) if name.startswith(word)]
    if len(fits) != 1:
        raise ValueError(word)
    return fits[0]
