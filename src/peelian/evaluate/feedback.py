"""Does a forecast feed on its own patrols? A world of equal harm, simulated day by day.

After the urn of Ensign et al. (2018): where one looks, more is found. The naive control must run away, or
the harness could find nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from peelian.domain.grid import Floats
from peelian.models.memory import decayed

Policy = Literal["greedy", "corrected", "exploring"]
HALF_LIFE: Final = 180.0
EXPLORE: Final = 0.1


@dataclass(frozen=True)
class World:
    """`cells` cells in two areas of equal harm; the first 100 days recorded the first area at 60 to 40."""

    cells: int = 200
    days: int = 1000
    visits: int = 20
    rate: float = 0.5
    found: float = 0.5  # extra records, a visit, that only officers make
    before: int = 100


def run_feedback(world: World, policy: Policy, seed: int) -> tuple[float, float]:
    """Give the first area's share of visits in the second half, and its share of true harm there.

    `greedy` (the control) sends to the highest count of all that was recorded, what officers found too.
    `corrected` drops what officers found, remembers by the shipped decayed counts, and shares visits out in
    proportion; `exploring` also gives a tenth of them evenly.
    """
    rng = np.random.default_rng(seed)
    first = np.arange(world.cells) < world.cells // 2
    start = np.where(first, 1.2, 0.8) * world.rate
    reported = np.zeros((world.before + world.days, world.cells), np.float32)
    reported[: world.before] = rng.poisson(start, (world.before, world.cells))
    records = reported[: world.before].sum(axis=0).astype(float)
    memory = _remember(reported[: world.before])
    keep, half = 0.5 ** (1 / HALF_LIFE), world.days // 2
    sent, harm = np.zeros(world.cells), np.zeros(world.cells)
    for day in range(world.days):
        visited = _send(records if policy == "greedy" else memory, world.visits, policy, rng)
        happened = rng.poisson(world.rate, world.cells)
        records += happened + rng.poisson(world.found, world.cells) * visited
        memory = (memory + happened) * keep
        if day >= half:
            sent += visited
            harm += happened
    return float(sent[first].sum() / sent.sum()), float(harm[first].sum() / harm.sum())


def _remember(counts: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> Floats:
    state, _ = decayed(counts, np.ones(len(counts), np.bool_), (HALF_LIFE,), (len(counts),))
    out: Floats = state[0, 0].astype(np.float64)
    return out


def _send(risk: Floats, visits: int, policy: Policy, rng: np.random.Generator) -> Floats:
    if policy == "greedy":
        out = np.zeros(len(risk))
        out[np.argsort(-risk, kind="stable")[:visits]] = 1.0
        return out
    part = risk / risk.sum() if risk.sum() else np.full(len(risk), 1 / len(risk))
    if policy == "exploring":
        part = (1 - EXPLORE) * part + EXPLORE / len(risk)
    ends = np.cumsum(np.minimum(part * visits, 1.0))
    marks = rng.random() + np.arange(visits)  # systematic sampling: each cell as often as its share says
    picked = np.searchsorted(ends, marks[marks < ends[-1]], side="right")
    return np.bincount(picked, minlength=len(risk)).astype(np.float64)
