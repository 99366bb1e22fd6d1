"""How many incidents nobody saw: a range over how far the sources depend on each other, never one number.

Two sources cannot say how dependent they are, so no estimate is right without an assumption; with an odds
ratio assumed, the unseen follow. Odds ratio 1 gives Chapman's estimate (Chapman 1951; independence).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Unseen:
    """For one assumed odds ratio: incidents seen by neither, and 90 % limits of chance alone."""

    odds_ratio: float
    unseen: float
    low: float
    high: float


def unseen(both: int, first: int, second: int, odds_ratio: float) -> Unseen:
    """Estimate the incidents seen by neither of two sources that have `odds_ratio` of being seen together.

    `both` saw `both`, one alone `first`, the other alone `second`. The odds ratio of the 2 x 2 table is
    both x neither / (first x second), so neither = odds_ratio x first x second / (both + 1), with Chapman's
    one added (at 1 the total is (n1 + 1)(n2 + 1) / (both + 1) - 1). The limits are normal on the log scale,
    from the Poisson spread of all four cells of the table (the unseen too are one draw): chance only, not
    what the assumption may be wrong by.

    >>> round(unseen(60, 40, 30, 1.0).unseen, 2)
    19.67
    """
    estimate = odds_ratio * first * second / (both + 1)
    spread = 1.645 * float(
        np.sqrt(1 / (both + 1) + 1 / max(first, 1) + 1 / max(second, 1) + 1 / max(estimate, 1.0))
    )
    return Unseen(odds_ratio, estimate, estimate * float(np.exp(-spread)), estimate * float(np.exp(spread)))
