"""Plain words for numbers: chances in tens, British dates, doubt said beside what it doubts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
from scipy import special

from peelian.api.languages import language, later, plain, told, written
from peelian.domain.grid import Floats

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
            "twelve")  # fmt: skip
_LOW, _HIGH = 0.05, 0.9


def chance_bounds(mean: Floats, dispersion: Floats) -> tuple[Floats, Floats]:
    """Give the 90 % bounds of the chance of one or more, from the doubt about the rate itself.

    The negative binomial is a Poisson count whose rate is Gamma with shape 1/dispersion and the forecast's
    mean; the bounds are 1 - exp(-rate) at the rate's 5 % and 95 % quantiles. No dispersion, no doubt: both
    equal the chance.
    """
    m, a = np.broadcast_arrays(np.asarray(mean, float), np.maximum(np.asarray(dispersion, float), 0.0))
    known = a > 1e-9
    shape = 1.0 / np.where(known, a, 1.0)
    out = []
    for q in (0.05, 0.95):
        rate = np.where(known, special.gammaincinv(shape, q) * (m / shape), m)
        out.append(np.where(m > 0, -np.expm1(-rate), np.where(np.isfinite(m), 0.0, np.nan)))
    return out[0], out[1]


def chance_words(p: float, low: float, high: float) -> str:
    """Say a chance in tens with its bounds.

    >>> chance_words(0.41, 0.18, 0.62)
    'about 4 in 10, between 2 and 6'
    >>> chance_words(0.02, 0.001, 0.04), chance_words(0.03, 0.0, 0.14)
    ('less than 1 in 20', 'less than 1 in 20, at most about 1 in 10')
    >>> chance_words(0.97, 0.93, 0.99), chance_words(0.93, 0.7, 0.99)
    ('more than 9 in 10', 'more than 9 in 10, at least about 7')
    >>> chance_words(0.4, 0.38, 0.42), chance_words(0.8, 0.6, 0.99)
    ('about 4 in 10', 'about 8 in 10, between 6 and more than 9')
    """
    if not np.isfinite(p):
        return plain("no data held")
    least, most = _tenths(low), _tenths(high)
    if p < _LOW:
        if high < _LOW or most < 1:
            return plain("less than 1 in 20")
        return plain("less than 1 in 20, at most about {most} in 10", most=most)
    if p > _HIGH:
        if least >= 9:
            return plain("more than 9 in 10")
        return plain("more than 9 in 10, at least about {least}", least=least)
    here = max(_tenths(p), 1)
    top = plain("more than 9") if high > 0.95 else str(most)
    bottom = plain("less than 1") if low < _LOW else str(least)
    if bottom == top == str(here):
        return plain("about {here} in 10", here=here)
    return plain("about {here} in 10, between {bottom} and {top}", here=here, bottom=bottom, top=top)


def _tenths(p: float) -> int:
    return int(np.floor(p * 10 + 0.5))


def percent(share: float) -> str:
    """Say a share: whole per cents, one decimal below 1 %, never a bare 0.

    >>> percent(0.034), percent(0.0042), percent(0.00001)
    ('3 %', '0.4 %', 'under 0.1 %')
    """
    if 0 < share < 0.0005:
        return plain("under 0.1 %")
    return f"{share * 100:.1f} %" if share < 0.0095 else f"{share * 100:.0f} %"


def number(value: float) -> str:
    """Say an expected count with two figures that matter.

    >>> number(0.4213), number(12.34), number(1234.5), number(0.0004)
    ('0.42', '12', '1,234', 'under 0.01')
    """
    if not np.isfinite(value):
        return plain("not held")
    if 0 < value < 0.01:
        return plain("under 0.01")
    return f"{value:,.0f}" if value >= 10 else (f"{value:.1f}" if value >= 1 else f"{value:.2f}")


def count(value: float | str) -> str:
    """Give a count as people read it; one that is words already stays as it is.

    >>> count(1234), count(1234.0), count(2.5), count("under 10")
    ('1,234', '1,234', '2.5', 'under 10')
    """
    return value if isinstance(value, str) else f"{value:,.3f}".rstrip("0").rstrip(".")


def points(share: float) -> str:
    """Say a difference of two shares in percentage points, with its sign; none of it is 0.0.

    >>> points(0.0123), points(-0.0123), points(-0.0003)
    ('+1.2', '-1.2', '0.0')
    """
    rounded = round(share * 100, 1)
    return f"{rounded:+.1f}" if rounded else "0.0"


def day(value: date) -> str:
    """Give a British date.

    >>> day(date(2026, 11, 2))
    '2 November 2026'
    """
    return f"{value.day} {value:%B %Y}" if language() == "en" else written(value, "d MMMM y")


def span(start: date, end: date, shift: str = "") -> str:
    """Give the days of a half-open window, last day included; of a shift, its day and hours.

    >>> span(date(2026, 11, 2), date(2026, 11, 30)), span(date(2022, 11, 1), date(2022, 12, 1))
    ('2 to 29 November 2026', 'November 2022')
    >>> span(date(2026, 11, 30), date(2026, 12, 7)), span(date(2026, 12, 28), date(2027, 1, 4))
    ('30 November to 6 December 2026', '28 December 2026 to 3 January 2027')
    >>> span(datetime(2026, 11, 6, 23), datetime(2026, 11, 7, 7), "night shift")
    'Friday 6 November 2026, night shift, 23:00 to 07:00'
    """
    if isinstance(start, datetime):
        named = f"{shift}, " if shift else ""
        hours = plain("{first} to {last}", first=f"{start:%H:%M}", last=f"{end:%H:%M}")
        return told(f"{written(start, 'EEEE')} {day(start)}, {named}{hours}")
    last = end - timedelta(days=1)
    if last <= start:
        return day(start)
    if (start.year, start.month) == (last.year, last.month):
        if start.day == 1 and end.day == 1:
            return written(start, "MMMM y")
        return plain("{first} to {last}", first=start.day, last=day(last))
    first = written(start, "d MMMM") if start.year == last.year else day(start)
    return plain("{first} to {last}", first=first, last=day(last))


def next_periods(every: str, n: int) -> str:
    """Say how far ahead.

    >>> next_periods("week", 4), next_periods("month", 1)
    ('the next four weeks', 'the next month')
    """
    one, many = _NEXT[every]
    if n == 1:
        return plain(one)
    figures = n >= len(_NUMBERS) or language() != "en"  # a Welsh number in words hangs on its noun
    return plain(many, n=n if figures else _NUMBERS[n])


_NEXT: Final = {
    "shift": (later("the next shift"), later("the next {n} shifts")),
    "day": (later("the next day"), later("the next {n} days")),
    "week": (later("the next week"), later("the next {n} weeks")),
    "month": (later("the next month"), later("the next {n} months")),
}
CERTAINTY_LABELS: Final = (
    later("hardly known"), later("very doubtful"), later("doubtful"), later("rather doubtful"),
    later("rather sure"), later("fairly sure"), later("sure"), later("very sure"),
)  # fmt: skip


def sure(level: int) -> str:
    """Say how sure a certainty of 0 to 7 is."""
    return plain(CERTAINTY_LABELS[level])
