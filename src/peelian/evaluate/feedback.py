"""Does a forecast feed on its own patrols? A world of equal harm in two areas, simulated day by day.

After Ensign et al. (2018): where one looks, more is found; reports by the public weaken the loop and do not
end it. The naive control counts what officers find and must run away, or the harness could find nothing. The
shipped memory is `models.memory.decayed`, carried on day by day; the shipped policy is the planner's: the
places of most expected harm, with visits shared out by the harm expected in each area (`shared_places`;
`planned` asks the planner itself). `listed` goes down the list of places instead, as the map shows it. All
seeds go side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from peelian.domain.grid import Floats
from peelian.domain.plan import SHARE_BY_HARM
from peelian.models.memory import decayed

Policy = Literal["naive", "listed", "shipped", "corrected", "exploring"]
POLICIES: Final[tuple[Policy, ...]] = ("naive", "listed", "shipped", "corrected", "exploring")
HALF_LIFE: Final = 180.0
EXPLORE: Final = 0.1
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class World:
    """`cells` cells in two areas of equal harm; the first `before` days recorded them at 60 to 40.

    `uneven`: shape of the gamma that a cell's rate is drawn from, the same rates in both areas; 0: all
    cells alike, so that any ranking of them is chance. `found`: extra records of a visit, officers' own.
    """

    cells: int = 200
    days: int = 1000
    visits: int = 20
    rate: float = 0.5
    uneven: float = 1.0
    found: float = 0.5
    before: int = 100
    half_life: float = HALF_LIFE

    def rates(self, seed: int) -> Floats:
        """Give the true daily rate of each cell, (C,); the second area mirrors the first."""
        half = self.cells // 2
        if self.uneven <= 0:
            return np.full(self.cells, self.rate)
        drawn = np.random.default_rng([seed, 1]).gamma(self.uneven, 1 / self.uneven, half)
        return self.rate * np.tile(drawn / drawn.mean(), 2)


@dataclass(frozen=True, eq=False)
class Fed:
    """By seed, (S,): the first area's share of visits and of true harm in the second half."""

    visits: Floats
    harm: Floats

    @property
    def gap(self) -> Floats:
        """Give how far visits are from harm, in shares, (S,)."""
        return np.abs(self.visits - self.harm)


def run_feedback(world: World, policy: Policy, seeds: Sequence[int]) -> Fed:
    """Live through the days under a policy, once for each seed.

    `naive` counts all records, officers' own too, and goes where most are. `listed` remembers the public's
    reports as the models do and goes to the first places of that list; `shipped` plans by the same memory as
    the planner does. `corrected` draws places in proportion to it; `exploring` also gives a tenth evenly.
    """
    rng = np.random.default_rng([*seeds, 7])
    first = np.arange(world.cells) < world.cells // 2
    rate = np.stack([world.rates(seed) for seed in seeds])
    start = rate * np.where(first, 1.2, 0.8)
    early = rng.poisson(start, (world.before, *rate.shape)).astype(np.float32)
    memory = np.stack([remembered(early[:, k], world.half_life) for k in range(len(seeds))])
    records = early.sum(axis=0).astype(np.float64)
    keep = 0.5 ** (1 / world.half_life)
    sent, harm = np.zeros(rate.shape), np.zeros(rate.shape)
    for day in range(world.days):
        visited = _send(records if policy == "naive" else memory, world.visits, policy, rng)
        happened = rng.poisson(rate)
        if policy == "naive":
            records += happened + rng.poisson(world.found, rate.shape) * visited
        memory = memory * keep + happened
        if day >= world.days // 2:
            sent += visited
            harm += happened
    return Fed(sent[:, first].sum(axis=1) / sent.sum(axis=1), harm[:, first].sum(axis=1) / harm.sum(axis=1))


def remembered(counts: npt.NDArray[np.float32], half_life: float = HALF_LIFE) -> Floats:
    """Give what the shipped memory holds of each cell after (P, C) days, the last one weighing most."""
    state, _ = decayed(counts, np.ones(len(counts), np.bool_), (half_life,), (len(counts),))
    out: Floats = state[0, 0].astype(np.float64)
    return out


def _send(risk: Floats, visits: int, policy: Policy, rng: np.random.Generator) -> Floats:
    """Give how often each cell is visited today, (S, C)."""
    if policy in ("naive", "listed"):
        return best_places(risk, visits).astype(np.float64)
    if policy == "shipped":
        return shared_places(risk, visits).astype(np.float64)
    part = risk / np.maximum(risk.sum(axis=1, keepdims=True), 1e-12)
    if policy == "exploring":
        part = (1 - EXPLORE) * part + EXPLORE / risk.shape[1]
    ends = np.cumsum(part * visits, axis=1)  # systematic sampling: each cell as often as its share says
    marks = rng.random((len(risk), 1))
    upto = np.floor(ends - marks) + 1
    return np.maximum(np.diff(upto, axis=1, prepend=np.floor(-marks) + 1), 0.0)


def best_places(harm: Floats, visits: int) -> Bools:
    """Choose the places of most expected harm, (S, C); of equal ones, the first."""
    out = np.zeros(harm.shape, np.bool_)
    np.put_along_axis(out, np.argsort(-harm, axis=1, kind="stable")[:, :visits], True, axis=1)
    return out


def shared_places(harm: Floats, visits: int) -> Bools:
    """Choose the places of most expected harm, (S, C), with visits shared out over the two halves.

    The exact best under the planner's rule: each half first gets its fewest, then the rest go to the best
    places of a half that may have more (bounds nest, so taking the best each time is never wrong).
    """
    second = np.arange(harm.shape[1]) >= harm.shape[1] // 2
    part = harm[:, second].sum(axis=1) / np.maximum(harm.sum(axis=1), 1e-12)
    due = np.stack([1 - part, part], axis=1) * visits
    off = max(SHARE_BY_HARM * visits, 0.5)
    fewest, most = np.ceil(due - off - 1e-9), np.floor(due + off + 1e-9)
    order = np.argsort(-harm, axis=1, kind="stable")
    half = second[order].astype(np.int64)
    before = np.where(half == 1, np.cumsum(half, axis=1), np.cumsum(1 - half, axis=1)) - 1
    sure = before < np.take_along_axis(fewest, half, axis=1)
    more = ~sure & (before < np.take_along_axis(most, half, axis=1))
    left = visits - sure.sum(axis=1, keepdims=True)
    out = np.zeros(harm.shape, np.bool_)
    np.put_along_axis(out, order, sure | (more & (np.cumsum(more, axis=1) <= left)), axis=1)
    return out


def planned(harm: Floats, visits: int) -> Bools:
    """Ask the shipped planner for so many equal visits over the places (C,) in one slot, in two areas."""
    from peelian.domain.plan import Candidates, Rules, Slot
    from peelian.plan.allocate import allocate, visits_only
    from peelian.plan.zoning import zoned

    n = len(harm)
    at = np.arange(n, dtype=np.float64) * 250
    wide = np.asarray(harm, np.float64)[:, None]
    names = tuple(str(k) for k in range(n))
    candidates = Candidates(
        names, names, at, np.zeros(n), wide, wide, wide, wide, ("first", "second"),
        (np.arange(n) >= n // 2).astype(np.int64),
    )  # fmt: skip
    begins = datetime(2024, 1, 1, tzinfo=UTC)
    slots = (Slot("day", begins, begins + timedelta(days=1)),)
    teams, rules = visits_only(visits, slots, Rules(share_by_harm=SHARE_BY_HARM))
    made = allocate(zoned(candidates), slots, teams, rules, seconds=5.0, rivals=False)
    out = np.zeros(n, np.bool_)
    out[[visit.place for visit in made.visits]] = True
    return out
