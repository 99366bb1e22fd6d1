"""PAI and PEI*: what the flagged cells caught, for how little area, and of the most that could be caught."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from peelian.domain.grid import Floats


@dataclass(frozen=True)
class Score:
    """Of `events` in a window `caught` lay in the flagged cells; `best` is the most that as many could hold.

    `share` is the flagged share of the study area. Ties of a plain count are shared, so `caught` may have
    fractions.
    """

    events: int
    caught: float
    best: float
    share: float

    @property
    def hit_rate(self) -> float:
        """Share of events caught; nan when none happened."""
        return self.caught / self.events if self.events else float("nan")

    @property
    def pai(self) -> float:
        """Prediction accuracy index: (n / N) / (a / A) (Chainey, Tompson and Uhlig 2008)."""
        return self.hit_rate / self.share

    @property
    def pei_star(self) -> float:
        """PEI*: n / n*, of the most that the same number of the same cells could have held."""
        return self.caught / self.best if self.best else float("nan")


def score(flag: Floats, happened: Floats, chosen: int, share: float) -> Score:
    """Score flags (C,) from 0 to 1 over the cells that held anything, against counts (C,) of the window.

    `chosen` cells may be flagged in all, of which some may lie where nothing ever was.

    >>> one = score(np.array([1.0, 1.0, 0.0, 0.0]), np.array([3.0, 0.0, 2.0, 1.0]), 2, 0.001)
    >>> one.events, one.caught, one.best, one.pai, one.pei_star
    (6, 3.0, 5.0, 500.0, 0.6)
    """
    best = np.sort(happened)[::-1][:chosen].sum()
    return Score(int(happened.sum()), float(flag @ happened), float(best), share)


def flag_with_ties(value: Floats, chosen: int) -> Floats:
    """Give each cell's chance of being among the `chosen` highest, ties at the cut sharing alike.

    Places where nothing ever was are not in `value`: when fewer cells hold something than may be flagged,
    all of them are.

    >>> flag_with_ties(np.array([5.0, 2.0, 2.0, 2.0, 1.0]), 2).round(3).tolist()
    [1.0, 0.333, 0.333, 0.333, 0.0]
    """
    held = value > 0
    if held.sum() <= chosen:
        return held.astype(np.float64)
    cut = np.partition(value, len(value) - chosen)[len(value) - chosen]
    above, tied = value > cut + 1e-9, np.abs(value - cut) <= 1e-9
    out: Floats = above + tied * (chosen - above.sum()) / tied.sum()
    return out
