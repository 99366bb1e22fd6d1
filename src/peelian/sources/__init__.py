"""The sources room: one module a feed, and the registry, a literal dict."""

from __future__ import annotations

from typing import Final

from peelian.domain.contracts import Source
from peelian.sources import (
    ambulance,
    cdr_2007,
    council_asb,
    emergency_department,
    fire,
    known_offending,
    patrols,
    police_crime,
    police_incidents,
    police_uk,
    school_exclusions,
    sites,
    social_care,
    table,
)

SOURCES: Final[dict[str, Source]] = {
    "police_uk": police_uk,
    "table": table,
    "police_crime": police_crime,
    "police_incidents": police_incidents,
    "council_asb": council_asb,
    "ambulance": ambulance,
    "emergency_department": emergency_department,
    "fire": fire,
    "cdr_2007": cdr_2007,
    "social_care": social_care,
    "school_exclusions": school_exclusions,
    "known_offending": known_offending,
    "patrols": patrols,
    "sites": sites,
}
