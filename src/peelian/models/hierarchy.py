"""From the whole area down to a place: each level's count pulled to what the level above expects of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy import optimize, special

from peelian.domain.grid import Cells, Floats
from peelian.domain.panel import Parents
from peelian.models.mask_image import MaskImage

_BOUNDS: Final = (1e-3, 1e3)
_NEAR_EVENTS: Final = 0.1
"""Events' worth of trust that wider places get against what lies around: just enough never to say nothing."""
_WIDER: Final = 3.0
"""Where no larger places are held, surroundings so many times as wide stand in for them."""


def shrink(count: Floats, whole: float, prior: Floats, events: float) -> Floats:
    """Give each place's posterior mean share: (events + count) / (events / prior + whole).

    The share has a gamma prior of shape `events` and mean `prior` (C,); `count` (C,) is Poisson with mean
    share x `whole`.

    >>> shrink(np.array([0.0, 3.0]), 10.0, np.array([0.1, 0.1]), 1.0).tolist()
    [0.05, 0.2]
    """
    out: Floats = (events + count) / (events / np.maximum(prior, 1e-12) + whole)
    return out


def fit_events(count: Floats, expected: Floats) -> float:
    """Choose a gamma prior's shape by the likelihood of counts given what the level above expects (L,).

    The counts are negative binomial with the prior summed out (Clayton and Kaldor 1987).
    """
    if len(count) < 2 or count.sum() <= 0:
        return 1.0
    mean = np.maximum(expected, 1e-12)

    def loss(log: float) -> float:
        shape = float(np.exp(log))
        each = special.gammaln(shape + count) - special.gammaln(shape)
        each = each + shape * np.log(shape) + count * np.log(mean) - (shape + count) * np.log(shape + mean)
        return -float(each.sum())

    low, high = np.log(_BOUNDS)
    found = optimize.minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 0.05})
    return float(np.exp(found.x))


def down_the_levels(count: Floats, levels: Sequence[Parents], known: Sequence[Cells]) -> Floats:
    """Give each cell's share (C,) as its larger places tell it, largest first; they add up to one.

    `known` (C,) of each level are its indices with the cells of no place as one more place.
    """
    whole = max(float(count.sum()), 1e-9)
    share = np.full(len(count), 1.0 / len(count))
    for parents, of_cell in zip(reversed(levels), reversed(known), strict=True):
        wide = len(parents.codes) + 1
        held = np.bincount(of_cell, count, wide).astype(np.float64)
        prior = np.bincount(of_cell, share, wide).astype(np.float64)
        used = prior > 0
        events = fit_events(held[used], whole * prior[used])
        lift = np.ones(wide)
        lift[used] = shrink(held[used], whole, prior[used], events) / prior[used]
        share = share * lift[of_cell]
    out: Floats = share / share.sum()
    return out


def with_surroundings(count: Floats, share: Floats, image: MaskImage, width: float) -> Floats:
    """Move shares (C,) to what lies around each cell, itself left out, as far as it has seen enough.

    The count around, with Gaussian weights, is Poisson with what `share` expects there: a place in busy
    surroundings follows them, one in quiet surroundings keeps what its larger places say.
    """
    whole = max(float(count.sum()), 1e-9)
    around = image.mass(width) - 1.0
    held = around * image.bell(count, width, own=False)
    expected = around * image.bell(share, width, own=False) * whole
    moved = share * (_NEAR_EVENTS + held) / (_NEAR_EVENTS + expected)
    out: Floats = moved / moved.sum()
    return out


def wider_surroundings(count: Floats, image: MaskImage, width: float) -> Floats:
    """Give shares (C,) by surroundings several times as wide, where no larger places are held."""
    even = np.full(len(count), 1.0 / len(count))
    return with_surroundings(count, even, image, _WIDER * width)
