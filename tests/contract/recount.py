"""A second count of the same things, one event at a time, that shares no code with what it checks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

import numpy as np

from tests.contract.histories import COLUMNS, SIDE, Case, Row, midnight

PUBLIC = {"violence", "knife-violence", "violence-any-agency"}
COUNTED = {
    "violence": {"violence"}, "knife-violence": {"violence", "robbery"}, "robbery": {"robbery"},
    "violence-any-agency": {"violence", "ambulance-assault", "ed-assault"}, "asb": {"asb"},
    "burglary": {"burglary"}, "theft": {"theft"}, "vehicle": {"vehicle"}, "damage": {"damage"},
}  # fmt: skip
FEATURES = (
    "violence", "robbery", "asb", "burglary", "vehicle", "theft", "damage", "fire", "ambulance-assault",
    "ed-assault",
)  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What the panel must hold."""

    types: list[str]
    counts: np.ndarray
    elsewhere: np.ndarray
    seen: np.ndarray
    marks_known: bool
    some_left_out: bool


def next_start(day: date, every: str) -> date:
    if every == "month":
        return date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return day + timedelta(days=7 if every == "week" else 1)


def periods(case: Case) -> list[date]:
    out = [case.start]
    while out[-1] < case.origin:
        out.append(next_start(out[-1], case.every))
    assert out[-1] == case.origin
    return out


def standing(rows: list[Row], as_of: datetime, before: datetime) -> list[Row]:
    newest: dict[tuple[int, int], Row] = {}
    for row in rows:
        key = row["key_hi"], row["key_lo"]
        if row["available_at"] <= as_of and (key not in newest or newest[key]["version"] < row["version"]):
            newest[key] = row
    return [
        r for r in newest.values()
        if r["op"] != "retract" and r["scope"] in ("target", "feature") and r["start"] < before
    ]  # fmt: skip


def private(row: Row) -> bool:
    return row["setting"] == "dwelling" or row["domestic"] == "yes" or row["sexual"] == "yes"


def is_target(row: Row, target: str) -> bool:
    if row["scope"] != "target" or row["group"] not in COUNTED[target]:
        return False
    if target in PUBLIC and private(row):
        return False
    return target != "knife-violence" or row["knife"] in ("medium", "high")


def shares(row: Row, bounds: list[datetime]) -> dict[int, float]:
    start, end = row["start"], row["end"] or row["start"]
    out: dict[int, float] = {}
    for k in range(len(bounds) - 1):
        if end <= start:
            if bounds[k] <= start < bounds[k + 1]:
                out[k] = 1.0
            continue
        overlap = (min(end, bounds[k + 1]) - max(start, bounds[k])).total_seconds()
        if overlap > 0:
            out[k] = overlap / (end - start).total_seconds()
    return out


def cell_of(row: Row) -> int:
    if row["easting"] is None:
        return -1
    return int(row["northing"] // SIDE) * COLUMNS + int(row["easting"] // SIDE)


def published(case: Case, groups: set[str], first: date, last: date) -> bool:
    for group in groups:
        feeds: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for sent in case.deliveries:
            if group in sent["groups"] and sent["available_at"] <= case.as_of:
                feeds[sent["source"], sent["force"]].append(sent)
        day = first
        while day < last:
            begun = [f for f in feeds.values() if min(s["start"] for s in f) <= day]
            if not begun or not all(any(s["start"] <= day < s["end"] for s in f) for f in begun):
                return False
            day += timedelta(days=1)
    return True


def recount(case: Case) -> Answer:
    """Count a case by hand."""
    days = periods(case)
    bounds = [midnight(day) for day in days]
    rows = standing(case.rows, case.as_of, midnight(case.origin))
    mine = COUNTED[case.target]
    whole = mine if len(mine) == 1 and case.target != "knife-violence" else set()
    present = {r["group"] for r in rows}
    types = [case.target, *(g for g in FEATURES if g in present and g not in whole)]
    counts = np.zeros((len(types), len(days) - 1, len(case.cells)))
    elsewhere = np.zeros((len(types), len(days) - 1))
    for row in rows:
        hidden = case.target in PUBLIC and private(row)
        for k, name in enumerate(types):
            counted = is_target(row, case.target) if k == 0 else row["group"] == name and not hidden
            for period, share in shares(row, bounds).items() if counted else ():
                cell = cell_of(row)
                if cell in case.cells:
                    counts[k, period, case.cells.index(cell)] += row["n"] * share
                else:
                    elsewhere[k, period] += row["n"] * share
    seen = np.array(
        [
            [published(case, mine if k == 0 else {name}, a, b) for a, b in pairwise(days)]
            for k, name in enumerate(types)
        ]
    )
    if case.lag:
        seen[:, len(days) - 1 - case.lag :] = False
    about = [r for r in rows if r["group"] in mine]
    known = [
        sum(r[m] != "unknown" for r in about) >= 0.95 * len(about) for m in ("setting", "domestic", "sexual")
    ]
    left = case.target in PUBLIC and any(private(r) for r in about)
    return Answer(
        types, counts * seen[:, :, None], elsewhere * seen, seen, bool(about) and all(known), left
    )  # fmt: skip
