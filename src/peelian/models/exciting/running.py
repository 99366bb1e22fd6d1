"""The running state: memories moved on event by event, the same as reading the whole history anew."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from peelian.domain.errors import Misuse
from peelian.domain.grid import Floats
from peelian.models.exciting.events import Events


@dataclass(frozen=True, eq=False)
class Memory:
    """Decayed counts at `time` (days): `held` (cells, kinds, S) sums exp(-delay / scale) over past events."""

    time: float
    scales: Floats
    held: Floats

    @classmethod
    def empty(cls, cells: int, kinds: int, scales: Floats) -> Memory:
        """Begin with nothing remembered."""
        return cls(0.0, np.asarray(scales, float), np.zeros((cells, kinds, len(scales))))

    def at(self, time: float) -> Floats:
        """Give what is held at a later time, (cells, kinds, S); the state itself does not move."""
        return self.held * np.exp(-(time - self.time) / self.scales)


def advance(memory: Memory, time: float, cell: int, kind: int) -> Memory:
    """Let time pass and take in one event; a new state, the old one is kept whole.

    Raises:
        Misuse: when the event is older than the state, which then has to be built anew from the events.
    """
    if time < memory.time:
        raise Misuse(
            "the event is older than the running state",
            expected=f"an event at day {memory.time:g} or later",
            do="build the state anew from all events",
        )
    held = memory.at(time)
    held[cell, kind] += 1.0
    return Memory(time, memory.scales, held)


def recomputed(events: Events, cells: int, kinds: int, scales: Floats, time: float) -> Memory:
    """Build the state at `time` from all events up to it."""
    known = events.time <= time
    delay = time - events.time[known]
    held = np.zeros((cells, kinds, len(scales)))
    at = events.cell[known].astype(np.int64) * kinds + events.kind[known]
    for s, scale in enumerate(scales):
        held[:, :, s] = np.bincount(at, np.exp(-delay / scale), cells * kinds).reshape(cells, kinds)
    return Memory(time, np.asarray(scales, float), held)
