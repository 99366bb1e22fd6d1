"""Titles and sentences of warnings: plain, of counts and dates, never of a person or a report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from peelian.domain.target import TARGETS
from peelian.domain.warning import REPEATS_WORDS, Kind, Signal

DETECTOR_WORDS: Final = {
    "farrington": "more than in the same weeks of earlier years",
    "cusum": "more than usual, week after week",
    "ears": "more than in the weeks just before",
    "scan": "more than around it, in one circle",
    "mixture-scan": "more than around it, over the last weeks",
    "exceedance": "more than the forecast allowed for",
    "near-repeat": "many close together in space and time",
    "threshold": "far above the mean of the last year",
}


def title(kind: Kind, target: str) -> str:
    """Say what a warning is of; its place is added where it is known.

    >>> title("rise", "asb")
    'More anti-social behaviour'
    >>> title("escalation", "violence")
    'Signs that violence in public places may follow'
    """
    words = TARGETS[target].words.split(" (")[0] if target in TARGETS else target
    if kind == "repeats":
        return REPEATS_WORDS[:1].upper() + REPEATS_WORDS[1:]
    return f"Signs that {words} may follow" if kind == "escalation" else f"More {words}"


def set_off_by(signals: Sequence[Signal], repeats: bool) -> tuple[str, ...]:
    """Give one sentence a detector, strongest first; of repeats none that could name a smaller place."""
    out: dict[str, str] = {}
    for one in signals:
        out.setdefault(one.detector, counted(one) if repeats or not one.why else one.why)
    return tuple(out.values())


def counted(signal: Signal) -> str:
    """Say a signal in numbers.

    >>> from datetime import date
    >>> since, end = date(2026, 9, 7), date(2026, 9, 28)
    >>> counted(Signal("scan", "asb", "cell", ("1",), since, end, 14, 4.2, 0.01, 0.0, 0.0, 500.0))
    '14 reports since 7 September 2026 where 4.2 were expected: more than around it, in one circle'
    """
    since = f"{signal.start.day} {signal.start:%B %Y}"
    base = f"{signal.observed:,.0f} reports since {since} where {signal.expected:,.1f} were expected"
    words = DETECTOR_WORDS.get(signal.detector)
    return f"{base}: {words}" if words else base
