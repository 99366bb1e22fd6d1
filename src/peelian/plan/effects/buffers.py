"""Rings round treated places: whether harm moved next door (displacement) or fell there too (diffusion)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from peelian.domain.errors import Refused
from peelian.plan.effects.effect import Effect, Floats, Whole
from peelian.plan.effects.event_study import NEVER, event_study

Sign = Literal["displacement", "diffusion", "not told apart from none"]


@dataclass(frozen=True, eq=False)
class Rings:
    """Each place's part: 0 treated, 1, 2, ... outward, -1 beyond all rings; and the nearest treated place."""

    part: Whole
    nearest: Whole


def rings(xy: Floats, treated: Whole, widths: tuple[float, ...] = (300.0, 600.0)) -> Rings:
    """Give rings by distance from the nearest treated centre, in the unit of `xy` (places, 2).

    `widths` are outer distances, rising.
    """
    from scipy.spatial import KDTree

    far, index = KDTree(xy[treated]).query(xy)
    part = np.searchsorted(np.asarray(widths), far) + 1
    part[part > len(widths)] = -1
    part[treated] = 0
    return Rings(part.astype(np.int64), treated[index].astype(np.int64))


def spill(
    counts: Floats, starts: Whole, around: Rings, ring: int = 1, *, horizon: int = 12, level: float = 0.95
) -> Effect:
    """Give the change in a ring against places beyond all rings, by the event study.

    A ring's place starts when the treated place nearest to it does.

    Raises:
        Refused: too few places in the ring, or beyond the rings.
    """
    inside, beyond = np.flatnonzero(around.part == ring), np.flatnonzero(around.part == -1)
    if len(inside) < 4 or len(beyond) < 8:
        raise Refused(
            f"{len(inside)} places in the ring and {len(beyond)} beyond it are too few",
            expected="at least 4 and 8", do="take a wider ring, or a wider area",
        )  # fmt: skip
    rows = np.r_[inside, beyond]
    ring_starts = np.r_[starts[around.nearest[inside]], np.full(len(beyond), NEVER)]
    return event_study(counts[rows], ring_starts, horizon=horizon, level=level)


def sign(effect: Effect) -> Sign:
    """Say displacement (more harm nearby), diffusion (less), or neither beyond chance."""
    if not effect.clear:
        return "not told apart from none"
    return "displacement" if effect.change > 0 else "diffusion"
