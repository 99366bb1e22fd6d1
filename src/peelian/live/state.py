"""The running state of one recipe: told of every commit, ready to be seen at any instant.

It never asks what time it is: whoever looks says the instant. So a replay is a replay.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import RLock
from typing import Any, Final

import numpy as np
import polars as pl

from peelian.domain.errors import Fault
from peelian.domain.grid import Floats
from peelian.domain.live import Taken
from peelian.live.entering import Entering, entering
from peelian.live.memory import Memory, Whole
from peelian.live.rates import Rates
from peelian.live.recent import Recent
from peelian.live.recipe import Recipe

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(at: datetime) -> int:
    """Give an instant in microseconds since 1970."""
    return (at - _EPOCH) // timedelta(microseconds=1)


@dataclass(frozen=True, eq=False)
class Seen:
    """The state at `at`: `rate` (C,) of the target a week; counts (C,) of the last `day` and `week`."""

    at: datetime
    position: int
    rate: Floats
    day: Whole
    week: Whole


class RunningState:
    """Memories and recent counts of one recipe. Safe to tell from one thread and look at from another."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self.position, self.snapshot, self.changes = 0, 0, 0
        self.newest: datetime | None = None
        self.kept_out: dict[str, int] = {}
        self._lock = RLock()
        self._memory = Memory(len(recipe.cells), len(recipe.kinds), recipe.scales)
        self._recent = Recent(len(recipe.cells))
        self._rates = Rates(recipe)

    @property
    def horizon(self) -> timedelta:
        """How far back an event may lie and still weigh something, at least the week that is counted."""
        return timedelta(days=max(self._memory.horizon_days(), 8.0))

    def begin(self, rows: pl.DataFrame, *, position: int, snapshot: int) -> None:
        """Begin anew with all that stands in the ledger (rows of `horizon`), as if told before."""
        with self._lock:
            self._memory.blocks.clear()
            self._recent = Recent(len(self.recipe.cells), self._recent.minute)
            self._count(entering(rows, self.recipe), 1)
            self.position, self.snapshot = position, snapshot
            self.changes += 1

    def take(self, taken: Taken) -> None:
        """Take in one commit; one whose position was told already changes nothing."""
        with self._lock:
            if taken.position > self.position or taken.position <= 0:
                self.apply(taken)

    def apply(self, taken: Taken) -> None:
        """Take in one commit, whatever its position."""
        came = entering(taken.rows, self.recipe)
        went = None if taken.undone.is_empty() else entering(taken.undone, self.recipe)
        with self._lock:
            self._count(came, 1)
            if went is not None:
                self._count(went, -1)
            self.position = max(taken.position, self.position)
            self.snapshot = max(taken.snapshot, self.snapshot)
            for words, n in came.kept_out:
                self.kept_out[words] = self.kept_out.get(words, 0) + n

    def _count(self, rows: Entering, sign: int) -> None:
        if len(rows.time) == 0:
            return
        count = sign * rows.count
        self._memory.add(rows.time, rows.cell, rows.kind, count)
        own = rows.kind == 0
        self._recent.add(rows.time[own], rows.cell[own], count[own])
        self.changes += 1

    def at(self, now: datetime) -> Seen:
        """See the state at an instant; the clock may only go forward."""
        at = microseconds(now)
        with self._lock:
            self._recent.advance(at)
            self._memory.forget(at)
            held = self._memory.at(at)
            day, week, position = self._recent.day.copy(), self._recent.week.copy(), self.position
        return Seen(now, position, self._rates.of(held), day, week)

    def held(self, now: datetime) -> Floats:
        """Give the memories at an instant, (K, S, C)."""
        with self._lock:
            return self._memory.at(microseconds(now))

    def packed(self) -> bytes:
        """Give the whole state: the same events in any order, seen at one instant, are the same bytes."""
        return self.kept()[1]

    def kept(self) -> tuple[int, bytes]:
        """Give the position and the whole state at it; what is told meanwhile waits for the copy alone."""
        with self._lock:
            keys, blocks = self._memory.packed()
            head = np.array([self.position, self.snapshot, self._recent.minute], np.int64)
            rows = self._recent.packed()
        named = np.frombuffer(bytes.fromhex(self.recipe.digest), np.uint8)
        body = io.BytesIO()
        np.savez_compressed(body, head=head, recipe=named, keys=keys, blocks=blocks, recent=rows)
        return int(head[0]), body.getvalue()

    def unpack(self, body: bytes) -> None:
        """Take over a packed state.

        Raises:
            Fault: it is of another recipe, or no state at all.
        """
        held = _read(body)
        if held["recipe"].tobytes().hex() != self.recipe.digest:
            raise Fault("the kept state is of another recipe", do="build the state anew from the ledger")
        with self._lock:
            position, snapshot, minute = held["head"].tolist()
            self._memory.unpack(held["keys"], held["blocks"])
            self._recent.unpack(held["recent"], minute)
            self.position, self.snapshot = position, snapshot


def _read(body: bytes) -> dict[str, Any]:
    try:
        with np.load(io.BytesIO(body), allow_pickle=False) as held:
            return {name: held[name] for name in held.files}
    except (ValueError, OSError, KeyError) as error:
        raise Fault("the kept state cannot be read", do="build the state anew from the ledger") from error
