"""The catalogue as plain data and as lines: what is plannable and what is only ever recorded stand apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from peelian.domain.intervention import UNKNOWN, InterventionKind
from peelian.plan.catalogue.load import digest
from peelian.plan.catalogue.words import STRENGTHS


def strength_of(kind: InterventionKind) -> str:
    """Give the strongest grade among a kind's entries on any outcome; unknown without one.

    For a table only: what counts for a problem is `options.evidence_on`.
    """
    return min((one.strength for one in kind.evidence), key=STRENGTHS.index, default=UNKNOWN)


def kind_view(kind: InterventionKind) -> dict[str, Any]:
    """Give one kind as plain data, with its overall strength."""
    return {**asdict(kind), "strength": strength_of(kind)}


def catalogue_view(kinds: Sequence[InterventionKind]) -> dict[str, Any]:
    """Give the catalogue: `kinds` may be planned; `recorded_only` never are, and say so."""
    return {
        "digest": digest(kinds),
        "kinds": [kind_view(one) for one in kinds if one.plannable],
        "recorded_only": [kind_view(one) for one in kinds if not one.plannable],
    }


def kind_lines(kind: InterventionKind) -> list[str]:
    """Say one kind in lines for a terminal."""
    use = "may be planned" if kind.plannable else "recorded and evaluated only, never proposed"
    lines = [
        f"{kind.title} ({kind.id}; {use})",
        f"  how it works: {kind.mechanism}",
        f"  led by: {kind.lead_agency}",
        f"  fits: {', '.join(kind.fits_settings)}; {', '.join(kind.fits_hours)}; "
        f"{', '.join(kind.fits_pattern)} places; for {', '.join(kind.fits_targets)}",
        f"  onset: {kind.onset}; duration: {kind.duration}; cost: {kind.cost}",
        f"  possible harms: {kind.harms}",
    ]
    if not kind.evidence:
        lines.append("  effect: unknown (no source was read)")
    for one in kind.evidence:
        span = UNKNOWN if one.low == UNKNOWN else f"{one.low} to {one.high}"
        lines += [
            f"  effect on {one.outcome}: {one.effect}; interval: {span}; evidence: {one.strength}",
            f"    {one.source}, {one.year}. {one.where}",
            f"    “{one.sentence.strip()}”",
        ]
    return lines
