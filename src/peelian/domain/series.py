"""What a detector is given: counts of a target by place and period, cut at `as_of`, and what was expected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from peelian.domain.time import Every

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Points:
    """Reports with their own point and time: N of them, oldest first. Only what may be shown (never homes).

    `easting`, `northing` in the grid's CRS; `day` whole days before the end of the series, 0 the last day;
    `place` indexes the series' places, -1 where none; `weight` (N,) a report's share inside its interval.
    """

    easting: Floats
    northing: Floats
    day: npt.NDArray[np.int64]
    place: npt.NDArray[np.int64]
    weight: Floats


@dataclass(frozen=True, eq=False)
class Expected:
    """A forecast of the last period made before it began: `mean`, `dispersion` (A,), negative binomial."""

    mean: Floats
    dispersion: Floats
    run: str


@dataclass(frozen=True, eq=False)
class Series:
    """Counts of `target` in A places over P consecutive periods; the last one is the one judged.

    Shapes: `counts` (P, A) float with fractions where an event's time spans periods; `observed` (P, A) bool,
    False is missing and never zero; `distinct` (P, A) the same counts with reports at one exact point in one
    period counted once, None where points are unknown; `easting`, `northing` (A,) centres in metres.
    `support` is `cell`, `lsoa`, `msoa` or `block`. `drivers` are other targets' counts (P, A), by name, of
    reports from the public and services only.
    """

    target: str
    every: Every
    support: str
    starts: tuple[date, ...]
    end: date
    places: tuple[str, ...]
    easting: Floats
    northing: Floats
    counts: Floats
    observed: npt.NDArray[np.bool_]
    distinct: Floats | None = None
    expected: Expected | None = None
    points: Points | None = None
    drivers: tuple[tuple[str, Floats], ...] = ()
