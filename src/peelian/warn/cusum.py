"""CUSUM for histories under three years: reports that have stayed high for weeks, each too small to tell.

Lucas (1985) for Poisson counts; Höhle and Paul (2008) with a negative binomial likelihood ratio. Its chance
when nothing has changed is drawn, not read from a table. See docs/models/cusum.md.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from peelian.domain.series import Floats, Series
from peelian.domain.time import YEAR_PERIODS
from peelian.domain.warning import DetectorSpec, Found, Signal
from peelian.domain.warning_words import day
from peelian.warn.surveillance.history import WATCHED, why_not
from peelian.warn.surveillance.moving import level
from peelian.warn.surveillance.signals import BELOW, FEWEST

SPEC: Final = DetectorSpec(
    "cusum", "Cumulative sum", "1",
    "Lucas 1985, Counted data CUSUM's; Höhle and Paul 2008, Count data regression charts", 15,
    "reports that have stayed above the place's level of the year before, for histories under three years",
)  # fmt: skip
TIMES: Final = 1.75
"""The rise the sum is tuned to: between one half more and twice as many."""
_YEARS: Final = 2
_MOST: Final = 4999
_ENOUGH: Final = 20


def detect(series: Series, *, seed: int) -> Found:
    """Judge the last weeks (8) or months (3) of each place against what came before them.

    Speaks for histories under three years; else `unable` says which detector does. See `watch`.
    """
    unable = why_not(series, "cusum")
    return Found(np.full(len(series.places), np.nan), unable=unable) if unable else watch(series, seed=seed)


def watch(series: Series, *, seed: int) -> Found:
    """Judge as `detect` does, whatever the length of history: of a long one, its last two years.

    `p` (A,) is the chance of so high a sum at the end of such a stretch when nothing has changed. Signals at
    `p` below x are on in a share x of periods at most, so a false one starts at most once in 1/x periods (the
    average run length between them). NaN where the last period or half the base is missing. The same `seed`
    gives the same chances.
    """
    series = _newest(series, _YEARS * YEAR_PERIODS[series.every] + WATCHED[series.every])
    from peelian.warn.surveillance.cusum_kernel import chances  # late: numba costs seconds

    rows = WATCHED[series.every]
    base = slice(0, len(series.starts) - rows)
    usual = level(series, base)
    y = np.where(series.observed, np.floor(series.counts + 1e-6), 0.0)[-rows:]
    out = chances(
        y,
        usual.moved[-rows:],
        usual.total,
        usual.exposure,
        usual.overdispersion,
        TIMES,
        _MOST,
        _ENOUGH,
        seed & 0xFFFFFFFF,
    )
    known = series.observed[-1] & (2 * series.observed[base].sum(axis=0) >= base.stop)
    p = np.where(known, out[:, 1], np.nan)
    rate = usual.total / np.maximum(usual.exposure, 1e-9)
    return Found(p, _signals(series, p, out[:, 2], y, rate * usual.moved[-rows:]))


def _newest(series: Series, rows: int) -> Series:
    """Give the last `rows` periods: the base must be of our time, for it knows no trend."""
    distinct = None if series.distinct is None else series.distinct[-rows:]
    counts, observed, starts = series.counts[-rows:], series.observed[-rows:], series.starts[-rows:]
    return replace(series, counts=counts, observed=observed, starts=starts, distinct=distinct)


def _signals(series: Series, p: Floats, began: Floats, y: Floats, due: Floats) -> tuple[Signal, ...]:
    rows, found = len(y), []
    for a in np.flatnonzero(p < BELOW).tolist():
        since = int(began[a]) - rows
        counted, expected = float(y[since:, a].sum()), float(due[since:, a].sum())
        if counted < FEWEST or counted <= expected:
            continue
        distinct = None if series.distinct is None else float(series.distinct[since:, a].sum())
        start = series.starts[since]
        found.append(Signal(
            SPEC.id, series.target, series.support, (series.places[a],), start, series.end, counted, expected,
            float(p[a]), float(series.easting[a]), float(series.northing[a]), 0.0, distinct=distinct,
            why=f"{counted:.0f} reports since {day(start)}; {expected:.1f} usual before",
        ))  # fmt: skip
    return tuple(found)
