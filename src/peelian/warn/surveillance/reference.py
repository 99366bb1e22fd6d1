"""Which past periods the judged one is compared with, and the level of season each belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.domain.errors import Misuse
from peelian.domain.series import Floats
from peelian.domain.time import YEAR_PERIODS, Every
from peelian.warn.surveillance.control import Control

Ints = npt.NDArray[np.int64]
_NONE: Final = -1


@dataclass(frozen=True, eq=False)
class Reference:
    """The past to fit: `rows` (n,) of the series, `level` (n,) from 0, `time` (n,) before the judged period.

    The judged period is row `judged`, at time 0, in the last level (`levels` less one).
    """

    rows: Ints
    level: Ints
    time: Floats
    judged: int
    levels: int


def anchors(starts: Sequence[date], every: Every, judged: int, years: int) -> list[int]:
    """Give the rows of the judged period and of the same period one to `years` years before, newest first.

    Weeks: the week whose first day is nearest to the date a year before. Shorter where history is shorter.
    """
    row = {day: i for i, day in enumerate(starts)}
    found = [judged]
    for back in range(1, years + 1):
        day = _years_before(starts[judged], back)
        if every == "week":
            off = (day - starts[judged]).days % 7
            day += timedelta(days=7 - off if off > 3 else -off)
        if day not in row:
            break
        found.append(row[day])
    return found


def steps(judged: int, years: int, every: Every) -> list[int]:
    """Give the same rows for a series without dates: a year is 52 weeks, 12 months or 365 days."""
    year = YEAR_PERIODS[every]
    return [judged - year * k for k in range(years + 1) if judged - year * k >= 0]


def reference(rows: list[int], control: Control, time: Floats) -> Reference:
    """Give the past that is compared, from the yearly `rows` (newest first) and every row's `time`.

    Around each year's row lie `half_window` rows each side: the last level. What lies between is cut into
    `levels` less one parts as even as can be, the longer ones first (Noufaily et al. 2013). The oldest window
    is cut where the series begins.

    Raises:
        Misuse: when history is too short, or there are more levels than periods between the windows.
    """
    judged, w, last = rows[0], control.half_window, control.levels - 1
    if len(rows) < 2:
        raise Misuse("history is too short for the reference windows", do="use fewer years")
    level = np.full(judged + 1, _NONE, np.int64)
    level[max(judged - w, 0) :] = last
    for newer, older in pairwise(rows):
        level[max(older - w, 0) : older + w + 1] = last
        between = newer - older - 2 * w - 1
        if last and between < last:
            raise Misuse(
                "more levels of season than periods between the windows",
                do="use fewer levels or a narrower window",
            )
        if last:
            sizes = np.full(last, between // last) + (np.arange(last) < between % last)
            level[older + w + 1 : newer - w] = np.repeat(np.arange(last), sizes)
    level[judged - control.newest_skipped :] = _NONE
    used = np.flatnonzero(level != _NONE)
    return Reference(used, level[used], time[used] - time[judged], judged, control.levels)


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return date(day.year - years, 3, 1)
