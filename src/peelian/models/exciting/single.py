"""One kernel: exponential in time and Gaussian in space, both scales estimated, not picked from a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from peelian.domain.errors import Misuse
from peelian.domain.grid import Floats
from peelian.models.exciting.events import Events, Ground
from peelian.models.exciting.search import Search

_SEARCHED: Final = 30_000
"""Events on which the delay is looked for, and excitement told from none; all of them refine the numbers."""


@dataclass(frozen=True, eq=False)
class Single:
    """A fitted process of one kind.

    `branching` is how many further events one event brings on average; `delay` the mean delay in days;
    `width` the standard deviation of a step, each way, in cells; `background` (rows, columns) events a day;
    `gain` what excitement adds to the log marginal likelihood (nats) of the up to 45,000 events searched;
    `rounds` how many delays were tried at the end. Where the gain is not above one and a half times what the
    same events gain with shuffled times, and 1.5 log n more (three numbers, Schwarz 1978), no excitement was
    found and `branching` is 0.
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
    some = _band(events, ground)
    search = Search.of(some, ground)
    scale = search.refine(search.bracket(min(10.0, search.longest / 3)), 0.35, 3)
    over = search.over_nothing(scale)
    by_chance = max(Search.of(_shuffled(some), ground).over_nothing(scale), 0.0)
    found = over > 1.5 * by_chance + 1.5 * np.log(len(some.time))
    if len(some.time) < len(events.time):
        search = Search.of(events, ground, search.at(scale)[0].weights)
        scale = search.refine(scale, 0.15, 2)
    split, width = search.settled(scale)
    background = search.background(split)
    theta = float(split.weights @ search.rings.size) / float(search.rings.gaussian(width) @ search.rings.size)
    return Single(theta if found else 0.0, scale, width, background, over, len(search.tried))


def _shuffled(events: Events) -> Events:
    """Deal the times out anew among the events: places and days stay as busy as they were, repeats go."""
    time = np.random.default_rng(0).permutation(events.time)
    return Events.of(time, events.cell, events.span, events.kind)


def _band(events: Events, ground: Ground) -> Events:
    """Keep events of a band of rows in their middle, whole in time, where there are very many."""
    if len(events.time) <= 1.5 * _SEARCHED:
        return events
    row = events.cell // ground.columns
    spare = (1 - _SEARCHED / len(events.time)) / 2
    low, high = np.quantile(row, [spare, 1 - spare])
    keep = (row >= low) & (row <= high)
    return Events(events.time[keep], events.cell[keep], events.kind[keep], events.span)


__all__ = ["Single", "fit_single"]
