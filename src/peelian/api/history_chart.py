"""A place's recorded counts as bars with the usual band, and the forecast with its range: without script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from peelian.api.languages import later, plain, plural, told
from peelian.api.run_folder import Run
from peelian.api.wording import day, number, span

WIDTH: Final = 720
HEIGHT: Final = 220
MOST: Final = 26
"""Bars shown: about two years of fours of weeks or of months."""
_FOOT: Final = 26
_HEAD: Final = 18
_DAYS: Final = 7  # of a bar where history is by day
_FEWEST: Final = 8  # times that a band needs


@dataclass(frozen=True)
class Bar:
    """Recorded in [start, end): `y` and `height` are None where not all of it was published."""

    x: float
    width: float
    y: float | None
    height: float
    start: str
    days: str
    count: float | None


@dataclass(frozen=True)
class Ahead:
    """The forecast's window: range from `top` to `bottom`, a mark at `middle`, and its words."""

    x: float
    width: float
    top: float
    bottom: float
    middle: float
    words: str


@dataclass(frozen=True)
class Chart:
    """All that is drawn; `usual` is (top, bottom) of the band and `words` say the same to who cannot see."""

    bars: tuple[Bar, ...]
    ahead: Ahead | None
    usual: tuple[float, float] | None
    usual_words: str
    highest: float
    base: float
    every: str
    words: str


def history_chart(run: Run, place: Mapping[str, Any], step: int) -> Chart | None:
    """Lay a place's history out, in bars as long as the forecast's window; None where none is held.

    `place` is what `place_detail` gives. The band holds nine in ten of the times shown, so that one bar can
    be seen against what is usual here; the forecast's range is of the model's own numbers.
    """
    past = [(date.fromisoformat(one["start"]), one["count"]) for one in place["history"]]
    many = _DAYS if run.history_every == "day" else run.window
    held = _summed(past, many)[-MOST:]
    counts = [count for _, count in held if count is not None]
    if not counts:
        return None
    ahead = place["mean"] is not None and str(run.card["every"]) != "shift"
    highest = max([*counts, float(place["q95"] or 0) if ahead else 0.0, 1.0])
    base, wide = float(HEIGHT - _FOOT), WIDTH / (len(held) + (2 if ahead else 0))

    def level(value: float) -> float:
        return round(base - value / highest * (base - _HEAD), 1)

    ends = [start for start, _ in held[1:]] + [_end(run)]
    bars = tuple(
        Bar(
            round(k * wide + wide * 0.12, 1), round(wide * 0.76, 1),
            None if count is None else level(count), 0.0 if count is None else round(base - level(count), 1),
            start.isoformat(), span(start, ends[k]), count,
        )
        for k, (start, count) in enumerate(held)
    )  # fmt: skip
    band = (
        (float(np.quantile(counts, 0.05)), float(np.quantile(counts, 0.95)))
        if len(counts) >= _FEWEST else None
    )  # fmt: skip
    drawn = _ahead(place, (len(held) + 0.5) * wide, wide, level, run.label(step)) if ahead else None
    usual = "" if band is None else _usual(*band)
    return Chart(
        bars, drawn, None if band is None else (level(band[1]), level(band[0])), usual, highest, base,
        _every(run.history_every, many), _said(held, drawn, usual, _every(run.history_every, many)),
    )  # fmt: skip


def _usual(low: float, high: float) -> str:
    said = {"low": f"{low:.0f}", "high": f"{high:.0f}"}
    return plain("Nine in ten of the times shown had {low} to {high}.", **said)


def _summed(past: Sequence[tuple[date, float | None]], many: int) -> list[tuple[date, float | None]]:
    """Add periods up by `many`, the newest whole; None where one was not published."""
    out = []
    for at in range(len(past) - many, -1, -many):
        counts = [count for _, count in past[at : at + many]]
        known = [count for count in counts if count is not None]
        out.append((past[at][0], sum(known) if len(known) == len(counts) else None))
    return out[::-1]


def _end(run: Run) -> date:
    first = run.starts[0]
    return date(first.year, first.month, first.day)


def _ahead(place: Mapping[str, Any], x: float, wide: float, level: Any, when: str) -> Ahead:
    words = plain(
        "{when}: {mean} expected, likely range {low} to {high}", when=when, mean=number(place["mean"]),
        low=place["q05"], high=place["q95"],
    )  # fmt: skip
    return Ahead(
        round(x, 1), round(wide, 1), level(float(place["q95"])), level(float(place["q05"])),
        level(float(place["mean"])), words,
    )  # fmt: skip


def _every(every: str, many: int) -> str:
    one, more = _EACH[every]
    return plain(one) if many == 1 else plain(more, n=many)


_EACH: Final = {
    "day": (later("each day"), later("each {n} days")),
    "week": (later("each week"), later("each {n} weeks")),
    "month": (later("each month"), later("each {n} months")),
}


def _said(held: Sequence[tuple[date, float | None]], ahead: Ahead | None, usual: str, every: str) -> str:
    counts = [count for _, count in held if count is not None]
    missing = len(held) - len(counts)
    least, most, mean = f"{min(counts):g}", f"{max(counts):g}", f"{sum(counts) / len(counts):.1f}"
    parts = [
        plain(
            "Recorded in {every} since {day}: from {least} to {most}, {mean} on average.", every=every,
            day=day(held[0][0]), least=least, most=most, mean=mean,
        )
    ]  # fmt: skip
    if usual:
        parts.append(usual)
    if ahead:
        parts.append(plain("Forecast, {words}.", words=ahead.words))
    if missing:
        parts.append(
            plural(
                "{n} of the times was not all published, which is not none.",
                "{n} of the times were not all published, which is not none.", missing,
            )
        )  # fmt: skip
    return told(" ".join(parts))
