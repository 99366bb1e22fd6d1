"""What may lead to what: disorder and lesser violence before violence, never a target's own reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from peelian.domain.target import TARGETS, Target

LESSER: Final = Target(
    "violence-without-a-knife", ("violence",),
    "violence without a knife", "violence without a knife, including in homes",
    public_only=True, knife=("none", "low"),
)  # fmt: skip
"""Violence that was told to be without a knife: of knife violence it holds no report.

Reports of which nobody knows whether a knife was there are in neither. It is not all slight: the sources held
say nothing finer that is alike in all of them.
"""
DRIVERS: Final[Mapping[str, tuple[str, ...]]] = {
    "violence": ("asb", "damage"), "violence-any-agency": ("asb", "damage"),
    "knife-violence": ("asb", "damage", LESSER.name), "robbery": ("asb", "damage", "violence"),
}  # fmt: skip
"""What may lead to what. Never a driver whose reports are the target's own."""


def words(name: str) -> str:
    """Say a target or driver in words.

    >>> words("asb"), words("violence"), words("violence-without-a-knife")
    ('anti-social behaviour', 'violence in public places', 'violence without a knife')
    """
    known = {LESSER.name: LESSER, **TARGETS}.get(name)
    return known.words.split(" (")[0] if known else name
