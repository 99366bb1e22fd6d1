"""Depersonalised quarterly rows under the Crime and Disorder (Prescribed Information) Regulations 2007."""

from __future__ import annotations

from typing import Final

from peelian.domain.contracts import SourceSpec
from peelian.domain.offence import GROUPS
from peelian.sources.partner import Feed

__all__ = ["SPEC", "land", "parse"]

SPEC: Final = SourceSpec(
    id="cdr_2007",
    title="quarterly depersonalised rows (SI 2007/1831)",
    controller="the authorities of the partnership",
    licence="none: it comes under Crime and Disorder Act 1998 section 17A (cda-s17a)",
    cadence="quarterly, by the end of the quarter that follows (regulation 3)",
    caveats=(
        "use it where an authority gives nothing fuller: beside its own feed each event would count twice",
        "a file speaks only of the categories it holds: others are missing, not zero",
        "rows have no id: a corrected row is a new row beside the old one",
        "hospital admissions are by where patients live, so they are set aside",
    ),
)

_FEED: Final = Feed(SPEC, groups=frozenset(GROUPS) - {"ed-assault"}, speaks_of_all=False)
land, parse = _FEED.land, _FEED.parse
