"""Expectation and maximisation: how much of each event is background, how much each memory's doing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numba
import numpy as np

from peelian.domain.grid import Cells, Floats
from peelian.models.exciting.background import (
    Prior,
    Rates,
    centred,
    first_prior,
    placed,
    placed_anew,
    rescaled,
    weighed,
)
from peelian.models.exciting.events import Ground, Small
from peelian.models.exciting.gather import Singles

Tie = Callable[[Floats], Floats]
"""Gives the weights (K,) that are likeliest when memory k explains acc[k] events."""


@dataclass(frozen=True, eq=False)
class Design:
    """What is fitted: n events with K memories each, and what those integrate to.

    Events stand cell by cell: those of `active` cell a (A,) are the rows `first[a]` to `first[a + 1]`.
    `block` (n,) is the stretch of time each falls in, `lasts` (L,) the days of each stretch.
    """

    features: Singles
    active: Cells
    first: Cells
    block: Small
    lasts: Floats
    compensator: Floats
    ground: Ground

    @property
    def count(self) -> Floats:
        """Events of each active cell, (A,)."""
        return np.diff(self.first).astype(float)

    @property
    def days(self) -> float:
        """Days looked at."""
        return float(self.lasts.sum())


@dataclass(frozen=True, eq=False)
class Split:
    """Where the fit stands: weights (K,), the cells' rates and their prior, and the background's course.

    `pulse` (L,) has a mean over days of one. `gain` is the log marginal likelihood of the point before it.
    """

    weights: Floats
    rates: Rates
    pulse: Floats
    prior: Prior
    gain: float = -np.inf


_TINY = 1e-100
"""Least intensity, so that two factors never leave the range of a double."""


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _respond(
    features: Singles, first: Cells, block: Small, weights: Floats, points: Floats, chance: Floats,
    pulse: Floats, explained: Floats, logs: Floats, beat: Floats,
) -> None:  # fmt: skip # pragma: no cover - compiled
    """Share out every event over the points of its cell's rate; `logs` (A, G) add up log intensities.

    Logarithms are dear: intensities are multiplied, and the logarithm taken when the product grows extreme.
    """
    wide, points_of = len(weights), points.shape[1]
    fours = wide - wide % 4
    sums = np.zeros(wide)
    product, whole = np.ones(points_of), np.ones(points_of)
    for c in range(len(first) - 1):
        product[:] = 1.0
        for i in range(first[c], first[c + 1]):
            beats = pulse[block[i]]
            # four sums side by side: one chain of additions would wait for each
            a0, a1, a2, a3 = 0.0, 0.0, 0.0, 0.0
            for k in range(0, fours, 4):
                a0 += weights[k] * features[i, k]
                a1 += weights[k + 1] * features[i, k + 1]
                a2 += weights[k + 2] * features[i, k + 2]
                a3 += weights[k + 3] * features[i, k + 3]
            for k in range(fours, wide):
                a0 += weights[k] * features[i, k]
            excited = (a0 + a1) + (a2 + a3)
            for g in range(points_of):
                whole[g] = points[c, g] * beats + excited + _TINY
                product[g] *= whole[g]
            inverse = 0.0
            for g in range(points_of):
                inverse += chance[c, g] / whole[g]
            if product[0] < 1e-200 or product[-1] > 1e200:  # points stand in order
                for g in range(points_of):
                    logs[c, g] += np.log(product[g])
                    product[g] = 1.0
            beat[block[i]] += 1.0 - excited * inverse
            for k in range(wide):
                sums[k] += features[i, k] * inverse
        for g in range(points_of):
            logs[c, g] += np.log(product[g])
    for k in range(wide):
        explained[k] = weights[k] * sums[k]


_STEADY = 200.0
"""How many events each stretch of time must outweigh before the background's course follows it."""


def once(design: Design, split: Split, tie: Tie, *, move: bool = False) -> Split:
    """Do one round: share out the events, then choose weights, rates and course anew.

    With `move` the points at which rates are looked at go to where the posterior lies.
    """
    explained, beat = np.zeros_like(split.weights), np.zeros_like(split.pulse)
    logs = np.zeros_like(split.rates.points)
    _respond(
        design.features, design.first, design.block, split.weights, split.rates.points, split.rates.chance,
        split.pulse, explained, logs, beat,
    )  # fmt: skip
    rates, evidence = weighed(split.rates, logs, split.prior)
    prior = rescaled(split.prior, rates)
    due = beat.sum() * design.lasts / design.days
    pulse = (beat + _STEADY) / (due + _STEADY)
    pulse /= float(pulse @ design.lasts) / design.days
    gain = evidence - float(split.weights @ design.compensator)
    return Split(tie(explained), placed_anew(rates, prior, move=move), pulse, prior, gain)


def begin(design: Design, weights: Floats, explained: float) -> Split:
    """Start from a share of all events being explained by the memories."""
    count = np.zeros(design.ground.inside.size)
    count[design.active] = design.count
    prior = centred(first_prior(count, design.active, design.ground, design.days), design.count)
    shape = prior.shape + design.count * (1 - explained)
    rate = shape / (prior.shape / prior.mean + design.days)
    rates = placed(design.count, rate, shape, prior)
    return Split(weights, rates, np.ones(len(design.lasts)), prior)


def climb(design: Design, split: Split, tie: Tie, *, rounds: int, close: float) -> Split:
    """Repeat rounds until the weights' sum moves by less than `close` of itself, in long steps.

    Two rounds give a direction and how far to go along it (SQUAREM, Varadhan and Roland 2008), here in the
    logarithm of the weights; the cells' rates follow within a round.
    """
    for n in range(rounds):
        start = once(design, split, tie, move=n % 3 == 0)
        if n % 3 == 0:  # points just moved have only rough chances: let them settle
            start = once(design, start, tie)
        one = once(design, start, tie)
        two = once(design, one, tie)
        logs = [np.log(np.maximum(each.weights, 1e-300)) for each in (start, one, two)]
        first, second = logs[1] - logs[0], logs[2] - 2 * logs[1] + logs[0]
        stride = -max(1.0, min(float(np.sqrt((first @ first) / max(second @ second, 1e-300))), 16.0))
        far = np.clip(logs[0] - 2 * stride * first + stride**2 * second, logs[2] - 0.5, logs[2] + 0.5)
        split = replace(two, weights=np.exp(far))
        if np.abs(two.weights - one.weights).sum() < close * max(two.weights.sum(), 1e-9):
            break
    return once(design, split, tie)


__all__ = ["Design", "Split", "Tie", "begin", "climb", "once"]
