"""Which column is which field: the likeliest whole, one column a field, under what a mapping allows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from peelian.propose.column import FIELDS, Column
from peelian.propose.kind import AREA_FEEDS, KIND_FEEDS

Floats = npt.NDArray[np.float64]

_TIMES: Final = ((), ("time",), ("hour",), ("end",))
_PLACES: Final = ((), ("easting", "northing"), ("longitude", "latitude"))
_FREE: Final = frozenset(
    {"id", "available_at", "offence", "n", "knife", "setting", "domestic", "sexual", "discovered_by", "lsoa"}
    | {"location_text", "grid_reference", "postcode", "uprn", "usrn", "narrative", "weapon", "status"}
)
_COUNTS: Final = frozenset({"area", "count", "measure", "basis", "age_band", "distinct", "available_at"})
_KINDS: Final = frozenset({"id", "available_at", "kind", "n", "lsoa", "status"})
_NEVER: Final = -12.0
_UNLIKELY: Final = -5.0
_RESCUED: Final = 0.65
_NONE: Final = 0.02  # odds that a file says no moment at all


@dataclass(frozen=True)
class Chosen:
    """The columns chosen, by field (`when` not yet named), each with its probability."""

    columns: dict[str, Column]
    confidence: dict[str, float]


def scored(feed: str) -> frozenset[str]:
    """Give every field that competes for the columns of a kind of feed."""
    places = (
        frozenset() if feed in AREA_FEEDS else frozenset({"easting", "northing", "longitude", "latitude"})
    )
    return allowed(feed) | {"when", "time", "hour", "end"} | places


def allowed(feed: str) -> frozenset[str]:
    """Give the fields a kind of feed has, but for the way of saying when and where."""
    if feed in AREA_FEEDS:
        return _COUNTS
    if feed in KIND_FEEDS:
        return _KINDS
    if feed == "emergency_department":
        return _FREE - {"offence"}  # its rows are all assaults; what was used is `weapon`
    return _FREE


def choose(columns: list[Column], chances: Floats, feed: str | None = None) -> Chosen:
    """Choose. `chances` is field by column; without `feed` all fields but those of areas compete."""
    odds = np.log(np.clip(chances, 1e-6, 1 - 1e-6)) - np.log1p(-np.clip(chances, 1e-6, 1 - 1e-6))
    free = allowed(feed) if feed else _FREE | {"kind", "area", "count", "measure"}
    places: Sequence[tuple[str, ...]] = ((),) if feed in AREA_FEEDS else _PLACES
    best: tuple[float, dict[str, int]] = (-math.inf, {})
    for time, place in product(_TIMES, places):
        total, found = _assign(columns, odds, free, ("when", *time), place, time)
        if total > best[0] + 1e-9:
            best = (total, found)
    found = _same_format(columns, best[1])
    chances = _rescued(columns, chances, free, found)
    picked = {field: columns[at] for field, at in found.items()}
    return Chosen(picked, _sure(chances, found))


def _rescued(columns: list[Column], chances: Floats, free: frozenset[str], found: dict[str, int]) -> Floats:
    """Take, in place and with little confidence, the likeliest offence or id where none was found.

    An offence only where most values read as offences, an id only where the name speaks for one.
    """
    chances = chances.copy()
    for field in ("offence", "id"):
        if field not in free or field in found:
            continue
        row = chances[FIELDS.index(field)]
        fit = [
            c for c, column in enumerate(columns)
            if c not in found.values() and row[c] > 0
            and (column.offences >= 0.6 and column.facts.distinct >= 3 if field == "offence"
                 else column.heard["id"] >= 0.4 and column.facts.unique > 0.95)
        ]  # fmt: skip
        if fit:
            at = max(fit, key=lambda c: float(row[c]))
            found[field] = at
            row[at] = max(row[at], _RESCUED)
    return chances


def _sure(chances: Floats, found: dict[str, int]) -> dict[str, float]:
    """How sure of each field: its probability, less where a column left over would do as well.

    A mapping must say when, so that the only column that could is surer than it looks by itself.
    """
    left = [c for c in range(chances.shape[1]) if c not in found.values()]
    sure = {}
    for field, at in found.items():
        row = np.clip(chances[FIELDS.index(field)], 1e-6, 1 - 1e-6)
        rival = float(row[left].max()) if left else 0.0
        sure[field] = float(row[at]) * float(row[at]) / (float(row[at]) + rival)
        if field == "when":
            odds = row / (1 - row)
            alone = float(odds[at] / (odds[[at, *left]].sum() + _NONE))
            sure[field] = max(sure[field], alone if rival < row[at] / 2 else 0.0)
    return sure


def _assign(
    columns: list[Column], odds: Floats, free: frozenset[str], times: tuple[str, ...], place: tuple[str, ...],
    way: tuple[str, ...],
) -> tuple[float, dict[str, int]]:  # fmt: skip
    fields = [*times, *place, *sorted(free)]
    table = odds[[FIELDS.index(field) for field in fields]].copy()
    need = len(times) + len(place)
    clocked = bool((odds[FIELDS.index("time")] > 0).any())
    table[:need] = np.where(table[:need] < _UNLIKELY, 4 * _NEVER, table[:need])
    for c, column in enumerate(columns):
        when = column.facts.when
        if way in (("time",), ("hour",)) and (when is None or when.grain != "date"):
            table[0, c] = 4 * _NEVER
        if way == ("end",) and clocked and when is not None and when.grain == "date":
            table[:2, c] = 4 * _NEVER  # days from and to say less than a day with its time
    table[need:] = np.maximum(table[need:], 0.0)
    blank = np.full((len(fields), len(fields)), -1e6)  # what is not needed may stay without a column
    for k in range(len(fields)):
        blank[k, k] = 0.0 if k >= need else _NEVER
    rows, at = linear_sum_assignment(-np.hstack([table, blank]))
    total, found = 0.0, {}
    for row, c in zip(rows.tolist(), at.tolist(), strict=True):
        if c < len(columns):
            total += float(table[row, c])
            if table[row, c] > 0 or row < need:
                found[fields[row]] = c
        else:
            total += float(blank[row, c - len(columns)])
    return total, {field: c for field, c in found.items() if table[fields.index(field), c] >= _UNLIKELY}


def _same_format(columns: list[Column], found: dict[str, int]) -> dict[str, int]:
    """Drop an end or a reported time that the one `time.format` of a mapping cannot read."""
    first = columns[found["when"]].facts.when if "when" in found else None
    out = dict(found)
    for field in ("end", "available_at"):
        other = columns[found[field]].facts.when if field in found else None
        if field in found and (first is None or other is None or other.format != first.format):
            del out[field]
    return out
