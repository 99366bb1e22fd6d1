"""What the register of interventions takes: what was done, where, when, how much; else it says why not."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from peelian.domain.errors import Misuse, Refused
from peelian.domain.intervention import Entry
from peelian.domain.recorded_only import names_power
from peelian.domain.typed_day import typed_day

FIELDS: Final = (
    "kind", "title", "area", "area_kind", "places", "start", "end", "agency", "dose", "dose_unit", "cost",
    "reason", "decision_maker", "legal_reference",
)  # fmt: skip
"""As typed, and the columns of a CSV file; `places` are parted by `;`, `end` is the day after the last."""
NEEDED: Final = (
    "kind", "title", "area", "start", "end", "agency", "dose", "dose_unit", "reason", "decision_maker",
)  # fmt: skip
LONGEST: Final = {
    "kind": 60, "title": 200, "area": 80, "area_kind": 40, "agency": 120, "dose_unit": 60, "reason": 1000,
    "decision_maker": 120, "legal_reference": 200,
}  # fmt: skip
WHOLE: Final = "area"
"""The kind of place of an entry that is about its whole area."""
MOST_PLACES: Final = 5000
_LACKS: Final = {
    "start": "its dates", "end": "its dates", "dose": "its dose", "dose_unit": "the unit of its dose",
    "decision_maker": "who decided (a role, never a name)",
}  # fmt: skip


def entry_of(typed: Mapping[str, str]) -> Entry:
    """Make an entry of words as typed, one for each of `FIELDS`; its id is given when it is kept.

    Raises:
        Misuse: a date or number that is none, or too long a text.
        Refused: something needed is missing.
    """
    said = {name: " ".join((typed.get(name) or "").split()) for name in FIELDS}
    missing = list(dict.fromkeys(_LACKS.get(name, f"its {name}") for name in NEEDED if not said[name]))
    if missing:
        raise Refused(
            f"the entry lacks {', '.join(missing)}", do="say what was really done, then enter it again"
        )
    for name, most in LONGEST.items():
        if len(said[name]) > most:
            raise Misuse(f"the {name} is too long", expected=f"at most {most} characters")
    places = tuple(dict.fromkeys(one.strip() for one in said["places"].split(";") if one.strip()))
    if len(places) > MOST_PLACES or any(len(one) > 80 for one in places):
        raise Misuse("too many places, or too long a name", expected=f"at most {MOST_PLACES}, parted by ;")
    area_kind = said["area_kind"] or ("" if places else WHOLE)
    return Entry(
        "", said["kind"], said["title"], said["area"], area_kind, places,
        typed_day(said["start"], "start"), typed_day(said["end"], "end"), said["agency"],
        _number(said["dose"], "dose"), said["dose_unit"],
        _number(said["cost"], "cost") if said["cost"] else None, said["reason"], said["decision_maker"],
        said["legal_reference"],
    )  # fmt: skip


def check_entry(entry: Entry, *, today: date, areas: Collection[str]) -> Entry:
    """Give the entry, when it can stand by itself; `today` is a London day, `areas` the codes known here.

    Raises:
        Refused: it ends before it starts, lies in the future, has no dose, is of an area nobody knows, does
            not say what its places are, or is of a recorded-only kind without its legal reference.
    """
    if entry.end <= entry.start:
        raise Refused(
            "the entry ends before it starts", expected="an end after the start: the first day after it"
        )
    if entry.start > today or entry.end > today + timedelta(days=1):
        raise Refused(
            "the entry lies in the future", expected="what was done, up to today",
            do="enter it when it is done; what is meant to be done is a plan",
        )  # fmt: skip
    if not (math.isfinite(entry.dose) and entry.dose > 0):
        raise Refused("the entry has no dose", expected="a number above 0, such as hours or visits")
    if entry.cost is not None and not (math.isfinite(entry.cost) and entry.cost >= 0):
        raise Refused("the cost of the entry is no amount", expected="pounds, 0 or more, or nothing")
    if entry.area not in areas:
        known = ", ".join(sorted(areas)[:20]) or "none is held here yet"
        raise Refused("the entry names an area that is not known here", expected=known)
    if not entry.area_kind or (entry.places and entry.area_kind == WHOLE):
        raise Refused("the entry does not say what its places are", expected="such as cell, lsoa or ward")
    if not entry.places and entry.area_kind != WHOLE:
        raise Refused("the entry names no place", expected="places, or the whole area")
    if names_power(entry.kind, entry.title) and not entry.legal_reference:
        raise Refused(
            "the entry is of a power that is recorded only, and gives no legal reference",
            expected="the power and its authority, such as the Act and section it was used under",
        )
    return entry


def shares_places(a: Entry, b: Entry) -> bool:
    """Say whether two entries are of the same kind and touch: an area's whole touches all its places."""
    if (a.kind, a.area) != (b.kind, b.area):
        return False
    if WHOLE in (a.area_kind, b.area_kind):
        return True
    return a.area_kind == b.area_kind and not set(a.places).isdisjoint(b.places)


def overlaps(a: Entry, b: Entry) -> bool:
    """Say whether two entries are of the same kind, touch, and share a day."""
    return shares_places(a, b) and a.start < b.end and b.start < a.end


def numbered(entry: Entry, id_: str) -> Entry:
    """Give the entry under its id."""
    return replace(entry, id=id_)


def _number(text: str, name: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Misuse(f"the {name} is not a number", expected="such as 12 or 7.5") from None
