"""Who reported what a feed holds, in words."""

from __future__ import annotations

from peelian.domain.per_cent import per_cent


def reporter_words(source: str, reports: int, public: int, officer: int, unknown: int) -> str:
    """Say how much of a feed is known to be reported by the public.

    >>> reporter_words("asb", 200, 0, 0, 200)
    'Asb: of 200 reports none says who reported it; it may include what officers found.'
    >>> reporter_words("fire", 200, 150, 50, 0)
    "Fire: of 200 reports 75 % are known to be the public's, 25 % officers' own."
    """
    name = source.replace("_", " ").capitalize()
    whole = f"{name}: of {reports:,} reports"
    if reports == 0:
        return f"{name}: no reports are held."
    if public + officer == 0:
        return f"{whole} none says who reported it; it may include what officers found."
    rest = [(officer, "officers' own"), (unknown, "not known")]
    others = "".join(f", {per_cent(many / reports)} {who}" for many, who in rest if many)
    return f"{whole} {per_cent(public / reports)} are known to be the public's{others}."
