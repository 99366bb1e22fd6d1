"""Memories equal a computation by hand and by the whole history, whatever the order of arrival."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peelian.live.memory import DAY_US, KEPT, STRETCH, Memory

NOW = 20_761 * DAY_US + 12_345_678
SCALES = np.array([2.0, 9.0])


def made(events: list[tuple[int, int, int, int]], cells: int = 4, kinds: int = 2) -> Memory:
    """Take in events one by one: time, cell, kind, count."""
    out = Memory(cells, kinds, SCALES)
    for one in events:
        out.add(*(np.array([part], np.int64) for part in one))
    return out


def by_history(events: list[tuple[int, int, int, int]], cells: int = 4, kinds: int = 2) -> np.ndarray:
    """Sum over the whole history, in doubles."""
    out = np.zeros((kinds, len(SCALES), cells))
    for time, cell, kind, count in events:
        for s, scale in enumerate(SCALES):
            out[kind, s, cell] += count * math.exp(-(NOW - time) / DAY_US / scale)
    return out


def test_by_hand() -> None:
    """One event two days ago and two at once nine days ago: exp(-1), exp(-2/9); 2 exp(-4.5), 2 exp(-1)."""
    held = made([(NOW - 2 * DAY_US, 1, 0, 1), (NOW - 9 * DAY_US, 3, 1, 2)]).at(NOW)
    assert held[0, :, 1] == pytest.approx([0.36787944117, 0.80073740291], abs=1e-10)
    assert held[1, :, 3] == pytest.approx([0.02221799308, 0.73575888234], abs=1e-10)
    assert held.sum() == pytest.approx(1.92659371950, abs=1e-9)


def test_long_histories_agree_with_the_sum_over_all_events() -> None:
    rng = np.random.default_rng(1)
    n = 30_000
    time = NOW - (rng.exponential(40.0, n) * DAY_US).astype(np.int64)
    cell, kind = rng.integers(0, 50, n), rng.integers(0, 3, n)
    memory = Memory(50, 3, SCALES)
    memory.add(time, cell, kind, np.ones(n, np.int64))
    delay = (NOW - time) / DAY_US
    for s, scale in enumerate(SCALES):
        whole = np.bincount(kind * 50 + cell, np.exp(-delay / scale), 150).reshape(3, 50)
        assert np.abs(memory.at(NOW)[:, s] - whole).max() < 1e-9
    memory.forget(NOW)
    assert np.abs(memory.at(NOW).sum(axis=(0, 2)) - [np.exp(-delay / s).sum() for s in SCALES]).max() < 1e-9
    assert len(memory.blocks) <= len(SCALES) * KEPT


event = st.tuples(
    st.integers(NOW - 200 * DAY_US, NOW), st.integers(0, 3), st.integers(0, 1), st.integers(1, 3)
)


@settings(deadline=None)
@given(st.lists(event, max_size=12), st.lists(event, max_size=6), st.randoms(use_true_random=False))
def test_any_order_with_retractions_ends_in_the_same_bytes(
    kept: list[tuple[int, int, int, int]], gone: list[tuple[int, int, int, int]], shuffle: object
) -> None:
    """Late ones among them; a retraction may even come before its report."""
    steps = kept + gone + [(t, c, k, -n) for t, c, k, n in gone]
    shuffle.shuffle(steps)  # type: ignore[attr-defined]
    mixed, plain = made(steps), made(kept)
    for one in (mixed, plain):
        one.forget(NOW)
    assert all((a == b).all() for a, b in zip(mixed.packed(), plain.packed(), strict=True))
    assert np.abs(mixed.at(NOW) - by_history(kept)).max() < 1e-9


def test_forgetting_early_or_late_is_the_same() -> None:
    events = [(NOW - k * 11 * DAY_US, k % 4, k % 2, 1) for k in range(60)]
    first = Memory(4, 2, SCALES)
    for k, one in enumerate(sorted(events)):
        first.add(*(np.array([part], np.int64) for part in one))
        first.forget(one[0] if k % 3 else NOW)
    second = made(events)
    for one in (first, second):
        one.forget(NOW)
    assert all((a == b).all() for a, b in zip(first.packed(), second.packed(), strict=True))
    far = float(SCALES.max()) * STRETCH * KEPT
    assert first.horizon_days() == far
