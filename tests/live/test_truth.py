"""In a world of known truth the rate now is the rate; where events bring nothing, nothing moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.live.memory import DAY_US
from peelian.live.rates import Rates
from peelian.live.recipe import Kind, Recipe
from peelian.live.state import RunningState, microseconds
from tests.live.world import NOW, recipe

SIDE, DAYS, DELAY, WIDTH = 16, 500, 8.0, 0.6
CELLS = np.sort((np.arange(SIDE)[:, None] * GRID.columns + np.arange(SIDE)[None, :]).ravel())


def world(branching: float, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Simulate: background by cell (events a day), each event's time (days) and cell."""
    draw = np.random.default_rng(seed)
    rate = draw.gamma(0.5, 0.06, SIDE * SIDE)
    cell = np.repeat(np.arange(SIDE * SIDE), draw.poisson(rate * DAYS))
    x, y, t = (
        cell % SIDE + draw.random(len(cell)),
        cell // SIDE + draw.random(len(cell)),
        draw.random(len(cell)) * DAYS,
    )
    kept: list[tuple[np.ndarray, ...]] = [(x, y, t)]
    while len(x):
        parent = np.repeat(np.arange(len(x)), draw.poisson(branching, len(x)))
        x, y = (v[parent] + draw.normal(0, WIDTH, len(parent)) for v in (x, y))
        t = t[parent] + draw.exponential(DELAY, len(parent))
        inside = (t < DAYS) & (x >= 0) & (y >= 0) & (x < SIDE) & (y < SIDE)
        x, y, t = x[inside], y[inside], t[inside]
        kept.append((x, y, t))
    x, y, t = (np.concatenate(part) for part in zip(*kept, strict=True))
    return rate, t, y.astype(np.int64) * SIDE + x.astype(np.int64)


def kernel() -> np.ndarray:
    """Where a Gaussian step from a uniform place in a cell lands, by a million draws."""
    draw = np.random.default_rng(0)
    step = np.floor(draw.random((2, 1_000_000)) + draw.normal(0, WIDTH, (2, 1_000_000))).astype(int)
    near = (np.abs(step) <= 3).all(axis=0)
    flat = np.bincount((step[1, near] + 3) * 7 + step[0, near] + 3, minlength=49) / 1_000_000
    return flat.reshape(7, 7)


def followed(
    branching: float, seed: int, *, learned: float = 1.0, levelled: bool = False
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """See the state at each midnight, day after day; give rates a day, what the day held, the background.

    The recipe's background is `learned` times the true one.
    """
    rate, t, cell = world(branching, seed)
    scales, brings = ([DELAY, 60.0], [[branching, 0.0]]) if levelled else ([DELAY], [[branching]])
    made = Recipe("truth", "violence", "violence", GRID, CELLS, (Kind("violence", ("violence",)),),
                  np.array(scales), np.array(brings), kernel(), learned * rate, NOW, len(t),
                  levelled=levelled)  # fmt: skip
    state = RunningState(made)
    day = np.floor(t).astype(int)
    rates, counts = [], []
    for k in range(DAYS):
        seen = state.at(NOW + timedelta(days=k))
        mine = day == k
        rates.append(seen.rate / 7)
        counts.append(np.bincount(cell[mine], minlength=len(CELLS)))
        one = np.ones(int(mine.sum()), np.int64)
        at = microseconds(NOW) + (t[mine] * DAY_US).astype(np.int64)
        state._memory.add(at, cell[mine], 0 * one, one)
    return np.array(rates), np.array(counts), rate


@pytest.mark.parametrize("seed", [1, 2])
def test_the_rate_now_is_calibrated_and_beats_a_rate_that_stands_still(seed: int) -> None:
    rates, counts, _background = followed(0.4, seed)
    # The rate at midnight leaves out what the day's own events will bring: within a day, some 3 %.
    due, came = rates[100:].ravel(), counts[100:].ravel()
    order = np.argsort(due)
    for part in np.array_split(order, 5)[2:]:
        assert came[part].sum() == pytest.approx(due[part].sum(), rel=0.12)
    still = np.broadcast_to(
        counts[:100].mean(axis=0) * 0.9 + counts[:100].mean() * 0.1, counts[100:].shape
    ).ravel()
    still = still * due.sum() / still.sum()
    gain = (came * np.log(due / still) - (due - still)).sum() / came.sum()
    assert gain > 0.05, "nats an event"


def test_where_events_bring_nothing_nothing_moves() -> None:
    rates, _counts, background = followed(0.0, 3)
    assert np.array_equal(rates[-1], rates[0])
    assert rates[0] == pytest.approx(background)


@pytest.mark.parametrize("branching", [0.0, 0.4])
def test_the_level_follows_an_area_that_has_more_than_was_learned(branching: float) -> None:
    """Learned at half the level: after some months what is expected is what comes, less the prior's pull."""
    rates, counts, _ = followed(branching, 4, learned=0.5, levelled=True)
    still, _, _ = followed(branching, 4, learned=0.5)
    assert rates[200:].sum() == pytest.approx(counts[200:].sum(), rel=0.08)
    assert still[200:].sum() < 0.8 * counts[200:].sum()
    steady, _, _ = followed(branching, 4, levelled=True)
    assert steady[200:].sum() == pytest.approx(counts[200:].sum(), rel=0.05)


def test_the_level_by_hand() -> None:
    """Due 60 days x 2 a day = 120; held 200, of which 0.25 x 200 were brought: (150 + 20) / (120 + 20)."""
    cells = len(recipe().cells)
    made = replace(recipe(), scales=np.array([2.0, 60.0]), branching=np.array([[0.25, 0.0], [0.0, 0.0]]),
                   background=np.full(cells, 2 / cells), levelled=True)  # fmt: skip
    held = np.zeros((2, 2, len(made.cells)))
    held[0, 1, :100] = 2.0
    assert Rates(made).level(held) == pytest.approx(170 / 140)
    assert Rates(replace(made, levelled=False)).level(held) == 1.0
