"""Stable and flaring: whether the places that are busy now have long been, or have only just become so."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from peelian.evaluate.capture import selection

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Pattern = Literal["stable", "flaring", "fading", "quiet"]
STABLE: Final = 2 / 3
"""A hot place is stable when hot in at least this share of the periods before; our own cut, like the next."""
FLARING: Final = 1 / 3


@dataclass(frozen=True, eq=False)
class HotPlaces:
    """The busiest `share` of places in each period, (P, N); how long they stay so.

    `hot` (P, N) bool; `runs` (N,) how many periods up to the last a place has been hot without a break;
    `mean_run` over all unbroken runs, in periods, and `mean_run_by_chance`, where each period's places are
    drawn anew: 1 / (1 - share). `turnover`: share of a period's hot places that were not so before.
    """

    share: float
    hot: Bools
    runs: npt.NDArray[np.int64]
    mean_run: float
    mean_run_by_chance: float
    turnover: float


def hot_places(counts: Floats, share: float = 0.01) -> HotPlaces:
    """Choose the busiest places of each period, (P, N): ties at the edge are all left out.

    A place of no events is never hot. Periods not observed must be left out before.
    """
    hot = np.stack([(selection(row, [share])[0] >= 1.0) & (row > 0) for row in counts])
    runs = np.zeros(counts.shape[1], np.int64)
    lengths: list[int] = []
    for row in hot:
        ended = runs[~row & (runs > 0)]
        lengths += ended.tolist()
        runs = np.where(row, runs + 1, 0)
    lengths += runs[runs > 0].tolist()
    stays = [(a & b).sum() / b.sum() for a, b in pairwise(hot) if b.any()]
    turnover = 1.0 - float(np.mean(stays)) if stays else float("nan")
    mean = float(np.mean(lengths)) if lengths else float("nan")
    return HotPlaces(share, hot, runs, mean, 1.0 / (1.0 - share), turnover)


def pattern(hot: Bools) -> list[Pattern]:
    """Name each place's pattern from (P, N): hot in the last period or not, and in how many before.

    >>> now = np.array([[1, 0, 1, 0], [1, 0, 1, 0], [1, 1, 0, 0]], bool)
    >>> pattern(now)
    ['stable', 'flaring', 'fading', 'quiet']
    """
    before = hot[:-1].mean(axis=0) if len(hot) > 1 else np.zeros(hot.shape[1])
    out: list[Pattern] = []
    for now, share in zip(hot[-1], before, strict=True):
        if now:
            out.append("stable" if share >= STABLE else "flaring")
        else:
            out.append("fading" if share >= FLARING else "quiet")
    return out
