"""A force's own crime extract, in columns such as Niche and Connect write."""

from __future__ import annotations

from typing import Final

from peelian.domain.contracts import SourceSpec
from peelian.domain.offence import GROUPS
from peelian.sources.partner import Feed

__all__ = ["SPEC", "land", "parse"]

SPEC: Final = SourceSpec(
    id="police_crime",
    title="police crime extract",
    controller="the police force",
    licence="none: it comes under a sharing agreement, such as own-records, or cda-s115 to a partner",
    cadence="as exported; daily in most forces",
    caveats=(
        "possession, drugs, public order and officer-discovered rows are shown, never in a forecast",
        "a crime is dated by when it was committed, known from when it was created",
        "assaults on constables count as other: they follow where officers go",
        "recorded crime is what was reported and recorded, not what happened",
    ),
)

_FEED: Final = Feed(
    SPEC,
    groups=frozenset(GROUPS) - {"ambulance-assault", "ed-assault"},
    needs=("id",),
)
land, parse = _FEED.land, _FEED.parse
