"""Offence groups, marks and scope: the closed vocabularies of an event."""

from __future__ import annotations

from typing import Final

GROUPS: Final = (
    "violence", "robbery", "asb", "burglary", "vehicle", "theft", "damage", "public-order",
    "weapons-possession", "drugs", "fire", "ambulance-assault", "ed-assault", "other",
)  # fmt: skip
"""Exclusive groups: each event has exactly one."""

KNIFE: Final = ("none", "low", "medium", "high", "unknown")
SETTING: Final = ("public", "dwelling", "other", "unknown")
YES_NO: Final = ("yes", "no", "unknown")
DISCOVERED_BY: Final = ("public", "officer", "unknown")
SCOPE: Final = ("target", "feature", "audit", "display")
OPERATION: Final = ("assert", "revise", "retract")

ENFORCEMENT_GROUPS: Final = frozenset({"weapons-possession", "drugs", "public-order", "other"})
"""Produced largely by what officers do or by the state of recording (governance §3): display only."""


def scope_of(group: str, discovered_by: str) -> str:
    """Give the scope the allow-list sets: `display` for what enforcement produces, else `target`.

    >>> scope_of("violence", "unknown"), scope_of("drugs", "unknown"), scope_of("violence", "officer")
    ('target', 'display', 'display')
    """
    if group in ENFORCEMENT_GROUPS or discovered_by == "officer":
        return "display"
    return "target"
