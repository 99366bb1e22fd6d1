"""A good connected choice of places, quickly: grown from the worst places outwards, torn and grown again."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from peelian.domain.plan import Floats, Ints
from peelian.plan.allocate.contiguity import Connection

Bools = npt.NDArray[np.bool_]
_HOPS = 4
_SEEDS = 12
_FEW = 20  # so few places are searched exactly at once
_PATIENCE = 4


@dataclass(frozen=True, eq=False)
class Ground:
    """M places with the worth of each possible visit (M, V), falling along the row; `most` are made."""

    connection: Connection
    worth: Floats
    most: int

    def value(self, taken: Bools) -> float:
        """Give what a choice is worth: a visit to each place taken, the others where they are worth most."""
        count = int(taken.sum())
        if count == 0 or count > self.most:
            return -np.inf
        left = self.most - count
        others = self.worth[taken, 1:].ravel()
        more = (
            np.partition(others, len(others) - left)[len(others) - left :]
            if 0 < left < len(others)
            else others
        )
        return float(self.worth[taken, 0].sum() + (more.sum() if left else 0.0))


def grown(ground: Ground, seconds: float, seed: int = 1, favour: Floats | None = None) -> Bools:
    """Give the best connected set found, (M,). `favour` (M,) makes places likelier, as a relaxation does."""
    until = time.monotonic() + seconds
    rng = np.random.default_rng(seed)
    first = ground.worth[:, 0] * (1.0 if favour is None else 0.1 + favour)
    best, score = np.zeros(len(first), bool), -np.inf
    for start in np.argsort(-first, kind="stable")[:_SEEDS]:
        taken = np.zeros(len(first), bool)
        taken[start] = True
        found = _outwards(ground, taken, first)
        if (value := ground.value(found)) > score:
            best, score = found, value
        if time.monotonic() > until:
            return best
    now, mark, waited = best, score, 0
    while waited < _PATIENCE * max(0, len(first) - _FEW) and time.monotonic() < until:
        waited += 1
        found = _outwards(ground, _torn(ground, now, rng), first * rng.uniform(0.7, 1.3, len(first)))
        value = ground.value(found)
        if value > mark * (1 - 0.02 * rng.random()):  # now and then a little worse, to leave a dead end
            now, mark = found, value
        if value > score:
            best, score, waited = found, value, 0
    return best


def _outwards(ground: Ground, taken: Bools, prize: Floats) -> Bools:
    """Add paths of the best mean worth until there is no visit left; the best size on the way is given."""
    taken = taken.copy()
    best, score = taken.copy(), ground.value(taken)
    while (left := ground.most - int(taken.sum())) > 0:
        path = _path(ground.connection, taken, prize, min(_HOPS, left))
        if not len(path):
            break
        taken[path] = True
        if (value := ground.value(taken)) > score:
            best, score = taken.copy(), value
    return best


def _path(connection: Connection, taken: Bools, prize: Floats, hops: int) -> Ints:
    """The path out of a set, of up to so many places, whose mean prize is greatest."""
    tail, head = connection.tail, connection.head
    free = ~taken[head]
    tail, head = tail[free], head[free]
    here = np.where(taken, 0.0, -np.inf)
    came, best, mark = [], -np.inf, (0, -1)
    for hop in range(1, hops + 1):
        reach = here[tail] + prize[head]
        order = np.argsort(reach, kind="stable")  # the last written wins
        there, before = np.full(len(prize), -np.inf), np.full(len(prize), -1)
        there[head[order]], before[head[order]] = reach[order], tail[order]
        came.append(before)
        at = int(np.argmax(there))
        if there[at] / hop > best:
            best, mark = there[at] / hop, (hop, at)
        here = there
    hop, at = mark
    path = []
    while hop > 0 and at >= 0:
        path.append(at)
        at, hop = int(came[hop - 1][at]), hop - 1
    return np.unique(np.array(path, np.int64))


def _torn(ground: Ground, taken: Bools, rng: np.random.Generator) -> Bools:
    """Take a ball of places out and keep the worthiest piece that is left."""
    gone = np.zeros(len(taken), bool)
    gone[rng.choice(np.flatnonzero(taken))] = True
    for _ in range(int(rng.integers(0, 4))):
        gone[ground.connection.edge(gone)] = True
    left = taken & ~gone
    if not left.any():
        return taken
    label = ground.connection.pieces(left)
    worth = np.bincount(label[left], ground.worth[left, 0])
    return np.asarray(left & (label == int(np.argmax(worth))), dtype=bool)
