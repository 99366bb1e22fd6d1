"""The closed vocabularies of the catalogue: settings, hours, patterns, outcomes, strengths."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from peelian.domain.target import TARGETS

Pattern = Literal["stable", "flaring", "fading", "quiet", "unknown"]
ANY: Final = "any"
SETTINGS: Final = (
    "night economy", "school routes", "parks", "stations", "estates", "retail", "car parks", "vacant land",
    "alleys",
)  # fmt: skip
HOURS: Final = ("morning", "afternoon", "evening", "night")
PATTERNS: Final = ("stable", "flaring", "fading")
STRENGTHS: Final = ("strong", "moderate", "weak", "none", "unknown")
"""Strong: a systematic review of several settings; moderate: one good trial, or a review read second-hand;
weak: one comparison, or called promising; none: looked for and not found. The grading is our own."""

_VIOLENCE: Final = ("violence", "knife-violence", "violence-any-agency")
OUTCOMES: Final[dict[str, tuple[str, ...]]] = {
    "all crime": tuple(TARGETS), "property crime": ("burglary", "vehicle", "theft", "damage"),
    "violence": _VIOLENCE, "robbery": ("robbery",), "burglary": ("burglary",),
    "vehicle crime": ("vehicle",), "theft": ("theft",), "damage": ("damage",),
    "anti-social behaviour": ("asb",), "other": (),
}  # fmt: skip
"""Which targets a source's outcome speaks of; `other` speaks of none."""

_SITE_WORDS: Final = {
    "night economy": ("pub", "bar", "club", "nightclub", "takeaway", "licensed"),
    "school routes": ("school", "college", "schools"),
    "parks": ("park", "playground", "green", "recreation"),
    "stations": ("station", "stop", "rail", "bus", "tram", "metro"),
    "estates": ("estate", "residential", "housing", "homes", "flats"),
    "retail": ("shop", "shops", "retail", "supermarket", "shopping", "market"),
    "car parks": ("parking",), "vacant land": ("vacant", "derelict"), "alleys": ("alley", "passage"),
}  # fmt: skip


def settings_of(words: str | Iterable[str]) -> tuple[str, ...]:
    """Give the settings that words for a place or its sites stand for; words not known say nothing.

    >>> settings_of(["pub", "Railway station", "car park"])
    ('night economy', 'stations', 'car parks')
    """
    found = set()
    for text in (words,) if isinstance(words, str) else words:
        plain = " ".join(text.lower().replace("-", " ").replace("_", " ").split())
        if plain in ("car park", "car parks"):
            found.add("car parks")
            continue
        parts = set(plain.split())
        found |= {name for name, hints in _SITE_WORDS.items() if name == plain or parts & set(hints)}
    return tuple(name for name in SETTINGS if name in found)
