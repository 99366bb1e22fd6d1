"""The lead of a briefing: what a sergeant reads out, in two minutes at the most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from peelian.api.briefing_around import Around
from peelian.api.briefing_counts import Recent
from peelian.api.briefing_places import Top
from peelian.api.run_folder import Run
from peelian.api.story import sentence as half_sentence
from peelian.api.wording import CERTAINTY_LABELS, number

MOST_WORDS: Final = 320
"""Two minutes at a calm 160 words a minute."""
CLOSING: Final = (
    "This is about places and times, never people. It is no reason to stop, search or suspect anyone."
)
_SURE: Final = 5
"""From this level of certainty on a place counts as fairly sure."""


def three_sentences(run: Run, step: int, recent: Recent, tops: Sequence[Top]) -> tuple[str, str, str]:
    """Say what changed, where, and how sure that is."""
    return changed(recent), where(run, step, tops), how_sure(tops)


def changed(recent: Recent) -> str:
    """Say how the last 28 days (or month) stand to the same days a year before."""
    main = recent.main
    if main is None or main.now is None:
        return "What changed: not known, for not all of the last weeks was published."
    said = f"What changed: {main.now:,} recorded, {main.days}"
    if main.before is None:
        return f"{said}; the same days a year before were not all published."
    return f"{said}; {main.before:,} in the same days a year before: {main.words}."


def where(run: Run, step: int, tops: Sequence[Top]) -> str:
    """Say how concentrated it is and name three places."""
    if not tops:
        return "Where: nothing is forecast, for no records are held."
    named = _list([one.row.name for one in tops[:3]])
    return f"Where: {_low(half_sentence(run))} Most is expected at {named}."


def how_sure(tops: Sequence[Top]) -> str:
    """Say how sure the numbers of the places named are."""
    if not tops:
        return "How sure: nothing can be said."
    first = tops[0].row
    sure = sum(one.row.certainty >= _SURE for one in tops)
    return (
        f"How sure: of these {len(tops)} places {sure or 'none'} {'is' if sure == 1 else 'are'} fairly "
        f"sure or better; the first, {CERTAINTY_LABELS[first.certainty]}, has {number(first.mean or 0.0)} "
        f"expected and a likely range of {first.q05} to {first.q95}."
    )


def spoken(run: Run, step: int, sentences: Sequence[str], tops: Sequence[Top], around: Around) -> list[str]:
    """Give the lines to read out, `MOST_WORDS` at the most; what matters least is left out first."""
    opening = (
        f"Briefing for {run.card['area']['name']}, {run.label(step)}. Counted: {run.title}. "
        f"Records known up to {run.as_of_words}."
    )
    more = [_place(k, one) for k, one in enumerate(tops[:5], 1)]
    new = [one for one in around.warnings if one.state == "new"]
    more += [f"Early warning, {one.where}. {one.sentence}" for one in new[:2]]
    if around.entries:
        more.append(f"In hand of late: {_list([str(one['title']) for one in around.entries[:3]])}.")
    late = sum(bool(one["overdue"]) for one in around.actions)
    if late:
        more.append(f"Overdue: {late} {'action' if late == 1 else 'actions'} of partners.")
    kept = [*sentences]
    for line in more:
        if words_in([opening, *kept, line, CLOSING]) > MOST_WORDS:
            break
        kept.append(line)
    return [opening, *kept, CLOSING]


def _place(k: int, one: Top) -> str:
    """Say one place: by the number where one or more is all but certain, else by the chance."""
    row = one.row
    said = f"the chance of one or more is {row.words}"
    if row.mean is not None and row.mean >= 2:
        said = f"{number(row.mean)} expected, likely {row.q05} to {row.q95}"
    trend = "" if one.trend == "not known" else f"; {one.trend}"
    return f"{k}. {row.name}: {said}{trend}."


def words_in(lines: Sequence[str]) -> int:
    """Count words as they are said."""
    return sum(len(line.split()) for line in lines)


def _list(names: Sequence[str]) -> str:
    quoted = [one.replace(", ", " ") if len(names) > 1 else one for one in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def _low(text: str) -> str:
    return text[:1].lower() + text[1:]
