"""What is said of a warning, on pages, in mail and to machines: the same few plain sentences everywhere."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from typing import Final

from peelian.domain.target import TARGETS
from peelian.domain.warning import REPEATS_WORDS, EarlyWarning

NOT_MEANT: Final = (
    "It does not say who, or why. Reporting may have risen rather than harm; some warnings are false alarms. "
    "It is no reason to stop, search or suspect anyone, and it tasks nobody: a person decides what to check."
)
COARSE: Final = frozenset({"lsoa", "msoa", "ward", "district", "csp", "force"})
"""Supports that repeat reports at one point may be shown by."""


def target_words(name: str) -> str:
    """Say what was counted.

    >>> target_words("asb")
    'anti-social behaviour'
    """
    target = TARGETS.get(name)
    return target.words if target else name


def has_point(warning: EarlyWarning) -> bool:
    """Whether its point and circle may be shown: not where it is made of repeats at one point."""
    return warning.plannable and warning.kind != "repeats"


def shown(warning: EarlyWarning) -> EarlyWarning:
    """Give the warning as it may be shown: of repeats at one point, nothing below LSOA.

    A street named in a title, the circle's middle or a square's number would say too much of one address.
    """
    if has_point(warning):
        return warning
    bare = replace(
        warning, title="", easting=math.nan, northing=math.nan, radius_m=math.nan, similar=(), plannable=False
    )
    return (
        bare if warning.support in COARSE else replace(bare, support="area", places=(), names=(), counts=())
    )


def where(warning: EarlyWarning) -> str:
    """Say where, never more finely than may be shown: repeats at one point by their LSOA at the finest."""
    if has_point(warning):
        return warning.title or ", ".join(warning.names[:3])
    named = ", ".join(warning.names[:3]) if warning.support in COARSE else ""
    return f"{REPEATS_WORDS[:1].upper()}{REPEATS_WORDS[1:]}, {named or 'place not shown below LSOA'}"


def times(strength: float) -> str:
    """Say how many times the expected number.

    >>> times(2.44), times(12.6), times(float("inf"))
    ('2.4 times', '13 times', 'many times')
    """
    if not math.isfinite(strength):
        return "many times"
    return f"{strength:.0f} times" if strength >= 10 else f"{strength:.1f} times"


def strength(warning: EarlyWarning) -> str:
    """Say how strong it is, with repeats at one point and without."""
    with_all = f"{times(warning.strength)} what was expected"
    if warning.strength_distinct is None:
        return f"{with_all} (repeats at one point cannot be told)"
    return f"{with_all}; {times(warning.strength_distinct)} with repeats at one point counted once"


def false_alarms(a_week: float) -> str:
    """Say how many such warnings come by chance.

    >>> false_alarms(0.5), false_alarms(0.02), false_alarms(2.0)
    ('once in 2 weeks by chance', 'once in 50 weeks by chance', '2 a week by chance')
    >>> false_alarms(1e-6)
    'less than once in 10 years by chance'
    """
    if not math.isfinite(a_week):
        return "not known"
    if a_week >= 1:
        return f"{a_week:.2g} a week by chance"
    if a_week * 520 < 1:
        return "less than once in 10 years by chance"
    return f"once in {1 / a_week:,.0f} weeks by chance"


def day(value: date) -> str:
    """Give a British date.

    >>> day(date(2026, 11, 2))
    '2 November 2026'
    """
    return f"{value.day} {value:%B %Y}"


def reports(many: float) -> str:
    """Say a count of reports.

    >>> reports(1.0), reports(1234.2)
    ('1 report', '1,234 reports')
    """
    said = f"{many:,.0f}"
    return f"{said} report{'' if said == '1' else 's'}"


def sentence(warning: EarlyWarning) -> str:
    """Say the whole warning in one sentence of counts and dates.

    An escalation counts what came before its target: its own first sentence says what of.
    """
    if warning.kind == "escalation" and warning.set_off_by:
        said = warning.set_off_by[0]
        return said if said.endswith(".") else f"{said}."
    return (
        f"Since {day(warning.start)}, {reports(warning.observed)} of {target_words(warning.target)} "
        f"where {warning.expected:,.1f} were expected: {strength(warning)}."
    )


def subject(warning: EarlyWarning, why: str = "") -> str:
    """Give the heading of a message."""
    return f"Early warning: {where(warning)}{f' ({why})' if why else ''}"


def what(warning: EarlyWarning) -> str:
    """Say what was counted, and how many."""
    if warning.kind == "escalation":
        return f"signs that {target_words(warning.target)} may follow: {sentence(warning)}"
    return f"{target_words(warning.target)}: {reports(warning.observed)}, {warning.expected:,.1f} expected"


def text(warning: EarlyWarning, link: str, why: str = "") -> str:
    """Give a message's text: what, where, since when, how strong, what it does not mean, where to look."""
    lines = [
        f"{why}.\n" if why else "",
        f"What: {what(warning)}",
        f"Where: {where(warning)}",
        f"Since: {day(warning.start)} (as known on {day(warning.as_of)})",
        f"How strong: {strength(warning)}",
        f"So strong a warning in the whole area: {false_alarms(warning.false_alarms_a_week)}",
        "",
        f"What it does NOT mean: {NOT_MEANT}",
        "",
        f"Look at it, and say that it was seen: {link}",
    ]
    return "\n".join(lines).strip() + "\n"
