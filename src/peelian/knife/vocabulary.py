"""The closed vocabularies: what a weapon code may be mapped to, and every word that `why` can be made of."""

from __future__ import annotations

from typing import Final

WEAPONS: Final = (
    "knife", "sharp object", "glass", "blunt object", "firearm", "other", "none", "unknown",
)  # fmt: skip
"""What `weapons` of a mapping may say of the file's own codes. `sharp object`: a screwdriver, scissors, a
needle and what else pierces; `glass`: glass or bottle, broken or not said; `other`: any weapon that is none
of these; `none`: fists, feet, no weapon. `default` is for codes that are not named."""

OBJECTS: Final[dict[str, str]] = {
    "W_KNIFE": "knife",
    "W_LARGE": "large blade",
    "W_TOOL": "sharp tool",
    "W_GLASS": "broken glass",
    "W_SHARP": "sharp object",
    "STAB": "stabbed",
    "SLASH": "slashed",
    "GLASSED": "glassed",
}
"""Token in a worked text, and the word for it."""

ACTS: Final = (
    "wound", "used", "threat", "believed", "present", "form says yes", "verbal threat", "possession",
    "mention",
)  # fmt: skip
"""What was done with it, strongest first."""

SET_ASIDE: Final = (
    "negated", "mistaken or cancelled", "past", "supposed", "self-harm", "accident", "kitchen or work",
    "property only", "found or stolen", "play or screen", "name or saying",
)  # fmt: skip
"""Why a mention did not count."""

RANK: Final[dict[str, str]] = {
    "wound": "high", "used": "high", "threat": "high",
    "believed": "medium", "present": "medium", "form says yes": "medium",
    "verbal threat": "low", "possession": "low", "mention": "low",
}  # fmt: skip
"""The band an act gives by itself."""

NO_MENTION: Final = "no word of a blade"
NOTHING_GIVEN: Final = "neither weapon nor narrative given"
OUTSIDE: Final = "outside the seven offences"
POSSESSION: Final = "possession offence, counted apart"
REVIEWED: Final = "reviewed: "
"""Begins `why` once a person decided."""
