"""Widths and memories worth trying, taken from how dense the data are."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from peelian.domain.time import YEAR_PERIODS, Every
from peelian.models.memory import FOREVER
from peelian.models.past import Flags


def widths(
    spacing: float, around: npt.NDArray[np.float64], events: float, most: int = 8
) -> tuple[float, ...]:
    """List up to `most` kernel widths in cells, from a third of the mask's spacing to the data's scale.

    `around` is the standard deviation of the events' places along each axis, in cells, and `events` their
    number: the widest is what suits points of one smooth hump, far too wide for lumpy data, so that the
    best lies within. Neighbouring candidates differ by a factor of 2 ** 0.5, or more when `most`
    would not reach.
    """
    low = 0.35 * spacing
    hump = float(np.mean(around)) * max(events, 1.0) ** (-1 / 6)
    high = max(hump, 4.0 * low)
    steps = min(most, int(np.ceil(2 * np.log2(high / low))) + 1)
    return tuple(float(w) for w in np.round(np.geomspace(low, high, steps), 4))


def half_lives(
    every: Every, counts: npt.NDArray[np.float32], seen: Flags, most: int = 9
) -> tuple[float, ...]:
    """List half-lives in periods whose memories hold 1/4, 1/2, 1, 2, 4 .. events a busy place, and `FOREVER`.

    `counts` is (P, C) and `seen` (P,). A memory of half-life h holds about 1.44 h periods. Those shorter
    than a month or longer than twice the history are left out.
    """
    places = max(int((counts[seen] > 0).any(axis=0).sum()), 1)
    rate = float(counts[seen].sum(dtype=np.float64)) / max(int(seen.sum()), 1) / places
    low, high = YEAR_PERIODS[every] / 12, 2.0 * len(seen)
    wanted = 0.25 * 2.0 ** np.arange(16) * np.log(2) / max(rate, 1e-9)
    held = [float(np.round(h, 2)) for h in wanted if low <= h <= high][-(most - 1) :]
    return (*held, FOREVER)
