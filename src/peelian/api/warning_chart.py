"""A warning's last periods as bars, with what was usual before it and expected since, without script.

What was expected is known for the warning's whole time, not for each period of it: so it is one line across
its bars, at the average, and never a mark on a bar it was not reckoned for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from peelian.api.languages import plain, plural, told
from peelian.domain.warning import Counted

WIDTH: Final = 640
HEIGHT: Final = 180
_FOOT: Final = 24  # for the dates
_HEAD: Final = 18  # for the highest count


@dataclass(frozen=True)
class Bar:
    """One period: a bar from `y` down to the base; none where it was not observed."""

    x: float
    width: float
    y: float | None
    height: float
    since: bool  # within the warning
    start: date
    observed: float | None
    expected: float | None


@dataclass(frozen=True)
class Across:
    """A line over the bars from `start` to `end`, at so many a period."""

    start: float
    end: float
    y: float
    mean: float


@dataclass(frozen=True)
class Chart:
    """All bars and lines, and the words a reader who cannot see them is told."""

    bars: tuple[Bar, ...]
    usual: Across | None  # the average before the warning began
    expected: Across | None  # since then
    highest: float
    base: float
    words: str


def chart_of(counts: Sequence[Counted], since: date, expected: float) -> Chart | None:
    """Lay the periods out, or give None where there are none; `expected` is of all since `since`."""
    known = [one.observed for one in counts if one.observed is not None]
    if not known:
        return None
    before, inside = _seen(counts, since)
    many = sum(one.start >= since for one in counts)
    usual = sum(before) / len(before) if before else None
    whole = many and since >= counts[0].start  # what began before the bars shown has its number over more
    level = expected / many if whole else None
    highest = max(*known, level or 0.0, 1.0)
    base, step = float(HEIGHT - _FOOT), WIDTH / len(counts)

    def at(value: float) -> float:
        return round(base - value / highest * (base - _HEAD), 1)

    bars = tuple(
        Bar(
            round(k * step + step * 0.15, 1), round(step * 0.7, 1),
            None if one.observed is None else at(one.observed),
            0.0 if one.observed is None else round(base - at(one.observed), 1),
            one.start >= since, one.start, one.observed, one.expected,
        )
        for k, one in enumerate(counts)
    )  # fmt: skip
    turn = round((len(counts) - many) * step, 1)
    return Chart(
        bars, None if usual is None else Across(0.0, turn, at(usual), usual),
        None if level is None else Across(turn, float(WIDTH), at(level), level), highest, base,
        _said(len(counts), before, inside, level),
    )  # fmt: skip


def _seen(counts: Sequence[Counted], since: date) -> tuple[list[float], list[float]]:
    """Give what was observed before the warning began, and since."""
    held = [(one.start >= since, one.observed) for one in counts if one.observed is not None]
    return [n for late, n in held if not late], [n for late, n in held if late]


def _mean(counts: Sequence[float]) -> str:
    return f"{sum(counts) / len(counts):,.1f}"


def _said(periods: int, before: Sequence[float], inside: Sequence[float], level: float | None) -> str:
    missing = periods - len(before) - len(inside)
    parts = [plural("Reports by period, {n} period", "Reports by period, {n} periods", periods)]
    if before:
        parts.append(plain("{mean} a period before the warning began", mean=_mean(before)))
    if inside and level is not None:
        parts.append(
            plain("{mean} since, where {n} were expected", mean=_mean(inside), n=f"{level:,.1f}")
        )  # fmt: skip
    if missing:
        parts.append(plain("{n} not published, which is not none", n=missing))
    return told("; ".join(parts) + ".")
