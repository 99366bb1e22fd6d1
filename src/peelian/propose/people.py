"""Which columns are about people: to be dropped unread, each with the reason."""

from __future__ import annotations

import re
from typing import Final

from peelian.guard import header as by_header
from peelian.guard import values as by_values
from peelian.propose.column import Column

SPARED: Final[dict[str, frozenset[str]]] = {
    "location_text": frozenset({"address", "free text"}),
    "postcode": frozenset({"address", "free text"}),
    "grid_reference": frozenset({"address", "free text"}),
    "uprn": frozenset({"address", "free text"}),
    "usrn": frozenset({"address", "free text"}),
    "narrative": frozenset({"free text"}),
    "weapon": frozenset({"free text"}),
    "age_band": frozenset({"age"}),
    "distinct": frozenset({"person reference"}),
    "count": frozenset({"person reference"}),
    "n": frozenset({"person reference"}),
}
"""Kinds of finding that a column may be of for what it is mapped to, as in `sources/table/admit.py`."""

_PATIENT: Final = re.compile(r"(?i)hospital ?_?(?:no|number|id)\b|\bmrn\b|\bpas ?_?(?:no|number|id)\b")
_ABOUT: Final = frozenset({"home", "residence", "residential", "cartref"})


def findings(columns: list[Column]) -> dict[str, tuple[str, bool]]:
    """Give, by name, the kind of what is person-shaped, and whether the name alone says so."""
    found = {}
    for column in columns:
        if _PATIENT.search(column.name):
            found[column.name] = ("person reference", True)
            continue
        by_name = by_header.person_shaped(column.name)
        if by_name is not None:
            found[column.name] = (by_name.kind, True)
            continue
        if column.facts.when is not None and column.facts.when.grain in ("time", "hour", "month"):
            continue
        inside = by_values.person_shaped(column.values, header=column.name)
        if inside is not None:
            found[column.name] = (inside.kind, False)
    return found


def may_be(field: str, column: Column, kind: str) -> bool:
    """Say whether a person-shaped column may still be read as `field`, in memory."""
    if kind == "date of birth" and field in ("when", "end", "available_at"):
        return not (by_header.person_shaped(column.name))
    if kind not in SPARED.get(field, frozenset()):
        return False
    return not (kind == "address" and by_header.is_of_person(column.name, tuple(_ABOUT)))
