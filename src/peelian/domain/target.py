"""Targets: named predicates over events, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from peelian.domain.errors import Misuse

UNVALIDATED: Final = "not yet validated on real labels"
"""Stays in the titles of knife targets until `peelian validate` has passed on an area's own real labels."""


@dataclass(frozen=True)
class Target:
    """What a forecast counts. Rows marked domestic, sexual or in a dwelling are left out when `public_only`.

    Rows whose marks are unknown are kept, and then the title must say so: see `title`.
    """

    name: str
    groups: tuple[str, ...]
    words: str  # what it is, in public places
    words_unknown: str  # what it is where the source cannot separate homes
    words_partly: str = ""  # what it is where the source marks a part of them
    public_only: bool = False
    knife: tuple[str, ...] = ()
    least_days: int = 0  # a shorter window is refused: too little happens in it to rank places

    def title(self, marks_known: bool, some_left_out: bool = False, validated: bool = False) -> str:
        """Say in words what is counted, as every title, legend and export must.

        `marks_known`: the source separates homes, domestic and sexual offences. `some_left_out`: it separates
        a part of them only, and that part is not counted. `validated`: a validation on this area's own real
        labels found the model better than the plain count; only then the words that say otherwise go.
        """
        if marks_known or not self.public_only:
            words = self.words
        else:
            words = self.words_partly if some_left_out else self.words_unknown
        return words.replace(f" ({UNVALIDATED})", "") if validated else words


TARGETS: Final[dict[str, Target]] = {
    "violence": Target(
        "violence", ("violence",),
        "violence in public places (not domestic, not sexual)",
        "all recorded violence and sexual offences, including in homes",
        "recorded violence not marked as in a home, domestic or sexual (unmarked ones are included)",
        public_only=True,
    ),
    "knife-violence": Target(
        "knife-violence", ("violence", "robbery"),
        "knife-enabled violence and robbery in public places (not yet validated on real labels)",
        "knife-enabled violence and robbery, including in homes (not yet validated on real labels)",
        "knife-enabled violence and robbery not marked as in a home (not yet validated on real labels)",
        public_only=True, knife=("medium", "high"), least_days=28,
    ),
    "violence-any-agency": Target(
        "violence-any-agency", ("violence", "ambulance-assault", "ed-assault"),
        "violence in public places known to police, ambulance or hospital (each incident once)",
        "violence known to police, ambulance or hospital, including in homes (each incident once)",
        "violence known to police, ambulance or hospital not marked as in a home (each incident once)",
        public_only=True,
    ),
    "robbery": Target("robbery", ("robbery",), "robbery", "robbery"),
    "asb": Target("asb", ("asb",), "anti-social behaviour", "anti-social behaviour"),
    "burglary": Target("burglary", ("burglary",), "burglary", "burglary"),
    "vehicle": Target("vehicle", ("vehicle",), "vehicle crime", "vehicle crime"),
    "theft": Target("theft", ("theft",), "theft", "theft"),
    "damage": Target("damage", ("damage",), "criminal damage and arson", "criminal damage and arson"),
}  # fmt: skip

FEATURE_GROUPS: Final = (
    "violence", "robbery", "asb", "burglary", "vehicle", "theft", "damage", "fire",
    "ambulance-assault", "ed-assault",
)  # fmt: skip
"""Groups whose history may inform a forecast (governance §3); what enforcement produces is not here."""


def target_named(name: str) -> Target:
    """Look a target up.

    Raises:
        Misuse: with the known names.
    """
    if name not in TARGETS:
        raise Misuse(f"unknown target {name!r}", expected=", ".join(TARGETS), do="choose one with --target")
    return TARGETS[name]
