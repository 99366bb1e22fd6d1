"""What a column's values say for each of our fields: 0 (cannot be) to 1 (nothing else looks so)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from peelian.propose.column import Column
from peelian.propose.facts import Facts


def _between(facts: Facts, low: float, high: float) -> bool:
    return facts.numeric > 0.9 and facts.low >= low and facts.high <= high


def _id(column: Column) -> float:
    facts = column.facts
    if (
        facts.when is not None and facts.when.grain != "hour" and facts.when.format != "%s"
    ) or facts.words > 4:
        return 0.0
    if facts.postcode > 0.5 or facts.lsoa > 0.5 or facts.msoa > 0.5 or facts.grid_reference > 0.5:
        return 0.05
    if facts.numeric > 0.9 and facts.whole < 0.9:
        return 0.0
    return 0.9 * facts.unique if facts.unique > 0.5 else 0.05 * facts.unique


def _when(column: Column) -> float:
    when = column.facts.when
    if when is None or when.grain in ("time", "hour"):
        return 0.0
    strength = {"datetime": 1.0, "date": 0.95, "month": 0.85}[when.grain]
    return strength * when.share * (0.7 if column.facts.distinct < 4 else 1.0)


def _clock(column: Column) -> float:
    when = column.facts.when
    return when.share if when is not None and when.grain == "time" else 0.0


def _hour(column: Column) -> float:
    when = column.facts.when
    return 0.7 if when is not None and when.grain == "hour" else 0.0


def _easting(column: Column) -> float:
    facts = column.facts
    if not _between(facts, 80_000, 700_000) or facts.distinct < 5:
        return 0.3 if _between(facts, 10_000, 999_999) and facts.unique > 0.3 else 0.0
    return 0.9 if facts.unique > 0.2 else 0.5


def _northing(column: Column) -> float:
    facts = column.facts
    if not _between(facts, 5_000, 1_300_000) or facts.distinct < 5:
        return 0.0
    return 0.9 if facts.unique > 0.2 else 0.5


def _longitude(column: Column) -> float:
    facts = column.facts
    if facts.numeric < 0.9 or facts.whole > 0.5 or facts.distinct < 4:
        return 0.0
    if facts.low >= -8.7 and facts.high <= 2.0:
        return 0.95
    return (
        0.8
        if facts.low >= -180 and facts.high < -30
        else 0.2
        if -180 <= facts.low <= facts.high <= 180
        else 0.0
    )


def _latitude(column: Column) -> float:
    facts = column.facts
    if facts.numeric < 0.9 or facts.whole > 0.5 or facts.distinct < 4:
        return 0.0
    if facts.low >= 49.5 and facts.high <= 61.5:
        return 0.98
    return 0.7 if facts.low >= 15 and facts.high <= 72 else 0.0


def _coded(column: Column) -> float:
    """Few values of a few words each: a code list."""
    facts = column.facts
    if facts.words > 9 or facts.distinct > max(150, 0.5 * facts.present) or facts.distinct < 2:
        return 0.2 if facts.distinct == 1 else 0.0
    if facts.when is not None and facts.when.grain != "hour":
        return 0.0
    return 0.6 if facts.lettered > 0.5 else 0.45


def _offence(column: Column) -> float:
    if column.facts.yes_no > 0.9 or (column.facts.known.get("weapon", 0) > 0.9 and column.offences < 0.5):
        return 0.0
    coded = _coded(column)
    return min(1.0, coded * (0.7 + column.offences)) if coded else 0.0


def _list(name: str) -> Callable[[Column], float]:
    def judge(column: Column) -> float:
        facts = column.facts
        if (
            facts.words > 6
            or facts.distinct > 60
            or facts.distinct < 1
            or (facts.when and facts.when.grain != "hour")
        ):
            return 0.0
        weaker = 0.4 if facts.distinct == 1 and name not in ("basis", "age_band") else 1.0
        return (
            weaker
            * (0.15 + 0.8 * facts.known.get(name, 0))
            * (0.5 if facts.yes_no > 0.9 and name != "status" else 1.0)
        )

    return judge


def _flag(column: Column) -> float:
    facts = column.facts
    return 0.9 * facts.yes_no if 1 <= facts.distinct <= 6 else 0.0


def _count(column: Column) -> float:
    facts = column.facts
    if facts.numeric < 0.7 or facts.whole < 0.95 or facts.low < 0 or facts.high > 5000 or facts.distinct < 2:
        return 0.0
    return 0.75


def _free_text(column: Column) -> float:
    facts = column.facts
    return min(1.0, max(0.0, (facts.words - 3) / 8)) * (1.0 if facts.lettered > 0.7 else 0.2)


def _location(column: Column) -> float:
    facts = column.facts
    if facts.lettered < 0.7 or facts.words < 1.2 or facts.words > 12 or facts.when is not None:
        return 0.0
    if facts.postcode > 0.5 or facts.grid_reference > 0.5 or column.offences > 0.6:
        return 0.0
    return min(1.0, 0.25 + 0.8 * facts.street) if facts.distinct >= 3 else 0.1


def _uprn(column: Column) -> float:
    return 0.8 if _between(column.facts, 1_000, 999_999_999_999) and column.facts.whole > 0.99 else 0.0


def _usrn(column: Column) -> float:
    return 0.85 if _between(column.facts, 100_000, 99_999_999) and column.facts.whole > 0.99 else 0.0


_JUDGES: Final[dict[str, Callable[[Column], float]]] = {
    "id": _id, "when": _when, "time": _clock, "hour": _hour, "end": _when, "available_at": _when,
    "easting": _easting, "northing": _northing, "longitude": _longitude, "latitude": _latitude,
    "grid_reference": lambda c: c.facts.grid_reference, "lsoa": lambda c: c.facts.lsoa,
    "postcode": lambda c: c.facts.postcode, "uprn": _uprn, "usrn": _usrn, "location_text": _location,
    "offence": _offence, "n": _count, "knife": _flag, "setting": _list("setting"), "domestic": _flag,
    "sexual": _flag, "discovered_by": _list("discovered_by"), "narrative": _free_text,
    "weapon": _list("weapon"),
    "status": _list("status"), "area": lambda c: max(c.facts.lsoa, c.facts.msoa, 0.5 * c.facts.other_area),
    "count": _count, "measure": _coded, "basis": _list("basis"), "age_band": _list("age_band"),
    "distinct": _count, "kind": lambda c: max(_list("patrols")(c), _list("sites")(c)),
}  # fmt: skip


def seen(column: Column) -> dict[str, float]:
    """What the values say, field by field."""
    return {field: judge(column) if column.facts.present else 0.0 for field, judge in _JUDGES.items()}
