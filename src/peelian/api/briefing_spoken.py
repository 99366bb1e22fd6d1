"""The lead of a briefing: what a sergeant reads out, in two minutes at the most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from peelian.api.briefing_around import Around
from peelian.api.briefing_counts import Recent
from peelian.api.briefing_places import NOT_KNOWN, Top
from peelian.api.languages import later, plain, plural, told
from peelian.api.run_folder import Run
from peelian.api.story import sentence as half_sentence
from peelian.api.wording import number, sure

MOST_WORDS: Final = 320
"""Two minutes at a calm 160 words a minute."""
CLOSING: Final = later(
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
        return plain("What changed: not known, for not all of the last weeks was published.")
    now = f"{main.now:,}"
    if main.before is None:
        return plain(
            "What changed: {now} recorded, {days}; the same days a year before were not all published.",
            now=now, days=main.days,
        )  # fmt: skip
    return plain(
        "What changed: {now} recorded, {days}; {before} in the same days a year before: {usual}.",
        now=now, days=main.days, before=f"{main.before:,}", usual=plain(main.words),
    )  # fmt: skip


def where(run: Run, step: int, tops: Sequence[Top]) -> str:
    """Say how concentrated it is and name three places."""
    if not tops:
        return plain("Where: nothing is forecast, for no records are held.")
    named = _list([one.row.name for one in tops[:3]])
    half = _low(half_sentence(run))
    return plain("Where: {half} Most is expected at {places}.", half=half, places=named)


def how_sure(tops: Sequence[Top]) -> str:
    """Say how sure the numbers of the places named are."""
    if not tops:
        return plain("How sure: nothing can be said.")
    first = tops[0].row
    many = sum(one.row.certainty >= _SURE for one in tops)
    said = (
        plural(
            "How sure: of these {total} places {n} is fairly sure or better;",
            "How sure: of these {total} places {n} are fairly sure or better;", many, total=len(tops),
        )
        if many
        else plain("How sure: of these {total} places none are fairly sure or better;", total=len(tops))
    )  # fmt: skip
    rest = plain(
        "the first, {sure}, has {mean} expected and a likely range of {low} to {high}.",
        sure=sure(first.certainty), mean=number(first.mean or 0.0), low=first.q05, high=first.q95,
    )  # fmt: skip
    return told(f"{said} {rest}")


def spoken(run: Run, step: int, sentences: Sequence[str], tops: Sequence[Top], around: Around) -> list[str]:
    """Give the lines to read out, `MOST_WORDS` at the most; what matters least is left out first."""
    opening = plain(
        "Briefing for {area}, {when}. Counted: {counted}. Records known up to {day}.",
        area=run.card["area"]["name"], when=run.label(step), counted=run.title, day=run.as_of_words,
    )  # fmt: skip
    closing = plain(CLOSING)
    more = [_place(k, one) for k, one in enumerate(tops[:5], 1)]
    new = [one for one in around.warnings if one.state == "new"]
    more += [
        plain("Early warning, {where}. {sentence}", where=one.where, sentence=one.sentence) for one in new[:2]
    ]
    if around.entries:
        titles = _list([str(one["title"]) for one in around.entries[:3]])
        more.append(plain("In hand of late: {works}.", works=titles))
    late = sum(bool(one["overdue"]) for one in around.actions)
    if late:
        more.append(plural("Overdue: {n} action of partners.", "Overdue: {n} actions of partners.", late))
    kept = [*sentences]
    for line in more:
        if words_in([opening, *kept, line, closing]) > MOST_WORDS:
            break
        kept.append(line)
    return [opening, *kept, closing]


def _place(k: int, one: Top) -> str:
    """Say one place: by the number where one or more is all but certain, else by the chance."""
    row = one.row
    said = plain("the chance of one or more is {chance}", chance=row.words)
    if row.mean is not None and row.mean >= 2:
        said = plain(
            "{mean} expected, likely {low} to {high}", mean=number(row.mean), low=row.q05, high=row.q95
        )
    trend = f"; {one.trend}" if one.arrow != NOT_KNOWN else ""
    return told(f"{k}. {row.name}: {said}{trend}.")


def words_in(lines: Sequence[str]) -> int:
    """Count words as they are said."""
    return sum(len(line.split()) for line in lines)


def _list(names: Sequence[str]) -> str:
    quoted = [one.replace(", ", " ") if len(names) > 1 else one for one in names]
    if len(quoted) == 1:
        return quoted[0]
    return plain("{list} and {last}", list=", ".join(quoted[:-1]), last=quoted[-1])


def _low(text: str) -> str:
    return text[:1].lower() + text[1:]
