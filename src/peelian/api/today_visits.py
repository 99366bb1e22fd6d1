"""A visit logged on a phone: an entry of the register of where and when, never of who."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from peelian.api.acting import Desk, sound_entry
from peelian.api.run_folder import Run
from peelian.domain.errors import Misuse, Refused
from peelian.domain.intervention import Entry
from peelian.domain.register_rules import shares_places
from peelian.domain.time import LONDON
from peelian.store.catalogue import now, transaction
from peelian.store.interventions import HeldEntry, add_entry, list_entries, withdraw_entry
from peelian.store.known_areas import known_areas

KIND: Final = "visible presence"
TITLE: Final = "Visits logged on a phone"
MINUTES: Final = (5, 15, 30, 60)
OLDEST: Final = timedelta(hours=36)
"""A phone out of reach for a shift and a night may still send; older ones are entered in the register."""
_KEY: Final = re.compile(r"[0-9a-f]{16,64}")
_NOTED: Final = re.compile(r"\d\d:\d\d to \d\d:\d\d \[[0-9a-f]{8}\]")
_MOST: Final = 30


@dataclass(frozen=True)
class Visit:
    """One visit: of a square of a run, [start, end), under a key that makes sending it twice harmless."""

    key: str
    cell: int
    start: datetime
    end: datetime


def visit_of(said: Mapping[str, str], moment: datetime) -> Visit:
    """Make a visit of words as sent: `key`, `cell`, `minutes`, and `ended` (ISO, with zone; default now).

    Raises:
        Misuse: something is missing, in the future or too old.
    """
    key = said.get("key", "").lower()
    if not _KEY.fullmatch(key):
        raise Misuse("the visit has no key", expected="16 to 64 hex digits, a new one for each visit")
    cell, minutes = said.get("cell", ""), said.get("minutes", "")
    if not (cell.isascii() and cell.isdecimal() and len(cell) <= 12):
        raise Misuse("the visit names no place", expected="a square's number, as the list gives it")
    if minutes not in {str(one) for one in MINUTES}:
        raise Misuse("the visit does not say how long", expected=f"minutes: {', '.join(map(str, MINUTES))}")
    ended = _instant(said.get("ended", "")) or moment
    if ended > moment + timedelta(minutes=5):
        raise Misuse("the visit lies in the future", expected="what was done, not what is meant to be")
    if ended < moment - OLDEST:
        raise Misuse("the visit is too old to log here", do="enter it at /interventions")
    return Visit(key, int(cell), ended - timedelta(minutes=int(minutes)), ended)


def log_visit(desk: Desk, run: Run, visit: Visit) -> tuple[HeldEntry, bool]:
    """Enter a visit in the register; give the day's entry, and whether the visit was new.

    The register takes one entry of a kind, place and day: a second visit takes the place of the first entry
    with both in it, and the first stays readable, withdrawn. Sent again under its key it changes nothing.

    Raises:
        NotFound: the run has no such place.
        Refused: places larger than squares, or an entry made otherwise holds that place and day.
    """
    if run.level != "cell":
        raise Refused("a visit is logged at a square", do="choose the view by squares")
    run.position(visit.cell)
    asked = sound_entry(desk.ws, _typed(run, visit, [_note(visit)]), known_areas(desk.ws))
    with transaction(desk.ws) as conn:
        earlier = next((
            one for one in list_entries(conn, area=asked.area, kind=KIND, start=asked.start, end=asked.end)
            if shares_places(one.entry, asked)
        ), None)  # fmt: skip
        if earlier is None:
            return add_entry(conn, desk.actor, desk.purpose, asked), True
        notes = _NOTED.findall(earlier.entry.reason)
        if any(_mark(visit) in one for one in notes):
            return earlier, False
        if earlier.entry.title != TITLE or len(notes) >= _MOST:
            raise Refused(f"entry {earlier.entry.id} of the register holds this place and day already")
        why = "another visit of the day: the next entry holds both"
        withdraw_entry(conn, desk.actor, desk.purpose, earlier.entry.id, why)
        both = _with(earlier.entry, asked, [*notes, _note(visit)])
        return add_entry(conn, desk.actor, desk.purpose, both), True


def _typed(run: Run, visit: Visit, notes: list[str]) -> dict[str, str]:
    day = visit.start.astimezone(LONDON).date()
    return {
        "kind": KIND, "title": TITLE, "area": str(run.card["area"]["code"]), "area_kind": "cell",
        "places": str(visit.cell), "start": str(day), "end": str(day + timedelta(days=1)),
        "agency": "police", "dose": str(_minutes(visit)), "dose_unit": "minutes",
        "reason": _reason(notes), "decision_maker": "shift briefing",
    }  # fmt: skip


def _with(earlier: Entry, new: Entry, notes: list[str]) -> Entry:
    return replace(new, dose=earlier.dose + new.dose, reason=_reason(notes))


def _reason(notes: list[str]) -> str:
    return f"Visits: {'; '.join(notes)}"


def _note(visit: Visit) -> str:
    first, last = (one.astimezone(LONDON) for one in (visit.start, visit.end))
    return f"{first:%H:%M} to {last:%H:%M} [{_mark(visit)}]"


def _mark(visit: Visit) -> str:
    return visit.key[:8]


def _minutes(visit: Visit) -> int:
    return round((visit.end - visit.start).total_seconds() / 60)


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    try:
        made = datetime.fromisoformat(text[:40])
    except ValueError:
        raise Misuse("the visit's time cannot be read", expected="ISO 8601 with its zone") from None
    if made.tzinfo is None:
        raise Misuse("the visit's time has no zone", expected="ISO 8601 with its zone")
    return made


def moment() -> datetime:
    """Give the present instant."""
    return now()
