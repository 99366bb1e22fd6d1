"""The 43 forces with what is held of each: held, silent or not held. A picker, no league table."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any, Final

from peelian.api.coverage import feeds_of
from peelian.api.languages import plain, plural, told
from peelian.api.wording import day
from peelian.domain.forces import FORCES
from peelian.domain.target import TARGETS
from peelian.store.coverage import coverage
from peelian.store.runs import RunRow, list_runs
from peelian.store.workspace import Workspace

SILENT_AFTER_DAYS: Final = 92
"""A force whose newest day is older than this is told as silent: open data come monthly, weeks late."""


def forces(ws: Workspace, purpose: str, today: date) -> dict[str, Any]:
    """Give `forces` (43 rows by name) and `others` (areas with runs or data that are none of them).

    A row: code, name, state (held, silent, not held), words, from, to, rows, and runs to open.
    """
    by_force = defaultdict(list)
    for feed in feeds_of(coverage(ws, purpose=purpose), today):
        by_force[feed.force].append(feed)
    runs: dict[str, dict[tuple[str, str], RunRow]] = defaultdict(dict)
    for row in list_runs(ws):
        runs[row.area].setdefault((row.target, row.every), row)
    known = {one.code for one in FORCES}
    others = sorted((set(by_force) | set(runs)) - known - {""})
    return {
        "forces": [_row(one.code, one.name, by_force[one.code], runs[one.code]) for one in FORCES],
        "others": [_row(code, _area(runs[code], code), by_force[code], runs[code]) for code in others],
        "silent_after_days": SILENT_AFTER_DAYS,
    }


def _row(code: str, name: str, feeds: list[Any], runs: dict[tuple[str, str], RunRow]) -> dict[str, Any]:
    row: dict[str, Any] = {"code": code, "name": name, "runs": [_run(one) for one in runs.values()]}
    if not feeds:
        words = plain("forecasts are held, their records are not") if runs else plain("nothing is held")
        return row | {"state": "not held", "words": words, "from": None, "to": None, "rows": 0, "gaps": 0}
    first, last = min(one.first for one in feeds), max(one.last for one in feeds)
    age = min(one.age_days for one in feeds)
    gaps = max(one.gaps for one in feeds)
    state = "silent" if age > SILENT_AFTER_DAYS else "held"
    words = plain("{first} to {last}", first=day(first), last=day(last))
    if gaps:
        lacks = plural(
            "{n} month of the last 36 missing, not zero", "{n} months of the last 36 missing, not zero", gaps
        )
        words = f"{words}, {lacks}"
    if state == "silent":
        words = plain("{words}; silent for {days} days", words=words, days=f"{age:,}")
    return row | {
        "state": state, "words": told(words), "from": first.isoformat(), "to": last.isoformat(),
        "rows": sum(one.rows for one in feeds), "gaps": gaps,
    }  # fmt: skip


def _run(row: RunRow) -> dict[str, Any]:
    known = TARGETS.get(row.target)
    title = row.card.get("title") or (known.words if known else row.target)
    return {"run": row.run_id, "title": str(title), "every": row.every, "origin": row.card.get("origin")}


def _area(runs: dict[tuple[str, str], RunRow], code: str) -> str:
    for row in runs.values():
        name = (row.card.get("area") or {}).get("name")
        if name:
            return str(name)
    return code
