"""What a validation says: figures with small counts withheld, one answer, and its power in plain words."""

from __future__ import annotations

import math
from typing import Any, Final

from peelian.evaluate.interval import Interval
from peelian.evaluate.validation import Hits, Validation

FLOOR: Final = 10
"""Counts under this are given as "under 10", and no figure from which they could be worked out."""
UNDER: Final = f"under {FLOOR}"
ENOUGH: Final = 0.05
"""Nats an event: a test that would have missed a gain of this size cannot say that there is none."""


def answer_of(found: Validation) -> str:
    """Give `better`, `worse`, `not better` or `too few to tell`."""
    if found.events < FLOOR:
        return "too few to tell"
    if found.gain.above_zero:
        return "better"
    if found.gain.below_zero:
        return "worse"
    able = found.power.reached and found.power.gain <= ENOUGH
    return "not better" if able else "too few to tell"


def figures(found: Validation) -> dict[str, Any]:
    """Give the figures as plain values: totals, rounded, small counts withheld; no place, no day, no code."""
    out: dict[str, Any] = {
        "windows": found.windows, "from": f"{found.first:%Y-%m}", "to": f"{found.until:%Y-%m}",
        "answer": answer_of(found), "model": found.model, "rival": found.rival,
    }  # fmt: skip
    if found.events < FLOOR:
        return out | {"events": UNDER}
    power = found.power
    return out | {
        "events": round(found.events), "gain": _interval(found.gain),
        "hit_rates": [_hits(one, found.events) for one in found.hits],
        "calibration": {
            "slope": _round(found.slope), "bias": _round(found.bias), "pit_5_to_95": _round(found.pit),
            "pit_by": found.pit_level,
        },
        "power": {
            "smallest_gain": _round(power.gain) if power.reached else None, "at": "80 %",
            "tried_up_to": _round(power.gain), "false_alarms": _round(power.false),
        },
        "intervals": found.intervals,
    }  # fmt: skip


def sentences(body: dict[str, Any]) -> list[str]:
    """Say the figures in plain words, one line each; from `figures` alone, so that neither says more."""
    events = body["events"]
    head = f"{body['windows']} held-back windows, {body['from']} to {body['to']}: {events} events."
    if events == UNDER:
        return [head, "Too few to tell: with so few events no figure would mean anything, and none is given."]
    lines = [head, _gain_words(body), _power_words(body)]
    lines += [_hit_words(one) for one in body["hit_rates"]]
    c = body["calibration"]
    lines.append(
        f"Calibration: slope {_said(c['slope'])} (1 is right), bias {_said(c['bias'], '+.1%')}, "
        f"{_said(c['pit_5_to_95'], '.0%')} of the PIT between 5 and 95 % by {c['pit_by']} (90 % is right)."
    )
    return [line.replace("%", " %").replace("  %", " %") for line in lines]


def _gain_words(body: dict[str, Any]) -> str:
    g = body["gain"]
    how = f"{_said(g['value'], '+.3f')} nats an event over “{body['rival']}”, 95 % interval "
    how += f"{_said(g['low'], '+.3f')} to {_said(g['high'], '+.3f')}"
    start = {
        "better": "Better than the best plain count",
        "worse": "Worse than the best plain count",
        "not better": "Not better than the best plain count",
        "too few to tell": "Too few to tell",
    }[body["answer"]]
    return f"{start}: {how}."


def _power_words(body: dict[str, Any]) -> str:
    smallest = body["power"]["smallest_gain"]
    if smallest is None:
        return (
            f"Power: with {body['events']} events even a gain of {body['power']['tried_up_to']:.3f} nats an "
            "event would have been found in fewer than four of five such tests."
        )
    return (
        f"Power: with {body['events']} events a gain of {smallest:.3f} nats an event "
        f"({math.exp(smallest):.2f} times the probability) or more would have been found in four of five "
        "such tests; a smaller one would mostly have been missed."
    )


def _hit_words(one: dict[str, Any]) -> str:
    at = f"First {one['share']:.0%} of the area"
    if one["rate"] is None:
        return f"{at}: {UNDER} events caught or missed; withheld (standard error ±{one['error']:.1%})."
    gain = one["gain"]
    return (
        f"{at}: {one['rate']:.1%} of events (standard error ±{one['error']:.1%}), plain count "
        f"{one['rival']:.1%}; difference {_said(gain['value'], '+.1%')}, 95 % interval "
        f"{_said(gain['low'], '+.1%')} to {_said(gain['high'], '+.1%')}."
    )


def _hits(one: Hits, events: float) -> dict[str, Any]:
    small = any(min(r, 1 - r) * events < FLOOR - 0.5 for r in (one.rate, one.rival))
    return {
        "share": one.share, "rate": None if small else _round(one.rate),
        "rival": None if small else _round(one.rival), "gain": None if small else _interval(one.gain),
        "error": _round(one.error), "withheld": UNDER if small else None,
    }  # fmt: skip


def _interval(one: Interval) -> dict[str, float | None]:
    return {"value": _round(one.value), "low": _round(one.low), "high": _round(one.high)}


def _round(value: float) -> float | None:
    return round(value, 4) if math.isfinite(value) else None


def _said(value: float | None, form: str = ".2f") -> str:
    return "unknown" if value is None else format(value, form)
