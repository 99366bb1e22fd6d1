"""Deliberate fires a fire and rescue service attended."""

from __future__ import annotations

from typing import Final

from peelian.domain.contracts import SourceSpec
from peelian.sources.partner import Feed

__all__ = ["SPEC", "land", "parse"]

SPEC: Final = SourceSpec(
    id="fire",
    title="deliberate fires",
    controller="the fire and rescue service",
    licence="none: it comes under a sharing agreement, such as cda-s17a",
    cadence="monthly or quarterly",
    caveats=(
        "dated by the time of call",
        "a fire later found accidental is taken back",
        "a status for deliberate or not is required",
    ),
)

_FEED: Final = Feed(SPEC, groups=frozenset({"fire"}), needs=("status",), implied={"discovered_by": "public"})
land, parse = _FEED.land, _FEED.parse
