"""Assaults treated in an emergency department: the Information Sharing to Tackle Violence elements."""

from __future__ import annotations

from typing import Final

from peelian.domain.contracts import SourceSpec
from peelian.sources.partner import Feed

__all__ = ["SPEC", "land", "parse"]

SPEC: Final = SourceSpec(
    id="emergency_department",
    title="emergency-department violence (ISTV)",
    controller="the hospital trust",
    licence="none: it comes under a sharing agreement, such as serious-violence-duty",
    cadence="at least monthly (NHS data dictionary, ISTV minimum data set)",
    caveats=(
        "the time of the assault is what the injured person said, to about an hour",
        "the place is mostly a text; without a gazetteer such rows count in totals only",
        "half to four fifths are said not to be reported to police (Bevan Brittan 2025; RCEM guideline 2017)",
        "only hospitals that share: others are missing, not zero",
    ),
)

_FEED: Final = Feed(SPEC, groups=frozenset({"ed-assault"}), implied={"discovered_by": "public"})
land, parse = _FEED.land, _FEED.parse
