"""What events of other types bring of the target: one number a type, at the target's own delay and width."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from peelian.domain.grid import Floats
from peelian.models.exciting.events import Events, Ground
from peelian.models.exciting.expectation import Design, Split, begin, climb
from peelian.models.exciting.gather import compensator, gather
from peelian.models.exciting.rings import Rings
from peelian.models.exciting.search import Layout, Search
from peelian.models.exciting.single import Single

_REACH: Final = 4


@dataclass(frozen=True, eq=False)
class Several:
    """`branching` (K,) further events of kind 0 that one event of each kind brings; `kernel` where they fall.

    `kernel` is (2R+1, 2R+1), adding up to at most one. `background` (rows, columns) events of kind 0 a day.
    """

    branching: Floats
    kernel: Floats
    background: Floats


def fit_several(events: Events, ground: Ground, single: Single, kinds: int) -> Several:
    """Fit how much each of `kinds` types feeds kind 0, with the background; delay and width are kept.

    Together, so that two types which are high in the same places are not taken for cause and effect: what a
    place has of its own is the background's. A type that gains less than three halves of log n (Schwarz 1978)
    is left at 0, and so is every type where kind 0 was found not to excite itself.
    """
    rings = Rings.of(_REACH)
    kernel = rings.gaussian(single.width)[rings.klass]
    own = events.of_kind(0)
    if single.branching <= 0 or kinds == 1:
        first = np.zeros(kinds)
        first[0] = single.branching
        return Several(first, kernel, single.background)
    fit = _Fit(events, own, ground, rings, single, kinds)
    least = 1.5 * np.log(len(own.time))
    used = [True] * kinds
    best = fit.of(used)
    for k in range(1, kinds):
        without = fit.of([u and j != k for j, u in enumerate(used)])
        if best.gain - without.gain < least:
            used[k] = False
            best = without
    sums = best.weights.reshape(kinds, -1) @ rings.size
    whole = float(rings.gaussian(single.width) @ rings.size)
    return Several(sums / whole, kernel, fit.search.background(best))


class _Fit:
    """Everything that does not depend on which types are used."""

    def __init__(
        self, events: Events, own: Events, ground: Ground, rings: Rings, single: Single, kinds: int
    ) -> None:
        scales, layout = np.array([single.delay]), Layout.of(own)
        self.kinds, self.bell = kinds, rings.gaussian(single.width)
        self.start = single.branching * self.bell
        found = gather(events, ground, rings, scales, 0, kinds, layout.rows)
        self.due = compensator(events, ground, rings, scales, kinds)
        self.design = Design(found, layout.active, layout.first, layout.block, layout.lasts, self.due, ground)
        self.search = Search(own, ground, rings, layout, self.start, {})
        self.size = rings.size

    def of(self, used: list[bool]) -> Split:
        """Fit with some of the types."""
        own = [self.start] + [0.02 * self.bell] * (self.kinds - 1)
        weights = np.concatenate([w if u else 0.0 * w for w, u in zip(own, used, strict=True)])
        split = begin(self.design, weights, min(float(self.start @ self.size), 0.9))
        split = climb(self.design, split, self._tie, rounds=20, close=1e-4)
        return replace(split, weights=np.where(split.weights < 1e-200, 0.0, split.weights))

    def _tie(self, explained: Floats) -> Floats:
        """Give each type's likeliest branching, all in the one Gaussian form."""
        whole = explained.reshape(self.kinds, -1).sum(axis=1)
        due = self.due.reshape(self.kinds, -1) @ self.bell
        out: Floats = ((whole / np.maximum(due, 1e-300))[:, None] * self.bell).ravel()
        return out


__all__ = ["Several", "fit_several"]
