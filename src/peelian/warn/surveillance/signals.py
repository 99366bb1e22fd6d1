"""Places with a low chance as signals: candidates, in counts and dates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from peelian.domain.series import Floats, Series
from peelian.domain.warning import Signal

BELOW: Final = 0.01
"""The chance below which a place is a candidate: generous, since the decision is made over all of them."""
FEWEST: Final = 2
"""One report is no rise, however rare reports are there."""


def signals(
    detector: str,
    series: Series,
    p: Floats,
    expected: Floats,
    periods: int,
    why: Callable[[float, float], str],
) -> tuple[Signal, ...]:
    """Give a signal for each place whose `p` (A,) is low, over the last `periods` of the series.

    `expected` (A,) is of those periods together; `why` words the observed and the expected number.
    """
    counts = np.where(series.observed, series.counts, 0.0)[-periods:].sum(axis=0)
    distinct = None if series.distinct is None else series.distinct[-periods:].sum(axis=0)
    chosen = np.flatnonzero((p < BELOW) & (counts >= FEWEST) & (counts > expected))
    return tuple(
        Signal(
            detector, series.target, series.support, (series.places[a],), series.starts[-periods], series.end,
            float(counts[a]), float(expected[a]), float(p[a]), float(series.easting[a]),
            float(series.northing[a]), 0.0, distinct=None if distinct is None else float(distinct[a]),
            why=why(float(counts[a]), float(expected[a])),
        )
        for a in chosen.tolist()
    )  # fmt: skip
