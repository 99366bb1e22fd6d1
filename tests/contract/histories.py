"""Small random histories with everything that counting can get wrong in them, as plain rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from peelian.domain.event import LEDGER_SCHEMA
from tests.features.ledger import DEFAULTS

LONDON = ZoneInfo("Europe/London")
SIDE, COLUMNS = 250.0, 2800
WEST, SOUTH = 400_000.0, 200_000.0
Row = dict[str, Any]
GROUPS = ("violence", "robbery", "asb", "burglary", "drugs", "ambulance-assault", "ed-assault")
OFTEN = (*GROUPS, "violence", "violence", "asb", "burglary", "robbery")


@dataclass(frozen=True)
class Case:
    """One history and one question asked of it."""

    rows: list[Row]
    deliveries: list[Row]
    cells: tuple[int, ...]
    target: str
    every: str
    start: date
    origin: date
    as_of: datetime
    lag: int

    @property
    def events(self) -> pl.DataFrame:
        return pl.DataFrame(self.rows, schema=LEDGER_SCHEMA, orient="row").with_columns(
            pl.col("force").alias("part")
        )

    @property
    def coverage(self) -> pl.DataFrame:
        schema = {
            "source": pl.String, "force": pl.String, "groups": pl.List(pl.String), "start": pl.Date,
            "end": pl.Date, "available_at": pl.Datetime("us", "UTC"),
        }  # fmt: skip
        return pl.DataFrame(self.deliveries, schema=schema, orient="row")


def midnight(day: date) -> datetime:
    """The instant at which a London day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)


def mask() -> tuple[int, ...]:
    """A block of 5 x 4 cells without one of them."""
    ids = [(800 + r) * COLUMNS + 1600 + c for r in range(4) for c in range(5)]
    return tuple(sorted(set(ids) - {ids[7]}))


def history(seed: int, first: date, last: date, count: int = 420) -> list[Row]:
    """Draw events from a week before `first` to a week after `last`, revised and retracted at random."""
    rng = np.random.default_rng(seed)
    pick = lambda *values: values[int(rng.integers(len(values)))]  # noqa: E731
    days = (last - first).days + 14
    share = 0.97 if seed % 2 else 0.7  # of rows that carry marks
    out: list[Row] = []
    for k in range(count):
        day = first - timedelta(days=7) + timedelta(days=int(rng.integers(days)))
        row = _event(rng, pick, day, k, share)
        out.append(row)
        known = row["available_at"]
        for version in range(1, int(rng.choice([1, 1, 1, 2, 3]))):
            known = known + timedelta(hours=int(rng.integers(1, 900)))
            newer = _event(rng, pick, day + timedelta(days=int(rng.integers(-9, 10))), k, share)
            kept = {"source": row["source"], "force": row["force"], "version": version}
            operation = pick("revise", "revise", "retract")
            out.append(newer | kept | {"available_at": known, "op": operation, "group": row["group"]})
    order = rng.permutation(len(out))
    return [out[k] for k in order]


def _event(rng: np.random.Generator, pick: Any, day: date, k: int, share: float) -> Row:
    start = midnight(day) + pick(
        timedelta(0), timedelta(0), timedelta(microseconds=-1), timedelta(hours=12), timedelta(hours=23),
        timedelta(minutes=30), timedelta(hours=-1),
    )  # fmt: skip
    length = pick(timedelta(0), timedelta(0), timedelta(hours=6), timedelta(days=2), timedelta(days=11))
    column, row = rng.integers(-1, 6), rng.integers(-1, 5)
    inside = pick(0.0, 0.0, 1.0, 125.0, 249.5)
    place = pick(True, True, True, True, True, True, False)
    marked = rng.random() < share
    return dict.fromkeys(LEDGER_SCHEMA) | DEFAULTS | {
        "key_hi": k % 7, "key_lo": k, "group": pick(*OFTEN), "n": int(rng.integers(1, 4)),
        "start": start, "end": pick(start, None) if not length else start + length,
        "easting": WEST + SIDE * column + inside if place else None,
        "northing": SOUTH + SIDE * row + pick(0.0, 60.0, 249.5) if place else None,
        "knife": pick("high", "medium", "low", "none", "unknown"),
        "setting": pick("dwelling", "public", "other", "public", "public") if marked else "unknown",
        "domestic": pick("yes", "no", "no") if marked else "unknown",
        "sexual": pick("yes", "no", "no", "no") if marked else "unknown",
        "scope": pick("target", "target", "target", "target", "target", "feature", "audit", "display"),
        "available_at": start + length + timedelta(hours=int(rng.choice([0, 5, 400]))),
        "source": pick("police_crime", "police_uk"), "force": pick("north", "south"),
    }  # fmt: skip


def deliveries(seed: int, first: date, last: date) -> list[Row]:
    """Draw deliveries: whole and in parts, early and late, some with a hole; two more feeds, one a copy."""
    rng = np.random.default_rng(seed)
    whole = {"source": "police_crime", "force": "north", "groups": list(GROUPS)}
    out: list[Row] = []
    day = first - timedelta(days=3)
    while day < last + timedelta(days=40):
        length = int(rng.integers(5, 30))
        if rng.random() > 0.06:
            late = midnight(day + timedelta(days=length + int(rng.choice([0, 0, 0, 0, 1, 30]))))
            groups = [list(GROUPS), list(GROUPS[:3]), list(GROUPS[:1]), list(GROUPS[2:])]
            groups = groups[int(rng.choice([0, 0, 0, 0, 0, 0, 0, 1, 2, 3]))]
            span = {"start": day, "end": day + timedelta(days=length), "available_at": late}
            out.append(whole | {"groups": groups} | span)
        day += timedelta(days=length)
    middle = first + (last - first) / 2
    second = {"source": "police_uk", "force": "south", "groups": ["violence", "asb"]}
    span = {"start": middle, "end": last + timedelta(days=40), "available_at": midnight(first)}
    copy = {"source": "police_uk", "force": "north", "groups": ["violence", "robbery"]}
    all_of_it = {"start": first - timedelta(days=3), "end": last + timedelta(days=40)}
    return [*out, second | span, copy | all_of_it | {"available_at": midnight(first)}]


def _on_the_edge(rows: list[Row], origin: date, as_of: datetime, k: int) -> list[Row]:
    """Put some rows where a comparison decides, and take marks from some."""
    out = []
    for n, row in enumerate(rows):
        changed = dict(row)
        if n % 11 == 0 and row["version"] == 0 and row["available_at"] < as_of:
            changed["available_at"] = as_of
        if k == 1 and n % 3 == 0:
            changed["sexual"] = "unknown"
        if k == 3:
            ours = row["group"] in ("violence", "ambulance-assault", "ed-assault")
            changed |= dict.fromkeys(("domestic", "sexual"), "no" if ours else "unknown")
            changed["setting"] = ("public" if n % 5 else "dwelling") if ours else "unknown"
        out.append(changed)
    after = [("theft", midnight(origin)), ("vehicle", midnight(origin) + timedelta(days=3))]
    for n, (group, start) in enumerate(after):
        row = rows[0] | {"key_hi": 99, "key_lo": n, "version": 0, "op": "assert", "scope": "target"}
        out.append(row | {"group": group, "start": start, "end": start, "available_at": as_of})
    return out


def cases() -> list[Case]:
    """The questions asked of every mutant: each target, months, weeks and days, with and without lag."""
    plan = [
        ("violence", "month", date(2021, 1, 1), date(2022, 1, 1), 0),
        ("knife-violence", "month", date(2021, 2, 1), date(2022, 4, 1), 1),
        ("burglary", "week", date(2021, 3, 1), date(2021, 11, 15), 0),
        ("violence-any-agency", "week", date(2021, 1, 4), date(2021, 6, 7), 2),
        ("robbery", "day", date(2021, 3, 20), date(2021, 4, 12), 0),
        ("asb", "day", date(2021, 10, 20), date(2021, 11, 12), 3),
    ]
    out = []
    for k, (target, every, start, origin, lag) in enumerate(plan):
        rows, sent = history(k, start, origin, 420 + 400 * (k == 1)), deliveries(k + 50, start, origin)
        as_of = midnight(origin) if k % 2 == 0 else midnight(origin - timedelta(days=2))
        out.append(
            Case(_on_the_edge(rows, origin, as_of, k), sent, mask(), target, every, start, origin, as_of, lag)
        )
    return out
