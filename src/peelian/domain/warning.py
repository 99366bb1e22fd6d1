"""Signals, and the early warnings they make: about a place and some weeks, never about a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

Kind = Literal["rise", "repeats", "escalation"]
State = Literal["new", "seen", "assigned", "acted", "closed"]
STATES: Final[tuple[State, ...]] = ("new", "seen", "assigned", "acted", "closed")
Outcome = Literal["problem confirmed", "nothing found", "data error", "already known", "unknown"]
REPEATS_WORDS: Final = "repeat reports: welfare and case-review check"
"""What a signal made mainly of repeats at one point becomes: for the ASB lead, never for a patrol."""


@dataclass(frozen=True)
class DetectorSpec:
    """One detector: its paper, what it needs, and in words what it looks for."""

    id: str
    title: str
    version: str
    paper: str
    needs_periods: int
    looks_for: str  # such as "more reports this week than in the same weeks of earlier years"


@dataclass(frozen=True)
class Signal:
    """One detector's finding: places (codes of `support`), from `start` to `end` (exclusive).

    `p` is the chance of so strong a signal in this place when nothing has changed, before any correction for
    looking at many places, unless `adjusted`: then it already allows for all places and windows searched.
    """

    detector: str
    target: str
    support: str
    places: tuple[str, ...]
    start: date
    end: date
    observed: float
    expected: float
    p: float
    easting: float
    northing: float
    radius_m: float
    adjusted: bool = False
    distinct: float | None = None  # observed, with repeats at one point counted once
    why: str = ""  # a sentence of counts and dates, never of a report


@dataclass(frozen=True, eq=False)
class Found:
    """What a detector says of the last period: `p` (A,) by place, NaN where it cannot say; and its signals.

    Signals are candidates: whether any becomes a warning is decided over all detectors, places and weeks.
    """

    p: npt.NDArray[np.float64]
    signals: tuple[Signal, ...] = ()
    unable: str = ""  # why it cannot say anything at all, in words; empty when it can


@dataclass(frozen=True)
class Check:
    """One check of the data behind a warning: whether it passed, in words."""

    name: str
    passed: bool
    words: str


@dataclass(frozen=True)
class Corroboration:
    """What a detector that raises nothing by itself says of a warning: whether it supports it, in words."""

    detector: str
    title: str
    supports: bool
    words: str  # of counts, dates and chances; never of a report


@dataclass(frozen=True)
class Counted:
    """One past period of a warning's places together: reports, and what was expected; None is not known."""

    start: date
    observed: float | None
    expected: float | None = None


@dataclass(frozen=True)
class Similar:
    """A past warning alike in place, size or kind, and how it ended."""

    warning: str
    as_of: date
    place: str
    strength: float
    outcome: str
    after: str  # what the next weeks showed, in words


@dataclass(frozen=True)
class EarlyWarning:
    """Overlapping signals as one: where, since when, how strong, how often such a one is false."""

    id: str
    kind: Kind
    target: str
    title: str
    area: str
    support: str
    places: tuple[str, ...]
    names: tuple[str, ...]
    easting: float
    northing: float
    radius_m: float
    start: date
    as_of: date
    observed: float
    expected: float
    strength: float  # observed over expected
    strength_distinct: float | None  # the same with repeats at one point counted once
    p: float
    false_alarms_a_week: float  # expected of all such warnings in the whole area, when nothing has changed
    detectors: tuple[str, ...]
    set_off_by: tuple[str, ...]
    checks: tuple[Check, ...] = ()
    similar: tuple[Similar, ...] = field(default=())
    plannable: bool = True  # false: never sent to a patrol plan, not drawn below LSOA
    counts: tuple[Counted, ...] = ()  # the last periods of its places, oldest first, where they may be shown
    until: date | None = None  # end (exclusive) of the last period looked at; None: not noted when raised
    corroboration: tuple[Corroboration, ...] = ()  # of detectors that raise nothing; empty: not asked
    agreements: tuple[str, ...] = ()  # ids of those under which the rows came that it was raised from
