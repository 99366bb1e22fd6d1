"""What a fairness audit says, in words: for the page, the record and the command line."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from peelian.evaluate.fairness import BAND, MISSED_GAP, Group, Measure

HEURISTIC: Final = (
    f"Referred when attention for harm lies outside {BAND['exposure'][0]:.2f} to {BAND['exposure'][1]:.2f}, "
    f"calibration outside {BAND['calibration'][0]:.2f} to {BAND['calibration'][1]:.2f}, or harm missed more "
    f"than {100 * MISSED_GAP:.0f} points above the whole area's, and chance would not make it (intervals at "
    "5 % shared over all comparisons). These bounds are a heuristic, not a legal test: passing them is not "
    "compliance with the equality duty."
)
TITLES: Final = {
    "deprivation": "By income deprivation of the neighbourhood (decile 1: most deprived)",
    "ethnicity": "By ethnic composition of the neighbourhood (quintile 1: lowest share of minority groups)",
    "rurality": "By rural and urban neighbourhoods",
    "force": "By police force",
}
_NAMES: Final = {
    "exposure": "attention for harm", "calibration": "calibration", "missed": "harm missed",
    "false_flags": "false flags",
}  # fmt: skip


def part_json(kind: str, groups: Sequence[Group]) -> dict[str, Any]:
    """Give one kind of area: a title, rows to print, and the groups' figures as numbers."""
    return {
        "id": kind, "title": TITLES[kind], "rows": [_row(one) for one in groups],
        "groups": [
            {"name": one.name, "areas": one.areas, "events": one.events, "alarms": list(one.alarms)}
            | {name: getattr(one, name).to_json() for name in _NAMES}
            for one in groups
        ],
    }  # fmt: skip


def _row(group: Group) -> dict[str, Any]:
    unit = "per 1,000 residents" if group.per == "residents" else "% of flags"
    return {
        "name": group.name, "areas": group.areas, "events": f"{group.events:,.0f}",
        "exposure": _ratio(group.exposure), "calibration": _ratio(group.calibration),
        "missed": _percent(group.missed),
        "false_flags": f"{_number(group.false_flags, '.1f')} {unit}".replace(" %", "\u00a0%"),
        "alarms": ", ".join(_NAMES[name] for name in group.alarms),
    }  # fmt: skip


def _ratio(one: Measure) -> str:
    return _number(one, ".2f")


def _percent(one: Measure) -> str:
    return f"{_number(Measure(100 * one.value, 100 * one.low, 100 * one.high), '.1f')}\u00a0%"


def _number(one: Measure, form: str) -> str:
    if not math.isfinite(one.value):
        return "not known"
    if not (math.isfinite(one.low) and math.isfinite(one.high)):
        return f"{one.value:{form}}"
    return f"{one.value:{form}} ({max(one.low, 0.0):{form}} to {one.high:{form}})"


def referral(parts: Mapping[str, Sequence[Group]]) -> str:
    """Say what was found, in a sentence; a disparity is referred, never quietly reweighted."""
    if not parts:
        return "Not audited: no lookup of areas is held, so no kind of area could be told from another."
    found = [
        f"{kind}, {group.name} ({', '.join(_NAMES[name] for name in group.alarms)})"
        for kind, groups in parts.items()
        for group in groups
        if group.alarms
    ]
    if not found:
        return (
            "No disparity beyond the bounds and beyond chance was found. "
            "That is not proof that there is none."
        )
    return (
        f"Referral to the ethics body: disparity beyond the bounds and beyond chance in {'; '.join(found)}."
    )
