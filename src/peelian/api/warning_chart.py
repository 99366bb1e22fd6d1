"""A warning's last periods as bars beside what was expected, for a drawing without script."""

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
    """One period: a bar from `y` down to the base; `expected_y` of its mark; either may be missing."""

    x: float
    width: float
    y: float | None
    height: float
    expected_y: float | None
    since: bool  # within the warning
    start: date
    observed: float | None
    expected: float | None


@dataclass(frozen=True)
class Chart:
    """All bars, and the words a reader who cannot see them is told."""

    bars: tuple[Bar, ...]
    highest: float
    base: float
    words: str


def chart_of(counts: Sequence[Counted], since: date) -> Chart | None:
    """Lay the periods out, or give None where there are none."""
    known = [n for one in counts for n in (one.observed, one.expected) if n is not None]
    if not known:
        return None
    highest = max(*known, 1.0)
    base = float(HEIGHT - _FOOT)
    step = WIDTH / len(counts)

    def level(value: float) -> float:
        return round(base - value / highest * (base - _HEAD), 1)

    bars = tuple(
        Bar(
            round(k * step + step * 0.15, 1), round(step * 0.7, 1),
            None if one.observed is None else level(one.observed),
            0.0 if one.observed is None else round(base - level(one.observed), 1),
            None if one.expected is None else level(one.expected),
            one.start >= since, one.start, one.observed, one.expected,
        )
        for k, one in enumerate(counts)
    )  # fmt: skip
    return Chart(bars, highest, base, _said(counts, since))


def _mean(counts: Sequence[float]) -> str:
    return f"{sum(counts) / len(counts):.1f}"


def _said(counts: Sequence[Counted], since: date) -> str:
    missing = sum(one.observed is None for one in counts)
    inside = [one.observed for one in counts if one.start >= since and one.observed is not None]
    before = [one.observed for one in counts if one.start < since and one.observed is not None]
    parts = [plural("Reports by period, {n} period", "Reports by period, {n} periods", len(counts))]
    if before:
        parts.append(plain("{mean} a period before the warning began", mean=_mean(before)))
    if inside:
        parts.append(plain("{mean} since", mean=_mean(inside)))
    if missing:
        parts.append(plain("{n} not published, which is not none", n=missing))
    return told("; ".join(parts) + ".")
