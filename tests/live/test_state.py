"""The state of a recipe: what enters, what never may, and that arrival order means nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peelian.domain.errors import Fault
from peelian.live.entering import entering
from peelian.live.recipe import read_recipe, write_recipe
from peelian.live.state import RunningState
from tests.live.world import CELLS, KERNEL, NOW, frame, recipe, row, told

RECIPE = recipe()
HOUR = timedelta(hours=1)


def test_one_event_by_hand() -> None:
    """A day old: its own cell gains 0.4 of 7 x (0.2/2 exp(-1/2) + 0.1/9 exp(-1/9)), a neighbour 0.1 of it."""
    state = RunningState(RECIPE)
    calm = state.at(NOW)
    assert calm.rate == pytest.approx(7 * RECIPE.background)
    state.take(told(1, [row(1, NOW - 24 * HOUR, 100)]))
    gained = state.at(NOW).rate - calm.rate
    added = 7 * (0.2 / 2 * np.exp(-0.5) + 0.1 / 9 * np.exp(-1 / 9))
    assert gained[100] == pytest.approx(0.4 * added)
    assert gained[101] == pytest.approx(KERNEL[1, 2] * added)
    assert gained.sum() == pytest.approx(added)
    assert np.count_nonzero(np.abs(gained) > 1e-12) == 9
    assert (state.at(NOW).day[100], state.at(NOW).week[100]) == (0, 1)


BARRED: dict[str, dict[str, Any]] = {
    "possession": {"group": "weapons-possession", "scope": "display"},
    "officer": {"scope": "display", "discovered_by": "officer"},
    "audit": {"scope": "audit"},
    "home": {"setting": "dwelling"},
    "domestic": {"domestic": "yes"},
    "sexual": {"sexual": "yes"},
    "unmarked": {"domestic": "unknown"},
    "unmarked too": {"sexual": None},
    "vague": {"end": NOW + 26 * HOUR},
    "future": {"start": NOW + 2 * HOUR, "end": NOW + 2 * HOUR, "available_at": NOW},
    "nowhere": {"easting": None},
    "elsewhere": {"easting": 100.0, "northing": 100.0},
    "other lattice": {"crs": "EPSG:3857"},
    "retracted": {"op": "retract"},
}


@pytest.mark.parametrize("why", BARRED)
def test_what_may_not_enter_leaves_no_trace(why: str) -> None:
    state = RunningState(RECIPE)
    calm = state.packed()
    state.take(told(0, [row(1, NOW, 100, **BARRED[why])]))
    assert state.packed() == calm
    assert state.changes == 0


def test_other_types_may_enter_without_marks_of_their_own() -> None:
    rows = frame([row(1, NOW, 5, group="asb", domestic="unknown", sexual="unknown", setting="unknown")])
    found = entering(rows, RECIPE)
    assert (found.kind.tolist(), found.cell.tolist(), found.count.tolist()) == ([1], [5], [1])
    assert sum(n for _, n in found.kept_out) == 0


def history(rng: np.random.Generator, n: int) -> list[dict[str, Any]]:
    return [
        row(k, NOW - timedelta(minutes=int(rng.integers(0, 60 * 24 * 40))), int(rng.integers(len(CELLS))),
            group=str(rng.choice(["violence", "asb"])), n=int(rng.integers(1, 3)))
        for k in range(n)
    ]  # fmt: skip


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32), st.randoms(use_true_random=False))
def test_any_arrival_ends_in_the_same_state(seed: int, deal: Any) -> None:
    """Late, corrected (moved to another cell and time) and retracted rows, split over commits at random."""
    rng = np.random.default_rng(seed)
    rows = history(rng, 20)
    moved = [one | {"start": one["start"] - HOUR, "end": one["end"] - HOUR, "version": 1, "op": "revise"}
             for one in rows[:6]]  # fmt: skip
    gone = [one | {"op": "retract", "version": 1} for one in rows[6:10]]
    # A change may come in the same commit as its report, or later: the ledger tells what it undoes.
    steps = [([one], []) for one in rows[10:]]
    steps += [([old], []) for old in rows[:10]]
    steps += [([new], [old]) for new, old in zip(moved + gone, rows[:10], strict=True)]
    deal.shuffle(steps)
    mixed = RunningState(RECIPE)
    for k, (new, old) in enumerate(steps, 1):
        mixed.take(told(k, new, old))
        if k % 5 == 0:
            mixed.at(NOW - timedelta(days=3) + k * HOUR)
    clean = RunningState(RECIPE)
    clean.begin(frame(rows[10:] + moved), position=len(steps), snapshot=len(steps))
    a, b = mixed.at(NOW), clean.at(NOW)
    assert np.abs(a.rate - b.rate).max() < 1e-9
    assert (a.day == b.day).all()
    assert (a.week == b.week).all()
    assert mixed.packed() == clean.packed()


def test_a_batch_told_twice_counts_once() -> None:
    state = RunningState(RECIPE)
    batch = told(1, [row(1, NOW, 100)])
    state.take(batch)
    once = state.packed()
    state.take(batch)
    assert state.packed() == once


def test_counts_leave_their_windows() -> None:
    state = RunningState(RECIPE)
    state.take(told(1, [row(1, NOW, 7), row(2, NOW - 23 * HOUR, 7), row(3, NOW - 160 * HOUR, 7)]))
    seen = [(int(s.day[7]), int(s.week[7])) for s in (state.at(NOW + k * HOUR) for k in (0, 2, 10, 25, 170))]
    assert seen == [(2, 3), (1, 3), (1, 2), (0, 2), (0, 0)]
    state.take(told(2, [row(4, NOW, 7)]))  # two weeks late by now
    assert state.at(NOW + 171 * HOUR).week.sum() == 0


def test_kept_and_taken_over() -> None:
    state = RunningState(RECIPE)
    state.take(told(3, history(np.random.default_rng(2), 50)))
    seen = state.at(NOW)
    again = RunningState(RECIPE)
    again.unpack(state.packed())
    assert again.packed() == state.packed()
    assert (again.position, again.snapshot) == (3, 3)
    assert (again.at(NOW + HOUR).rate == state.at(NOW + HOUR).rate).all()
    assert (again.at(NOW).week == seen.week).all()
    with pytest.raises(Fault, match="another recipe"):
        RunningState(recipe("another run")).unpack(state.packed())
    with pytest.raises(Fault, match="cannot be read"):
        again.unpack(b"not a state")


def test_a_recipe_lies_beside_its_run(tmp_path: Any) -> None:
    write_recipe(RECIPE, tmp_path)
    held = read_recipe(tmp_path)
    assert held.digest == RECIPE.digest
    assert (held.background == RECIPE.background).all()
    assert held.kinds == RECIPE.kinds


def test_nothing_grows_with_events() -> None:
    """A hundred thousand events leave no more behind than a thousand do."""
    state = RunningState(RECIPE)
    rng = np.random.default_rng(4)
    rows = frame(history(rng, 1000))
    sizes = []
    for k in range(1, 101):
        state.take(told(k, []).__class__(k, k, NOW, rows, rows.clear()))
        if k in (1, 100):
            state.at(NOW)
            sizes.append((len(state._memory.blocks), len(state._recent.minutes)))
    assert sizes[0] == sizes[1]
