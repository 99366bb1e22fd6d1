"""Exponential memories by cell and type, exact: whatever the order of arrival, the same bits.

A memory is the sum of exp(-(now - t) / scale) over past events. Floating point sums depend on their order,
and a subtraction leaves dust. So time is cut into fixed stretches of four scales; in each, an event adds a
whole number, exp((t - end) / scale) in units of 2**-46. Whole numbers add up to the same in any order, a
retraction takes out exactly what the report put in, and letting time pass changes nothing that is stored.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.domain.grid import Floats

Whole = npt.NDArray[np.int64]
DAY_US: Final = 86_400_000_000
UNIT: Final = 2.0**46
"""An event leaves at most 4e-13 of rounding, and one cell holds 131,072 events a stretch."""
STRETCH: Final = 4
"""Scales a stretch lasts."""
KEPT: Final = 9
"""Stretches kept: what is older than 32 scales weighs under 2e-14 and is let go."""


class Memory:
    """What is held of `kinds` types in `cells` cells at each of the scales (S,), in days."""

    def __init__(self, cells: int, kinds: int, scales: Floats) -> None:
        self.cells, self.kinds = cells, kinds
        self.scales = np.asarray(scales, float)
        self.lasts = [max(round(float(scale) * DAY_US), 1) for scale in scales]
        self.blocks: dict[tuple[int, int], Whole] = {}

    def add(self, time: Whole, cell: Whole, kind: Whole, count: Whole) -> None:
        """Take in events: `time` in microseconds since 1970, `count` of them each (negative takes out)."""
        for s, last in enumerate(self.lasts):
            width = STRETCH * last
            stretch = time // width
            # math.exp, one by one: a vector's own exp may round its last elements otherwise
            past = (time - (stretch + 1) * width).tolist()
            part = np.array([round(math.exp(one / last) * UNIT) for one in past], np.int64) * count
            for e in np.unique(stretch).tolist():
                mine = stretch == e
                np.add.at(self._block(s, e), (kind[mine], cell[mine]), part[mine])

    def _block(self, scale: int, stretch: int) -> Whole:
        held = self.blocks.get((scale, stretch))
        if held is None:
            held = self.blocks[scale, stretch] = np.zeros((self.kinds, self.cells), np.int64)
        return held

    def at(self, now: int) -> Floats:
        """Give what is held at an instant, (K, S, C); nothing stored moves."""
        out = np.zeros((self.kinds, len(self.lasts), self.cells))
        for (s, e), block in sorted(self.blocks.items()):
            last = self.lasts[s]
            if e >= self._oldest(s, now):
                out[:, s] += block * (math.exp(((e + 1) * STRETCH * last - now) / last) / UNIT)
        return out

    def _oldest(self, scale: int, now: int) -> int:
        return now // (STRETCH * self.lasts[scale]) - KEPT + 1

    def forget(self, now: int) -> None:
        """Let go of stretches too old to weigh anything, and of empty ones: memory does not grow."""
        for key, block in list(self.blocks.items()):
            if key[1] < self._oldest(key[0], now) or not block.any():
                del self.blocks[key]

    def horizon_days(self) -> float:
        """Say how many days back an event may lie and still be held."""
        return float(self.scales.max()) * STRETCH * KEPT

    def packed(self) -> tuple[Whole, Whole]:
        """Give it as arrays: keys (B, 2), blocks (B, K, C), in one order; empty blocks are left out."""
        held = [(key, block) for key, block in sorted(self.blocks.items()) if block.any()]
        keys = np.array([key for key, _ in held], np.int64).reshape(len(held), 2)
        blocks = np.array([block for _, block in held], np.int64)
        return keys, blocks.reshape(len(held), self.kinds, self.cells)

    def unpack(self, keys: Whole, blocks: Iterable[Whole]) -> None:
        """Take over what `packed` gave."""
        self.blocks = {(int(s), int(e)): np.array(b) for (s, e), b in zip(keys, blocks, strict=True)}
