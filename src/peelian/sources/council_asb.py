"""A council's complaints of anti-social behaviour and of its traces in the street."""

from __future__ import annotations

from typing import Final

from peelian.domain.contracts import SourceSpec
from peelian.sources.partner import Feed

__all__ = ["SPEC", "land", "parse"]

SPEC: Final = SourceSpec(
    id="council_asb",
    title="council complaints of anti-social behaviour",
    controller="the council",
    licence="none: it comes under a sharing agreement, such as cda-s115",
    cadence="as exported; weekly or monthly",
    caveats=(
        "dated by the day of the complaint: the behaviour was before it",
        "complaints follow who complains: some places complain more",
        "the same nuisance may be in the police log too; the two are not linked",
    ),
)

_FEED: Final = Feed(SPEC, groups=frozenset({"asb", "other"}))
land, parse = _FEED.land, _FEED.parse
