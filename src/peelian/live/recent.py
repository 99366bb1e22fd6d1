"""The plain count beside the rate: how many of the target in each cell in the last day and week."""

from __future__ import annotations

from typing import Final

import numpy as np

from peelian.live.memory import Whole

MINUTE_US: Final = 60_000_000
DAY: Final = 24 * 60
WEEK: Final = 7 * DAY


class Recent:
    """Whole counts by minute and cell, kept for a week. `day`, `week` (C,) are true at `minute`."""

    def __init__(self, cells: int, minute: int = 0) -> None:
        self.minute = minute
        self.day, self.week = np.zeros(cells, np.int64), np.zeros(cells, np.int64)
        self.minutes: dict[int, dict[int, int]] = {}

    def add(self, time: Whole, cell: Whole, count: Whole) -> None:
        """Take in events of the target, `time` in microseconds since 1970; negative counts take out."""
        for at, where, n in zip((time // MINUTE_US).tolist(), cell.tolist(), count.tolist(), strict=True):
            if at <= self.minute - WEEK:
                continue
            held = self.minutes.setdefault(at, {})
            held[where] = held.get(where, 0) + n
            if held[where] == 0:
                del held[where]
            if not held:
                del self.minutes[at]
            self.day[where] += n if at > self.minute - DAY else 0
            self.week[where] += n

    def advance(self, now: int) -> None:
        """Let the clock come to an instant (microseconds since 1970); it may only go forward."""
        minute = max(now // MINUTE_US, self.minute)
        if minute == self.minute:
            return
        day, week = self.minute - DAY, self.minute - WEEK
        self.minute = minute
        for at in sorted(at for at in self.minutes if at <= minute - DAY):
            for where, n in self.minutes[at].items():
                self.day[where] -= n if at > day else 0
                self.week[where] -= n if week < at <= minute - WEEK else 0
            if at <= minute - WEEK:
                del self.minutes[at]

    def packed(self) -> Whole:
        """Give it as rows of minute, cell, count, in one order."""
        rows = [(at, c, n) for at, held in sorted(self.minutes.items()) for c, n in sorted(held.items())]
        return np.array(rows, np.int64).reshape(len(rows), 3)

    def unpack(self, rows: Whole, minute: int) -> None:
        """Take over what `packed` gave at a minute."""
        cells = len(self.day)
        self.__init__(cells, minute)  # type: ignore[misc]
        self.add(rows[:, 0] * MINUTE_US, rows[:, 1], rows[:, 2])
