"""School exclusions as counts of areas and terms: never a pupil or a school."""

from __future__ import annotations

from typing import Final

from peelian.domain.contracts import SourceSpec
from peelian.sources.counting import Counting
from peelian.sources.partner import Feed
from peelian.sources.partner_counts import counts_by

__all__ = ["SPEC", "land", "parse"]

SPEC: Final = SourceSpec(
    id="school_exclusions",
    title="school exclusions by area",
    controller="the council",
    licence="none: it comes under a sharing agreement, such as cda-s17a or cda-s115",
    cadence="by term",
    caveats=(
        "fewer than 10 different families for each quarter begun: withheld, not zero",
        "by where pupils live: not for one colour scale with counts of places of harm",
        "the smallest area is an LSOA; nothing is spread onto cells",
    ),
)

_FEED: Final = Feed(
    SPEC,
    table="area_counts",
    needs=("count", "distinct", "measure"),
    make=counts_by(Counting(of="families", scope="feature")),
)
land, parse = _FEED.land, _FEED.parse
