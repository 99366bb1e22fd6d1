"""Sites and context: licensed premises, stops, schools, lighting. Their names are not kept."""

from __future__ import annotations

from typing import Final

from peelian.domain.contracts import SourceSpec
from peelian.sources.partner import Feed
from peelian.sources.partner_places import sites

__all__ = ["SPEC", "land", "parse"]

SPEC: Final = SourceSpec(
    id="sites",
    title="sites and context",
    controller="the council",
    licence="as its publisher says; many such lists are open data",
    cadence="as published",
    caveats=(
        "a list says what is licensed or standing, not what is open at an hour",
        "without a received date a site counts as known from when it stands",
        "names are not read",
    ),
)

_FEED: Final = Feed(SPEC, table="sites", make=sites, one_of=(("easting", "longitude"), ("start", "covers")))
land, parse = _FEED.land, _FEED.parse
