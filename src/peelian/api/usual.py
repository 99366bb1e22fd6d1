"""Whether two counts of equally long times differ by more than such counts usually do."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from peelian.api.languages import later
from peelian.domain.grid import Floats

LEVEL: Final = 0.05
"""How rarely two times of one rate are told to differ."""
FEWEST: Final = 8
"""Pairs of periods needed to say how much such counts vary."""
Usual = Literal[
    "within usual variation", "more than usual variation", "fewer than usual variation", "not known"
]
USUAL: Final = (
    later("within usual variation"), later("more than usual variation"), later("fewer than usual variation"),
    later("not known"),
)  # fmt: skip


def overdispersion(counts: Floats, width: int = 1) -> float:
    """Give variance over mean of an area's counts (P,), oldest first, at least 1; NaN: cannot be told.

    Two neighbouring sums of equal mean m and variance f m differ by a variance of 2 f m: f is the squared
    differences over the sums, added up (a ratio, so that quiet times do not weigh like busy ones). The larger
    of what single periods and what sums of `width` periods show, where there are 8 pairs of those: counts
    that move together from week to week vary more over a month than single weeks tell. NaN counts were not
    published; a pair with one says nothing.

    >>> round(overdispersion(np.array([4.0, 6.0] * 8)), 2)
    1.0
    >>> round(overdispersion(np.array([10.0, 30.0] * 8)), 2)
    10.0
    """
    found = [_ratio(counts)]
    if width > 1:
        whole = counts[len(counts) % width :].reshape(-1, width).sum(axis=1)
        found.append(_ratio(whole))
    known = [one for one in found if np.isfinite(one)]
    return max(1.0, *known) if known else float("nan")


def usual_words(now: float | None, before: float | None, spread: float) -> Usual:
    """Say how a count stands to one of an equally long time before.

    Two negative binomial counts of one rate and one variance over mean f split their sum n by a beta-binomial
    law with both shapes n / 2 / (f - 1): it is their exact conditional law, and a fair coin's at f = 1. Two
    sided at 5 %. `spread` is f; NaN: not known.

    >>> usual_words(12, 10, 1.0), usual_words(30, 10, 1.0), usual_words(2, 14, 1.0)
    ('within usual variation', 'more than usual variation', 'fewer than usual variation')
    >>> usual_words(30, 10, 10.0), usual_words(3, None, 1.0), usual_words(0, 0, 1.0)
    ('within usual variation', 'not known', 'within usual variation')
    """
    if now is None or before is None or not np.isfinite(spread):
        return "not known"
    here, both = round(now), round(now) + round(before)
    if both == 0:
        return "within usual variation"
    if chance(here, both, spread) >= LEVEL:
        return "within usual variation"
    return "more than usual variation" if 2 * here > both else "fewer than usual variation"


def chance(here: int, both: int, spread: float) -> float:
    """Give the two-sided chance of a split as uneven as `here` of `both`, when nothing has changed.

    By hand: 4 of 4 has twice 1/16 under a fair coin. With f = 2 the shapes are 2: 4 of 4 has
    B(6, 2) / B(2, 2) = 1/7.

    >>> chance(4, 4, 1.0), round(chance(4, 4, 2.0) * 7, 9)
    (0.125, 2.0)
    """
    from scipy.stats import betabinom, binom  # late: it costs a second

    least = min(here, both - here)
    if spread <= 1.0 + 1e-9:
        tail = float(binom.cdf(least, both, 0.5))
    else:
        shape = both / 2 / (spread - 1)
        tail = float(betabinom.cdf(least, both, shape, shape))
    return min(1.0, 2 * tail)


def _ratio(counts: Floats) -> float:
    first, second = counts[:-1], counts[1:]
    known = np.isfinite(first) & np.isfinite(second)
    total = float((first + second)[known].sum())
    if int(known.sum()) < FEWEST or total <= 0:
        return float("nan")
    return float(((first - second)[known] ** 2).sum() / total)
