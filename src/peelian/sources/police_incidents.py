"""A force's command-and-control log, in columns such as STORM writes: calls about anti-social behaviour."""

from __future__ import annotations

from typing import Final

from peelian.domain.contracts import SourceSpec
from peelian.sources.partner import Feed

__all__ = ["SPEC", "land", "parse"]

SPEC: Final = SourceSpec(
    id="police_incidents",
    title="police incident log (anti-social behaviour)",
    controller="the police force",
    licence="none: it comes under a sharing agreement, such as own-records, or cda-s17a to a partner",
    cadence="as exported; daily in most forces",
    caveats=(
        "by closing code: what it opened as is not read",
        "repeated calls of one caller are duplicates only where the log closes them so",
        "rows an officer opened are shown, never in a forecast",
        "calls other than anti-social behaviour count as other: crimes come by the crime extract",
    ),
)

_FEED: Final = Feed(SPEC, groups=frozenset({"asb", "other"}))
land, parse = _FEED.land, _FEED.parse
