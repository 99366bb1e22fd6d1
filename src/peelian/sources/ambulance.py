"""Ambulance call-outs to assaults: time, kind and place of the call; no column of a patient."""

from __future__ import annotations

from typing import Final

from peelian.domain.contracts import SourceSpec
from peelian.sources.partner import Feed

__all__ = ["SPEC", "land", "parse"]

SPEC: Final = SourceSpec(
    id="ambulance",
    title="ambulance call-outs to assaults",
    controller="the ambulance service",
    licence="none: it comes under a sharing agreement, such as cda-s17a or serious-violence-duty",
    cadence="monthly in most partnerships",
    caveats=(
        "the place is where the ambulance was sent, often some way from the assault",
        "the kind is what the caller said, not what the crew found",
        "an assault may be in police and hospital records too: see linking",
    ),
)

_FEED: Final = Feed(SPEC, groups=frozenset({"ambulance-assault"}), implied={"discovered_by": "public"})
land, parse = _FEED.land, _FEED.parse
