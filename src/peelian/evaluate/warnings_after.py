"""What the months after a warning showed in its places, beside places picked at random and by plain count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.domain.series import Series
from peelian.domain.time import YEAR_PERIODS

Floats = npt.NDArray[np.float64]
STILL: Final = 1.5
"""A place is still up when it had this many times its usual, the area's own change taken out."""


@dataclass(frozen=True)
class After:
    """What the next periods showed in some places.

    `reports` in all, `usual` for them (the year before the warned period, moved by the area's own change),
    `still` how many of the `places` had 1.5 times their usual or more.
    """

    places: int
    reports: float
    usual: float
    still: int

    @property
    def ratio(self) -> float:
        """Give reports over usual."""
        return self.reports / self.usual if self.usual > 0 else float("nan")

    def plus(self, other: After) -> After:
        """Add up two."""
        return After(
            self.places + other.places, self.reports + other.reports, self.usual + other.usual,
            self.still + other.still,
        )  # fmt: skip


NOTHING: Final = After(0, 0.0, 0.0, 0)


@dataclass(frozen=True, eq=False)
class Outlook:
    """A warned period `at` (index) of a series that runs on after it, and the `ahead` periods looked at."""

    series: Series
    at: int
    ahead: int

    @property
    def found(self) -> Floats:
        """Give the reports of the next periods (A,)."""
        part = self.series.counts[self.at + 1 : self.at + 1 + self.ahead]
        return np.asarray(part.sum(axis=0), np.float64)

    @property
    def usual(self) -> Floats:
        """Give what is usual of each place in the periods ahead (A,): its last year, with the area's change.

        Shrunk towards the area's mean place (a gamma prior fitted by moments: Clayton and Kaldor 1987), or
        places picked for a low past would seem to rise by themselves.
        """
        year = YEAR_PERIODS[self.series.every]
        past = self.series.counts[max(0, self.at - year) : self.at]
        total, n = past.sum(axis=0), len(past)
        mean = float(total.mean())
        beyond = max(float(total.var()) - mean, 1e-9)
        weight = mean / beyond  # the prior's periods, in units of n
        shrunk = (total + weight * mean) / (1 + weight) / max(n, 1)
        return np.asarray(shrunk * float(self.found.sum()) / max(float(shrunk.sum()), 1e-12), np.float64)

    def of(self, places: Sequence[int]) -> After:
        """Say what the next periods showed in some places (indices)."""
        at = np.asarray(places, np.int64)
        found, usual = self.found[at], self.usual[at]
        still = int(np.sum(found >= np.maximum(STILL * usual, 1.0)))
        return After(len(at), float(found.sum()), float(usual.sum()), still)

    def at_random(self, many: int) -> After:
        """Give the mean over all draws of so many places: exact, no draw is made."""
        everywhere = self.of(range(len(self.series.places)))
        share = many / len(self.series.places)
        return After(
            many, everywhere.reports * share, everywhere.usual * share, round(everywhere.still * share)
        )  # fmt: skip

    def by_count(self, many: int) -> After:
        """Take the places with the most reports in the warned period, ties by the year's count."""
        last = self.series.counts[self.at]
        year = self.series.counts[max(0, self.at - YEAR_PERIODS[self.series.every]) : self.at].sum(axis=0)
        return self.of(np.lexsort((-year, -last))[:many].tolist())

    def by_score(self, p: Floats, many: int) -> After:
        """Take the places with the smallest `p`; those that cannot be judged come last."""
        return self.of(np.argsort(np.where(np.isfinite(p), p, np.inf), kind="stable")[:many].tolist())


def summed(parts: Sequence[Mapping[str, After]]) -> dict[str, After]:
    """Add up by who picked the places."""
    out: dict[str, After] = {}
    for part in parts:
        for who, after in part.items():
            out[who] = out.get(who, NOTHING).plus(after)
    return out
