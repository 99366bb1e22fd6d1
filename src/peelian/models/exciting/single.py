"""One kernel: exponential in time and Gaussian in space, both scales estimated, not picked from a list."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from peelian.domain.errors import Misuse
from peelian.domain.grid import Floats
from peelian.models.exciting.events import Events, Ground
from peelian.models.exciting.expectation import Design, Split, Tie, begin, climb, once
from peelian.models.exciting.gather import compensator, gather
from peelian.models.exciting.rings import Rings

_REACH = 4
_WIDTHS = np.geomspace(0.2, 2.2, 240)
_SHORTEST = 0.25
"""Least mean delay looked for, in days."""
_OF_SPAN = 20
"""The longest is the time looked at over this: a longer memory cannot be told from the background."""
_STRIDE = 2.5
_ENOUGH = 100_000
"""Events on which the delay is bracketed; all of them refine it."""
_STRETCH = 91.3125
"""Days over which the background's course is held level."""


@dataclass(frozen=True, eq=False)
class Single:
    """A fitted process of one kind.

    `branching` is how many further events one event brings on average; `delay` the mean delay in days;
    `width` the standard deviation of a step, each way, in cells; `background` (rows, columns) events a day;
    `gain` what excitement adds to the log marginal likelihood (nats); `rounds` how many delays were tried.
    Where it is not above twice what events with shuffled times gain, and 1.5 log n more (three numbers,
    Schwarz 1978), no excitement was found and `branching` is 0.
    """

    branching: float
    delay: float
    width: float
    background: Floats
    gain: float
    rounds: int


def fit_single(events: Events, ground: Ground) -> Single:
    """Fit events of one kind by expectation and maximisation, the cells' rates integrated out.

    The delay is the top of the profile of the log marginal likelihood: bracketed by long steps, then fitted
    by parabolas in its logarithm. The width is maximised in every round, over what each distance explains.
    Cost is linear in events. Model: Mohler et al. 2011 (JASA 106); kernels parametric as in Ogata 1988.

    Raises:
        Misuse: when there are fewer than 100 events.
    """
    if len(events.time) < 100:
        raise Misuse(
            f"{len(events.time)} events cannot tell repeats from busy places",
            expected="100 events or more",
            do="take a longer time or a larger area",
        )
    search = Search.of(_band(events, ground), ground)
    start = search.bracket(min(10.0, search.longest / 3))
    if len(events.time) > 1.5 * _ENOUGH:
        search = Search.of(events, ground)
    scale = search.refine(start, 0.35, 3)
    split, width = search.at(scale)
    background = search.background(split)
    theta = float(split.weights @ search.rings.size) / float(search.rings.gaussian(width) @ search.rings.size)
    over = search.over_nothing(scale)
    shuffled = Search.of(_shuffled(events), ground).over_nothing(scale)
    found = over > 2 * max(shuffled, 0.0) + 1.5 * np.log(len(events.time))
    return Single(theta if found else 0.0, scale, width, background, over, len(search.tried))


def _shuffled(events: Events) -> Events:
    """Deal the times out anew among the events: places and days stay as busy as they were, repeats go."""
    time = np.random.default_rng(0).permutation(events.time)
    return Events.of(time, events.cell, events.span, events.kind)


def _band(events: Events, ground: Ground) -> Events:
    """Keep events of a band of rows in the middle of the events, whole in time, when there are very many."""
    if len(events.time) <= 1.5 * _ENOUGH:
        return events
    row = events.cell // ground.columns
    spare = (1 - _ENOUGH / len(events.time)) / 2
    low, high = np.quantile(row, [spare, 1 - spare])
    keep = (row >= low) & (row <= high)
    return Events(events.time[keep], events.cell[keep], events.kind[keep], events.span)


@dataclass(eq=False)
class Search:
    """The log marginal likelihood over the delay, each point started from the nearest one found."""

    events: Events
    ground: Ground
    rings: Rings
    tried: dict[float, tuple[Split, float]]
    laid: tuple[float, Design] | None = None

    @classmethod
    def of(cls, events: Events, ground: Ground) -> Search:
        """Begin a search."""
        return cls(events, ground, Rings.of(_REACH), {})

    @property
    def longest(self) -> float:
        """Longest mean delay looked for, in days."""
        return self.events.span / _OF_SPAN

    def design(self, scale: float) -> Design:
        """Lay out the fit at a delay; the last one is kept."""
        if self.laid is None or self.laid[0] != scale:
            self.laid = scale, design_of(self.events, self.ground, self.rings, scale)
        return self.laid[1]

    def over_nothing(self, scale: float) -> float:
        """Give what excitement at a delay adds to the log marginal likelihood."""
        split = self.at(scale)[0]
        return split.gain - self.without(split, scale)

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
                start = begin(design, 0.3 * self.rings.gaussian(0.7), 0.3)
            found = climb(design, start, width.tie, rounds=8, close=1e-3)
            self.tried[scale] = found, width.last
        return self.tried[scale]

    def background(self, split: Split) -> Floats:
        """Give the posterior mean rates, (rows, columns) events a day."""
        out = np.zeros(self.ground.inside.size)
        active = np.unique(self.events.cell)
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


class _Width:
    """Chooses branching and width from the events that each distance class explains."""

    def __init__(self, rings: Rings, due: Floats) -> None:
        self.rings, self.due = rings, due
        self.table = np.stack([rings.gaussian(w) for w in _WIDTHS])
        self.logs = np.log(np.maximum(self.table, 1e-300))
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


def design_of(events: Events, ground: Ground, rings: Rings, scale: float) -> Design:
    """Lay out the fit of one kind at one delay."""
    scales = np.array([scale])
    stretches = max(round(events.span / _STRETCH), 1)
    length = events.span / stretches
    block = np.minimum(events.time // length, stretches - 1).astype(np.int32)
    active, place = np.unique(events.cell, return_inverse=True)
    return Design(
        gather(events, ground, rings, scales, 0, 1), active.astype(np.int64), place.astype(np.int32), block,
        np.full(stretches, length), compensator(events, ground, rings, scales, 1), ground,
    )  # fmt: skip


__all__ = ["Search", "Single", "Tie", "design_of", "fit_single"]
