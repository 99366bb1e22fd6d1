"""A briefing for an area and shift: put together from the run's own files and what the workspace holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from peelian.api.acting import today
from peelian.api.briefing_around import Around, around
from peelian.api.briefing_counts import Recent, recent
from peelian.api.briefing_map import SmallMap, small_map
from peelian.api.briefing_places import Top, top_places
from peelian.api.briefing_repeats import Repeats, repeats_of
from peelian.api.briefing_spoken import spoken, three_sentences
from peelian.api.languages import later, plain, plural, told
from peelian.api.named_areas import NamedArea
from peelian.api.part_run import PartRun
from peelian.api.places import check_step
from peelian.api.run_folder import Run
from peelian.domain.errors import Misuse
from peelian.store.workspace import Workspace

CANNOT: Final = (
    later("Who did anything, or who may: nothing here is about people."),
    later("Harm that was never reported or recorded. More records may mean more reporting."),
    later("Why a place stands out. Parts of a forecast are associations, not causes."),
    later(
        "What happens at one address: places are squares or larger, and events in homes are not mapped "
        "finely."
    ),
    later("Whether a visit would help. That is what the evaluation of past work is for."),
)


@dataclass(frozen=True)
class Briefing:
    """All that the page and the PDF show; every number is the run's own or counted from its files."""

    run: Run
    step: int
    when: str
    age: str
    sentences: tuple[str, str, str]
    lead: tuple[str, ...]
    tops: tuple[Top, ...]
    recent: Recent
    repeats: Repeats
    around: Around
    map: SmallMap
    cannot: tuple[str, ...]


def briefing(ws: Workspace, run: Run, step: int, on: date | None = None) -> Briefing:
    """Put a briefing together; `on` is the day it is read (default: today in London).

    Of a part of a run (see `part_of`) it counts, ranks and draws the squares of that part alone.

    Raises:
        Misuse: the run has no such step.
    """
    check_step(run, step)
    day = on or today()
    tops = tuple(top_places(run, step))
    within: NamedArea | None = run.area if isinstance(run, PartRun) else None
    counted, near = recent(run), around(ws, run, min(day, _origin(run)), within)
    sentences = three_sentences(run, step, counted, tops)
    return Briefing(
        run, step, run.label(step), age_words(run, day), sentences,
        tuple(spoken(run, step, sentences, tops, near)), tops, counted, _repeats(run), near,
        small_map(run, step, tops), tuple(plain(one) for one in CANNOT),
    )  # fmt: skip


def _repeats(run: Run) -> Repeats:
    """Give the repeats; they are worked out for a run's whole area alone, and a part says so."""
    found = repeats_of(run.base.folder)
    if not isinstance(run, PartRun) or not found.rows:
        return found
    whole = plain("Of all of {area}, not of this part of it.", area=run.of.card["area"]["name"])
    return replace(found, sentences=(whole, *found.sentences))


def step_asked(run: Run, shift: str) -> int:
    """Give the step asked for: by number, or by shift as its name ("late") or day and name ("6 late").

    Nothing asked: the first.

    Raises:
        Misuse: the run has no such step or shift.
    """
    said = shift.strip().lower()
    if not said:
        return 0
    if said.isascii() and said.isdecimal() and len(said) < 6:
        return check_step(run, int(said))
    names = list((run.card.get("shifts") or {}).get("shifts", {}))
    lowered = [str(name).lower() for name in names]
    if said not in lowered:
        known = ", ".join(names) or f"a number from 0 to {run.steps - 1}; this run is by {run.card['every']}"
        raise Misuse("this run has no such shift", expected=known)
    return check_step(run, lowered.index(said))


def age_words(run: Run, on: date) -> str:
    """Say how old the newest record may be."""
    known = datetime.fromisoformat(str(run.card["as_of"])).date()
    days = (on - known).days
    if days <= 0:
        return plain("Records known up to {day}, which is today.", day=run.as_of_words)
    said = plural(
        "Records known up to {day}: {days} day old.", "Records known up to {day}: {days} days old.", days,
        day=run.as_of_words, days=f"{days:,}",
    )  # fmt: skip
    if days > 35:
        look_back = plain("Read it as a look back, not as today.")
        return told(f"{said} {look_back}")
    return said


def _origin(run: Run) -> date:
    first = run.starts[0]
    return first.date() if isinstance(first, datetime) else first
