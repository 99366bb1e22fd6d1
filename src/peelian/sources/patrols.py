"""Patrol and deployment logs, for audit only: no forecast reads them."""

from __future__ import annotations

from typing import Final

from peelian.domain.contracts import SourceSpec
from peelian.sources.partner import Feed
from peelian.sources.partner_places import patrols

__all__ = ["SPEC", "land", "parse"]

SPEC: Final = SourceSpec(
    id="patrols",
    title="patrol and deployment logs",
    controller="the police force",
    licence="none: it comes under a sharing agreement, such as own-records",
    cadence="as exported",
    caveats=(
        "audit only: they measure and correct feedback",
        "no officer, call sign or vehicle is read, so rows have no id",
        "a log says where units were sent, not what they did",
    ),
)

_FEED: Final = Feed(
    SPEC,
    table="patrols",
    make=patrols,
    needs=("start",),
    bars={"id": "it could be a call sign", "location_text": "it could be a person's address"},
)
land, parse = _FEED.land, _FEED.parse
