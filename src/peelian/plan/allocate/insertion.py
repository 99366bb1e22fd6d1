"""What one more stop costs a round in minutes, and what it costs in exchange for a stop that is there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from peelian.domain.plan import Floats, Ints


@dataclass(eq=False)
class Round:
    """One team's round in a slot: from the base through `stops` (places, in order) and back.

    `east`, `north` (N,) metres of all places; `base` of the team; `pace` minutes a metre, detours
    included; `hours` minutes it has; `dwell` minutes of each stop.
    """

    east: Floats
    north: Floats
    base: tuple[float, float]
    pace: float
    hours: float
    dwell: float
    stops: list[int]

    def path(self) -> tuple[Floats, Floats]:
        """Eastings and northings of base, stops and base."""
        at = np.array(self.stops, dtype=np.int64)
        east = np.concatenate([[self.base[0]], self.east[at], [self.base[0]]])
        return east, np.concatenate([[self.base[1]], self.north[at], [self.base[1]]])

    def legs(self) -> Floats:
        """(M + 1,) minutes between one point of the path and the next."""
        east, north = self.path()
        return np.asarray(np.hypot(np.diff(east), np.diff(north)) * self.pace, dtype=float)

    def spare(self) -> float:
        """Minutes left; a tenth a leg is kept, as rounds are reckoned in whole tenths."""
        return float(self.hours - self.legs().sum() - (self.dwell + 0.1) * len(self.stops) - 0.1)

    def ways(self, places: Ints) -> Floats:
        """(C, M + 2) minutes from each of C places to each point of the path."""
        east, north = self.path()
        return np.asarray(
            np.hypot(self.east[places][:, None] - east, self.north[places][:, None] - north) * self.pace,
            dtype=float,
        )

    def more(self, places: Ints) -> tuple[Floats, Ints]:
        """(C,) travel that each place adds where it adds least, and the position there."""
        ways = self.ways(places)
        added = ways[:, :-1] + ways[:, 1:] - self.legs()
        where = added.argmin(axis=1)
        return added[np.arange(len(places)), where], where

    def instead(self, places: Ints) -> tuple[Floats, Ints]:
        """(C, M) travel more (or less) with each place in and each stop out, and where it then goes.

        The position counts the stops that stay.
        """
        ways, legs, count = self.ways(places), self.legs(), len(self.stops)
        added = ways[:, :-1] + ways[:, 1:] - legs
        east, north = self.path()
        over = np.hypot(east[2:] - east[:-2], north[2:] - north[:-2]) * self.pace
        saved = legs[:-1] + legs[1:] - over
        cost, where = np.empty((len(places), count)), np.empty((len(places), count), dtype=np.int64)
        for out in range(count):
            into = added.copy()
            into[:, out] = ways[:, out] + ways[:, out + 2] - over[out]
            into[:, out + 1] = np.inf
            best = into.argmin(axis=1)
            cost[:, out] = into[np.arange(len(places)), best] - saved[out]
            where[:, out] = np.where(best > out, best - 1, best)
        return cost, where

    def shorten(self) -> None:
        """Turn parts of the round about while that makes it shorter (2-opt)."""
        for _ in range(4 * len(self.stops)):
            east, north = self.path()
            way = np.hypot(east[:, None] - east, north[:, None] - north) * self.pace
            first, last = way[:-1, :-1], way[1:, 1:]
            legs = np.diagonal(way, 1)
            gain = np.triu(legs[:, None] + legs[None, :] - first - last, 2)
            i, j = np.unravel_index(int(gain.argmax()), gain.shape)
            if gain[i, j] < 1e-6:
                return
            self.stops[i:j] = self.stops[i:j][::-1]
