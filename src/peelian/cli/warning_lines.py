"""What `warn` says, in plain lines."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from peelian.domain.warning_words import day

if TYPE_CHECKING:
    from peelian.domain.warning import Check, Corroboration, EarlyWarning, Similar
    from peelian.pipeline.warning.raising import Raised


def raised_lines(made: Raised) -> list[str]:
    """Say each warning in a few lines; where there is none, one line and what was watched."""
    first, last = made.judged
    told = f"{made.every} judged: {day(first)} to {day(last)} (not included)"
    if not made.warnings:
        return [f"No early warnings as of {day(made.as_of)}; {watched_words(made)}.", told]
    many = len(made.warnings)
    head = f"{many} early warning{'' if many == 1 else 's'} of {made.target}, {made.area}, "
    lines = [f"{head}as of {day(made.as_of)}; {watched_words(made)}.", told, ""]
    for k, one in enumerate(made.warnings, 1):
        lines += [*warning_lines(one, k), ""]
    lines.append("Early signs about places, for a person to check: nothing is tasked by them.")
    if made.kept:
        lines.append(f"{made.kept} new; follow them with: peelian warning list")
    return lines


def watched_words(made: Raised) -> str:
    """Say how many places were watched, and how many cannot be judged and why."""
    words = f"{made.watched:,} places watched"
    if made.silent:
        why = "; ".join(f"{n:,}: {reason}" for reason, n in made.silent.items())
        words += f", {sum(made.silent.values()):,} cannot be judged ({why})"
    if made.unable:
        words += "; not used: " + "; ".join(f"{name} ({why})" for name, why in made.unable.items())
    return words


def warning_lines(one: EarlyWarning, number: int) -> list[str]:
    """Say one warning: where, since when, how strong, how often false, why, checks, similar past ones."""
    wide = f", within {one.radius_m:,.0f} m" if one.radius_m else ""
    lines = [
        f"{number}. {one.title}{wide}",
        f"   {', '.join(one.names[:4])}{', ...' if len(one.names) > 4 else ''}",
        f"   since {day(one.start)}: {one.observed:,.0f} reports, {one.expected:,.1f} expected; "
        f"{strength_words(one)}",
        f"   such warnings in the whole area when nothing has changed: {rate_words(one.false_alarms_a_week)}",
    ]
    lines += [f"   set off by: {why}" for why in one.set_off_by]
    lines += [f"   {corroboration_words(said)}" for said in one.corroboration]
    lines += [f"   {check_words(check)}" for check in one.checks]
    lines += [f"   {similar_words(past)}" for past in one.similar]
    if not one.plannable:
        lines.append("   for the ASB lead: never sent to a patrol plan, not drawn below LSOA")
    return lines


def strength_words(one: EarlyWarning) -> str:
    """Say strength with and without repeats at one point."""
    words = f"{one.strength:.1f} times"
    if one.strength_distinct is None:
        return f"{words} (repeats at one point cannot be told)"
    return f"{words} ({one.strength_distinct:.1f} times with repeats at one point counted once)"


def rate_words(a_week: float) -> str:
    """Say a rate a week so that it means something.

    >>> rate_words(0.5), rate_words(0.0001)
    ('0.50 a week', 'under 0.01 a week')
    """
    return f"{a_week:.2f} a week" if a_week >= 0.01 else "under 0.01 a week"


def corroboration_words(said: Corroboration) -> str:
    """Say what a detector that raises nothing says of a warning."""
    return f"{said.title}, {'in support' if said.supports else 'no support'}: {said.words}"


def check_words(check: Check) -> str:
    """Say a check of the data and whether it passed."""
    return f"check {'passed' if check.passed else 'NOT passed'}: {check.words}"


def similar_words(past: Similar) -> str:
    """Say a past warning and how it ended."""
    return f"like: {past.place}, {day(past.as_of)}, {past.strength:.1f} times: {past.outcome}; {past.after}"


def raised_json(made: Raised) -> dict[str, Any]:
    """Give everything said, for machines."""
    body = {key: value for key, value in vars(made).items() if key != "warnings"}
    return body | {"warnings": [asdict(one) for one in made.warnings]}
