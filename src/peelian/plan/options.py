"""Matching prevention options: what fits a place by setting, hours, problem and pattern; who leads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, get_args

from peelian.domain.errors import Misuse
from peelian.domain.intervention import UNKNOWN, Evidence, InterventionKind
from peelian.domain.recorded_only import power_named
from peelian.domain.target import TARGETS
from peelian.plan.catalogue.load import shipped
from peelian.plan.catalogue.words import ANY, HOURS, OUTCOMES, STRENGTHS, Pattern, settings_of

NO_OPTION: Final = "no evidence-matched option"
GENERAL_ONLY: Final = (
    "only a general method fits: no prevention meant for this setting has evidence on this problem"
)
LEADS: Final = {"stable": "problem solving", "fading": "problem solving", "flaring": "visible presence"}
"""What is offered first: a stable place needs its causes looked at, a flaring one somebody there now."""
_PROVEN: Final = ("strong", "moderate", "weak")
_QUICK: Final = {"immediate": 0, "weeks": 1, "months": 2, "unknown": 3}


@dataclass(frozen=True)
class Option:
    """One kind that fits a place: who leads it, why it fits, and what its evidence says of this problem."""

    kind: str
    title: str
    lead_agency: str
    prevention: bool  # a lever other than police presence
    onset: str
    strength: str
    finding: str
    reason: str
    specific: bool  # meant for this setting, not for any place


@dataclass(frozen=True)
class Offer:
    """What a place is offered, best first, and what fits it but has no evidence for this problem.

    `statement` is empty when at least one of `options` is prevention, else `no evidence-matched option`: that
    counts as a finding and is shown. `note` says when the prevention offered would fit any place whatever.
    """

    options: tuple[Option, ...]
    unproven: tuple[Option, ...]
    statement: str
    note: str = ""

    @property
    def prevention(self) -> Option | None:
        """Give the best prevention option."""
        return next((one for one in self.options if one.prevention), None)

    def to_json(self) -> dict[str, Any]:
        """Give it as plain data."""
        return asdict(self)


def options(
    settings: str | Iterable[str],
    hours: str | Iterable[str],
    target: str,
    pattern: Pattern = "unknown",
    kinds: Sequence[InterventionKind] | None = None,
    most: int = 5,
) -> Offer:
    """Give the kinds that fit a place, ranked, with lead agency and reason; about `most` of them.

    `settings` are words for the place or its sites (see `words.settings_of`; none known: only kinds that
    fit any place), `hours` words of `words.HOURS` (none: not known, all fit). Only kinds with evidence on the
    target are offered (see `evidence_on`); those without stand in `unproven`. Powers of the not-plannable
    list never appear, whatever a file says of them.

    Raises:
        Misuse: an unknown target, pattern or word for hours.
    """
    if target not in TARGETS:
        raise Misuse("an unknown target", expected=", ".join(TARGETS))
    asked = tuple([hours] if isinstance(hours, str) else hours)
    if not set(asked) <= {*HOURS, ANY}:
        raise Misuse("an unknown word for hours", expected=", ".join(HOURS))
    if pattern not in get_args(Pattern):
        raise Misuse("an unknown pattern", expected=", ".join(get_args(Pattern)))
    place = settings_of(settings)
    fitting = (
        _option(kind, place, asked, target, pattern)
        for kind in (shipped() if kinds is None else kinds)
        if _may(kind) and _fits(kind, place, asked, target, pattern)
    )
    ranked = sorted(fitting, key=lambda one: _rank(one, pattern))
    proven = [one for one in ranked if one.strength in _PROVEN]
    chosen = _cut(proven, most)
    statement = "" if any(one.prevention for one in chosen) else NO_OPTION
    specific = any(one.prevention and one.specific for one in proven)
    note = "" if statement or specific else GENERAL_ONLY
    return Offer(tuple(chosen), tuple(one for one in ranked if one.strength not in _PROVEN), statement, note)


def evidence_on(kind: InterventionKind, target: str) -> tuple[str, Evidence | None]:
    """Give the strength of a kind's evidence on a target, and the entry it rests on; `unknown` without any.

    Entries on the target itself go before those on wider outcomes. An entry that found no effect pulls the
    strength down to none; else the strongest counts.
    """
    speaking = [one for one in kind.evidence if target in OUTCOMES[one.outcome] and one.strength != "unknown"]
    if not speaking:
        return "unknown", None
    narrow = min(len(OUTCOMES[one.outcome]) for one in speaking)
    near = [one for one in speaking if len(OUTCOMES[one.outcome]) == narrow]
    nothing = next((one for one in near if one.strength == "none"), None)
    best = nothing or min(near, key=lambda one: STRENGTHS.index(one.strength))
    return best.strength, best


def _may(kind: InterventionKind) -> bool:
    return kind.plannable and power_named(kind.id, kind.title) is None


def _fits(
    kind: InterventionKind, place: Sequence[str], hours: Sequence[str], target: str, pattern: Pattern
) -> bool:
    return (
        (ANY in kind.fits_settings or bool(set(place) & set(kind.fits_settings)))
        and (ANY in kind.fits_targets or target in kind.fits_targets)
        and (ANY in kind.fits_hours or not hours or ANY in hours or bool(set(hours) & set(kind.fits_hours)))
        and (ANY in kind.fits_pattern or pattern in ("quiet", "unknown") or pattern in kind.fits_pattern)
    )


def _option(
    kind: InterventionKind, place: Sequence[str], hours: Sequence[str], target: str, pattern: Pattern
) -> Option:
    strength, entry = evidence_on(kind, target)
    finding = _finding(kind, entry)
    reason = _reason(kind, place, hours, target, pattern)
    near = ANY not in kind.fits_settings and bool(set(place) & set(kind.fits_settings))
    return Option(
        kind.id, kind.title, kind.lead_agency, kind.prevention, kind.onset, strength, finding, reason, near
    )  # fmt: skip


def _finding(kind: InterventionKind, entry: Evidence | None) -> str:
    if entry is None:
        return "no evidence on this was read"
    effect = "no figure was read" if entry.effect == UNKNOWN else entry.effect
    span = "" if entry.low == UNKNOWN else f", interval {entry.low} to {entry.high}"
    more = "; the catalogue has more" if len(kind.evidence) > 1 else ""
    return f"{entry.outcome}: {effect}{span} ({entry.source.split(':')[0]}, {entry.year}{more})"


def _reason(
    kind: InterventionKind, place: Sequence[str], hours: Sequence[str], target: str, pattern: Pattern
) -> str:
    parts = []
    if LEADS.get(pattern) == kind.id:
        parts.append(f"first for a {pattern} place")
    shared = [word for word in place if word in kind.fits_settings]
    parts.append(f"fits {', '.join(shared)}" if shared else "fits any place")
    when = [word for word in hours if word in kind.fits_hours]
    if when:
        parts.append(f"in the {' and '.join(when)}")
    parts.append(f"meant for {target}" if target in kind.fits_targets else "for any problem")
    return "; ".join(parts)


def _rank(one: Option, pattern: Pattern) -> tuple[Any, ...]:
    quick = _QUICK[one.onset] if pattern == "flaring" else 0
    return LEADS.get(pattern) != one.kind, quick, STRENGTHS.index(one.strength), not one.specific, one.kind


def _cut(ranked: Sequence[Option], most: int) -> list[Option]:
    """Keep the best, and the best prevention option even where others outrank it."""
    kept = list(ranked[: max(1, most)])
    if not any(one.prevention for one in kept):
        kept += [one for one in ranked if one.prevention][:1]
    return kept
