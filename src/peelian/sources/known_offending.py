"""Convictions of adults by the place of the offence, over twelve months: no row is a person."""

from __future__ import annotations

from typing import Final

from peelian.domain.contracts import SourceSpec
from peelian.sources.counting import Counting
from peelian.sources.partner import Feed
from peelian.sources.partner_counts import counts_by

__all__ = ["SPEC", "land", "parse"]

SPEC: Final = SourceSpec(
    id="known_offending",
    title="convictions by place of offence",
    controller="the police force",
    licence="none: it comes under a sharing agreement, such as own-records or cda-s115",
    cadence="quarterly",
    caveats=(
        "off: shown at most, in no forecast, until leaving it out is shown to cost accuracy",
        "by place of offence; a file by residence is refused",
        "fewer than 10 different adults: withheld, not zero",
        "areas whose count comes mainly from an institution are withheld",
        "known at the earliest one quarter after its twelve months",
    ),
)

_FEED: Final = Feed(
    SPEC,
    table="area_counts",
    needs=("count", "distinct", "measure", "basis"),
    make=counts_by(
        Counting(
            of="adults",
            scope="display",
            kinds=("lsoa", "msoa"),
            per_quarter=False,
            window_months=12,
            lag_months=3,
            basis="offence",
            adults_only=True,
            institutions=True,
        )
    ),
    one_of=(("institution_share", "institutions"),),
)
land, parse = _FEED.land, _FEED.parse
