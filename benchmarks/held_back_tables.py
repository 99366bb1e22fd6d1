"""The tables of the held-back periods, printed from what `held_back.py --out` wrote.

usage: python benchmarks/held_back_tables.py [FILE.json ...]   (default docs/evidence/held-back.json)
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

KEPT = Path(__file__).resolve().parents[1] / "docs" / "evidence" / "held-back.json"
PLAIN = ("last-period", "year-count", "five-year-count", "kde")
GAINS = """\
Gain in log score of the model that the gate would serve, nats an event: over the rival (95 %), the plain
count of the best log score before the window, and over four simpler ones. Served is what the gate made of it.

| data | events | served | rival | over the rival | over last period | last year | five years | KDE | slope |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"""
DOUBT = """\
Hits more than the rival's, in points of a per cent (95 %); bias; the randomised PIT between 0.05 and 0.95 (in
brackets the share of counts inside the 90 % interval), by place and period, all and by third of the rate.

| data | at 1 % | at 2 % | at 5 % | bias | places | all | lowest third | middle third | highest third |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"""


def candidate(case: dict[str, Any]) -> dict[str, Any]:
    """Give the scores of the model compared with the rival (the rival's where none was)."""
    name = case["verdict"].get("candidate") or case["rival"]
    found: dict[str, Any] = next(one for one in case["models"] if one["id"] == name)
    return found


def spread(gain: dict[str, float], form: str, times: float = 1.0) -> str:
    """Give a value with its interval."""
    value, low, high = (format(times * gain[name], form) for name in ("value", "low", "high"))
    return f"{value} ({low} to {high})"


def gains_row(name: str, case: dict[str, Any]) -> str:
    """Give a case's line of the first table."""
    best, score = candidate(case), {one["id"]: one["log_score"] for one in case["models"]}
    cells = [
        name, f"{case['events']:,.0f}", case["verdict"]["served"], case["rival"],
        spread(best["gain"], "+.3f"), *(f"{best['log_score'] - score[one]:+.3f}" for one in PLAIN),
        f"{best['calibration']['slope']:.2f}",
    ]  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def doubt_row(name: str, case: dict[str, Any]) -> str:
    """Give a case's line of the second table: squares of 1 km where no LSOAs are loaded."""
    best = candidate(case)
    level = next((one for one in best["doubt"] if one["level"] in {"lsoa", "block"}), best["doubt"][0])
    hits = [spread(c["gain"], "+.1f", 100) for c in best["capture"] if c["share"] in {0.01, 0.02, 0.05}]
    groups = [level["every"], *level["thirds"]]
    pits = [f"{100 * g['pit']:.1f} % ({100 * g['covered']:.1f} %)" for g in groups]
    bias = f"{100 * best['calibration']['bias']:+.1f} %"
    return "| " + " | ".join([name, *hits, bias, level["level"], *pits]) + " |"


def tables(found: dict[str, Any]) -> str:
    """Give both tables in Markdown."""
    first = [GAINS, *(gains_row(name, case) for name, case in found.items())]
    second = [DOUBT, *(doubt_row(name, case) for name, case in found.items())]
    return "\n".join([*first, "", *second])


if __name__ == "__main__":
    cases: dict[str, Any] = {}
    for path in [Path(p) for p in sys.argv[1:]] or [KEPT]:
        cases |= json.loads(path.read_text())
    print(tables(cases))
