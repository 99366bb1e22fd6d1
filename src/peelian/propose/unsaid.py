"""What every row of a file shares and no column says: constants a feed needs, each with how sure."""

from __future__ import annotations

from typing import Final

from peelian.propose.column import Column
from peelian.propose.kind import AREA_FEEDS, KIND_FEEDS
from peelian.propose.offences import Read
from peelian.propose.proposal import Line

ALL_ROWS: Final[dict[str, tuple[str, str]]] = {
    "council_asb": ("anti-social behaviour", "asb"),
    "ambulance": ("assault", "ambulance-assault"),
    "emergency_department": ("assault", "ed-assault"),
    "fire": ("deliberate fire", "fire"),
    "police_incidents": ("anti-social behaviour", "asb"),
}
"""The offence, and its group, of every row where no column says what happened."""

_MEASURES: Final = {
    "social_care": "demand",
    "school_exclusions": "exclusions",
    "known_offending": "convictions",
}
_BASES: Final = {"social_care": "residence", "school_exclusions": "residence", "known_offending": "offence"}


def constants_of(feed: str, chosen: dict[str, Column], codes: list[Read]) -> list[Line]:
    """Give the constants to write."""
    if feed in AREA_FEEDS:
        return _of_areas(feed, chosen)
    if feed in KIND_FEEDS:
        return []
    lines = []
    if "offence" not in chosen:
        offence, _ = ALL_ROWS.get(feed, ("unknown", "other"))
        sure = 0.85 if feed in ("emergency_department", "council_asb") else 0.4
        lines.append(
            Line("offence", offence, sure, remark="no column says what happened: all rows are taken as this")
        )
    if feed == "fire" and "status" not in chosen:
        plain = all("deliberate" in read.code.lower() for read in codes if read.group == "fire") and bool(
            codes
        )
        remark = "every fire is called deliberate" if plain else "nothing says which fires were deliberate"
        lines.append(Line("status", "stands", 0.85 if plain else 0.4, remark=remark))
    return lines


def _of_areas(feed: str, chosen: dict[str, Column]) -> list[Line]:
    lines = []
    if "measure" not in chosen:
        counted = chosen["count"].name.lower() if "count" in chosen else ""
        lines.append(Line("measure", _measure(counted) or _MEASURES[feed], 0.6, remark="what is counted"))
    if "basis" not in chosen:
        lines.append(Line("basis", _BASES[feed], 0.5, remark="where people live, or where it happened?"))
    if feed == "school_exclusions" and "age_band" not in chosen:
        lines.append(Line("age_band", "under 18", 0.9))
    return lines


def _measure(name: str) -> str:
    words = ("referrals", "assessments", "suspensions", "exclusions", "convictions", "safeguarding")
    return next((word for word in words if word in name), "")
