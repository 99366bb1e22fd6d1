"""The search for the delay: everything else is fitted at each one tried."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np

from peelian.domain.grid import Cells, Floats
from peelian.models.exciting.events import Events, Ground, Small
from peelian.models.exciting.expectation import Design, Split, begin, climb, once
from peelian.models.exciting.gather import compensator, gather
from peelian.models.exciting.rings import Rings

_REACH: Final = 4
_WIDTHS = np.geomspace(0.2, 2.2, 240)
_SHORTEST: Final = 0.25
"""Least mean delay looked for, in days."""
_OF_SPAN: Final = 20
"""The longest is the time looked at over this: a longer memory cannot be told from the background."""
_STRIDE: Final = 2.5
_SETTLING: Final = 5
"""How often at most a fit goes on for twelve more rounds, while that gains a nat."""
_STRETCH: Final = 91.3125
"""Days over which the background's course is held level."""


@dataclass(frozen=True, eq=False)
class Layout:
    """What no delay changes: `active` cells, where each one's events begin, each event's row and stretch."""

    active: Cells
    first: Cells
    rows: Small
    block: Small
    lasts: Floats

    @classmethod
    def of(cls, events: Events) -> Layout:
        """Stand the events cell by cell, in order of time within each."""
        stretches = max(round(events.span / _STRETCH), 1)
        length = events.span / stretches
        order = np.argsort(events.cell, kind="stable")
        rows = np.empty(len(order), np.int32)
        rows[order] = np.arange(len(order), dtype=np.int32)
        active, first = np.unique(events.cell[order], return_index=True)
        block = np.minimum(events.time[order] // length, stretches - 1).astype(np.int32)
        ends = np.append(first, len(order)).astype(np.int64)
        return cls(active.astype(np.int64), ends, rows, block, np.full(stretches, length))


@dataclass(eq=False)
class Search:
    """The log marginal likelihood over the delay, each point started from the nearest one found.

    `hint` are the weights (Q,) that the first point starts from.
    """

    events: Events
    ground: Ground
    rings: Rings
    layout: Layout
    hint: Floats
    tried: dict[float, tuple[Split, float]]
    laid: tuple[float, Design] | None = None

    @classmethod
    def of(cls, events: Events, ground: Ground, hint: Floats | None = None) -> Search:
        """Begin a search."""
        rings = Rings.of(_REACH)
        hint = 0.3 * rings.gaussian(0.7) if hint is None else hint
        return cls(events, ground, rings, Layout.of(events), hint, {})

    @property
    def longest(self) -> float:
        """Longest mean delay looked for, in days."""
        return self.events.span / _OF_SPAN

    def design(self, scale: float) -> Design:
        """Lay out the fit at a delay; the last one is kept."""
        if self.laid is None or self.laid[0] != scale:
            self.laid = scale, self._laid_out(scale)
        return self.laid[1]

    def _laid_out(self, scale: float) -> Design:
        scales, lay = np.array([scale]), self.layout
        found = gather(self.events, self.ground, self.rings, scales, 0, 1, lay.rows)
        due = compensator(self.events, self.ground, self.rings, scales, 1)
        return Design(found, lay.active, lay.first, lay.block, lay.lasts, due, self.ground)

    def over_nothing(self, scale: float) -> float:
        """Give what excitement at a delay adds to the log marginal likelihood, both fits being settled."""
        split = self.settled(scale)[0]
        return split.gain - self.without(split, scale)

    def settled(self, scale: float) -> tuple[Split, float]:
        """Fit on until little moves: weak excitement is slow to go, and looks worse than none on the way."""
        split = self.at(scale)[0]
        width = _Width(self.rings, self.design(scale).compensator)
        for _ in range(_SETTLING):
            before = split
            split = climb(self.design(scale), before, width.tie, rounds=12, close=1e-4)
            if abs(split.gain - before.gain) < 1.0:
                break
        self.tried[scale] = split, width.last
        return self.tried[scale]

    def without(self, split: Split, scale: float) -> float:
        """Give the log marginal likelihood when nothing is exciting, prior and course being learned again."""
        design = self.design(scale)
        for _ in range(5):
            split = once(
                design, replace(split, weights=np.zeros_like(split.weights)), np.zeros_like, move=True
            )
        split = once(design, split, np.zeros_like)
        return once(design, split, np.zeros_like).gain

    def at(self, scale: float) -> tuple[Split, float]:
        """Fit all but the delay; remembered."""
        if scale not in self.tried:
            design = self.design(scale)
            width = _Width(self.rings, design.compensator)
            if self.tried:
                near = min(self.tried, key=lambda s: abs(np.log(s / scale)))
                start = self.tried[near][0]
            else:
                start = begin(design, self.hint, float(self.hint @ self.rings.size))
            found = climb(design, start, width.tie, rounds=8, close=1e-3)
            self.tried[scale] = found, width.last
        return self.tried[scale]

    def background(self, split: Split) -> Floats:
        """Give the posterior mean rates, (rows, columns) events a day."""
        out = np.zeros(self.ground.inside.size)
        active = self.layout.active
        calm = self.ground.inside.ravel().copy()
        calm[active] = False
        out[calm] = split.prior.quiet_rate()
        out[active] = split.rates.mean
        return out.reshape(self.ground.inside.shape)

    def gain(self, scale: float) -> float:
        """Give the log marginal likelihood at a delay."""
        return self.at(scale)[0].gain

    def bracket(self, start: float) -> float:
        """Climb by long steps to the best of a coarse ladder of delays."""
        best = start
        for way in (_STRIDE, 1 / _STRIDE):
            while _SHORTEST < best * way < self.longest and self.gain(best * way) > self.gain(best):
                best *= way
        return best

    def refine(self, scale: float, spread: float, rounds: int) -> float:
        """Fit a parabola through three delays and go to its top, a few times, each time closer."""
        for _ in range(rounds):
            logs = np.log(scale) + np.array([-spread, 0.0, spread])
            gains = [self.gain(float(np.exp(v))) for v in logs]
            bend = gains[0] - 2 * gains[1] + gains[2]
            move = (
                0.5 * spread * (gains[0] - gains[2]) / bend
                if bend < 0
                else spread * np.sign(gains[2] - gains[0])
            )
            move = float(np.clip(move, -1.5 * spread, 1.5 * spread))
            scale = float(np.clip(scale * np.exp(move), _SHORTEST, self.longest))
            if abs(move) < 0.25 * spread:
                break
        return scale


@cache
def _table(reach: int) -> tuple[Floats, Floats]:
    """Give the Gaussian chances (W, Q) at each width tried, and their logarithms."""
    table = np.stack([Rings.of(reach).gaussian(w) for w in _WIDTHS])
    return table, np.log(np.maximum(table, 1e-300))


class _Width:
    """Chooses branching and width from the events that each distance class explains."""

    def __init__(self, rings: Rings, due: Floats) -> None:
        self.rings, self.due = rings, due
        self.table, self.logs = _table(rings.reach)
        self.last = 0.7

    def tie(self, explained: Floats) -> Floats:
        """Give the likeliest weights of the form branching x Gaussian chance."""
        whole = explained.sum()
        if whole <= 0:
            return 1e-9 * self.rings.gaussian(self.last)
        scores = self.logs @ explained - whole * np.log(np.maximum(self.table @ self.due, 1e-300))
        k = min(max(int(np.argmax(scores)), 1), len(scores) - 2)
        left, top, right = scores[k - 1 : k + 2]
        bend = left - 2 * top + right
        shift = 0.5 * (left - right) / bend if bend < 0 else 0.0
        self.last = float(_WIDTHS[k] * (_WIDTHS[1] / _WIDTHS[0]) ** np.clip(shift, -1, 1))
        bell = self.rings.gaussian(self.last)
        out: Floats = bell * (whole / max(float(bell @ self.due), 1e-300))
        return out
