"""What a kind must hold to before it enters the catalogue: no figure without its sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from peelian.domain.intervention import UNKNOWN, Evidence, InterventionKind
from peelian.domain.recorded_only import power_named
from peelian.domain.target import TARGETS
from peelian.plan.catalogue.words import ANY, HOURS, OUTCOMES, PATTERNS, SETTINGS, STRENGTHS

_ID: Final = re.compile(r"[a-z][a-z0-9]*( [a-z0-9]+){0,5}")
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")
_YEAR: Final = re.compile(r"\b(19|20)\d\d\b")
_ONSET: Final = ("immediate", "weeks", "months", UNKNOWN)
_LONGEST: Final = 1_200


def faults(kind: InterventionKind) -> tuple[str, ...]:
    """Say in words all that is wrong with a kind; nothing when it may enter the catalogue."""
    found = [*_words(kind), *_figures(kind), *_plannable(kind)]
    for k, one in enumerate(kind.evidence, 1):
        found += [f"evidence {k}: {what}" for what in _evidence(one)]
    return tuple(found)


def _words(kind: InterventionKind) -> Iterable[str]:
    if not _ID.fullmatch(kind.id):
        yield "id is not lower-case words with single spaces"
    for name in ("title", "mechanism", "lead_agency", "duration", "cost", "harms"):
        text = getattr(kind, name)
        if not text.strip() or len(text) > _LONGEST:
            yield f"{name} is empty, or longer than {_LONGEST} letters"
    for name, allowed in (
        ("fits_settings", SETTINGS), ("fits_targets", tuple(TARGETS)), ("fits_hours", HOURS),
        ("fits_pattern", PATTERNS),
    ):  # fmt: skip
        said = getattr(kind, name)
        if not said or not set(said) <= {*allowed, ANY}:
            yield f"{name} must name some of {', '.join(allowed)}, or any"
    if kind.onset not in _ONSET:
        yield f"onset must be one of {', '.join(_ONSET)}"


def _figures(kind: InterventionKind) -> Iterable[str]:
    """A figure outside the evidence has no sentence: cost and duration name their year."""
    for name in ("cost", "duration"):
        text = getattr(kind, name)
        if text != UNKNOWN and not _YEAR.search(text):
            yield f"{name} is neither unknown nor said with its source and year"
    for name in ("mechanism", "harms"):
        if _NUMBER.search(getattr(kind, name)):
            yield f"{name} holds a figure: it belongs in an evidence entry, with its sentence"


def _plannable(kind: InterventionKind) -> Iterable[str]:
    power = power_named(kind.id, kind.title)
    if power and (kind.plannable or kind.prevention):
        yield f"{power} is never plannable: plannable and prevention must both be false"
    if kind.prevention and not kind.plannable:
        yield "prevention is true of a kind that may not be planned"


def _evidence(one: Evidence) -> Iterable[str]:
    for name in ("effect", "low", "high", "source", "where", "sentence"):
        if not getattr(one, name).strip():
            yield f"{name} is empty: write unknown where a figure or its interval is not known"
    if one.outcome not in OUTCOMES:
        yield f"outcome must be one of {', '.join(OUTCOMES)}"
    if one.strength not in STRENGTHS:
        yield f"strength must be one of {', '.join(STRENGTHS)}"
    if not 1950 <= one.year <= 2100:
        yield "year is no year of a source"
    known = [side != UNKNOWN for side in (one.low, one.high)]
    if any(known) and (not all(known) or not all(_NUMBER.search(side) for side in (one.low, one.high))):
        yield "an interval has two numbers, or both ends are unknown"
    if any(known) and one.effect == UNKNOWN:
        yield "an interval is given of an effect that is unknown"
    missing = _numbers(f"{one.effect} {one.low} {one.high}") - _numbers(one.sentence)
    if missing:
        yield "a number of the effect or its interval is not in the sentence it was read in"


def _numbers(text: str) -> set[float]:
    return {float(one) for one in _NUMBER.findall(text.replace(",", ""))}
