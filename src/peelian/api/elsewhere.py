"""Words of layers that know no language, declared for the catalogue: they are looked up where they are shown.

A test compares them with the layers' own.
"""

from __future__ import annotations

from typing import Final

from peelian.api.languages import later

COUNTED: Final = (
    later("violence in public places (not domestic, not sexual)"),
    later("all recorded violence and sexual offences, including in homes"),
    later("recorded violence not marked as in a home, domestic or sexual (unmarked ones are included)"),
    later("knife-enabled violence and robbery in public places (not yet validated on real labels)"),
    later("knife-enabled violence and robbery in public places"),
    later("knife-enabled violence and robbery, including in homes (not yet validated on real labels)"),
    later("knife-enabled violence and robbery, including in homes"),
    later("knife-enabled violence and robbery not marked as in a home (not yet validated on real labels)"),
    later("knife-enabled violence and robbery not marked as in a home"),
    later("violence in public places known to police, ambulance or hospital (each incident once)"),
    later("violence known to police, ambulance or hospital, including in homes (each incident once)"),
    later("violence known to police, ambulance or hospital not marked as in a home (each incident once)"),
    later("robbery"), later("anti-social behaviour"), later("burglary"), later("vehicle crime"),
    later("theft"), later("criminal damage and arson"),
)  # fmt: skip
"""What a forecast counts (domain.target)."""

PARTS: Final = (
    later("long-run place"), later("season"), later("recent events"), later("neighbours"),
    later("other types"), later("setting"),
)  # fmt: skip
"""What an expected number is made of (domain.forecast)."""

FORECASTERS: Final = (
    later("Count of the last five years"), later("Kernel density"), later("Last period"),
    later("Learned mixture of memories, corrected by slopes and trees"),
    later("Prospective hotspot (ProMap)"), later("Risk terrain (sites around)"),
    later("Self-exciting process"), later("Decayed count, shrunk to its surroundings"),
    later("Spatial smoother (conditional autoregression)"),
    later("Stack of learner, self-exciting process and shrunk decayed count"),
    later("Count of the last year"),
)  # fmt: skip
"""Names of the forecasters (models)."""
