"""The one-pass memories equal the sums written out, at any scale, with ties, kinds and long silences."""

from __future__ import annotations

import numpy as np
import pytest

from peelian.domain.errors import Misuse
from peelian.models.exciting.events import Events, Ground
from peelian.models.exciting.gather import compensator, gather
from peelian.models.exciting.rings import Rings
from peelian.models.exciting.running import Memory, advance, recomputed

SIDE = 8
RINGS = Rings.of(2)
SCALES = np.array([0.5, 30.0])


def scattered(seed: int = 0, n: int = 200) -> Events:
    draw = np.random.default_rng(seed)
    time = np.floor(draw.random(n) * 2000) / 4  # quarters of a day, so that ties occur
    return Events.of(time, draw.integers(0, SIDE * SIDE, n), 600.0, draw.integers(0, 2, n))


def test_the_pass_equals_the_sums_written_out() -> None:
    events = scattered()
    got = gather(events, Ground(np.ones((SIDE, SIDE), bool)), RINGS, SCALES, 0, 2)
    row, column = np.divmod(events.cell, SIDE)
    expected = np.zeros((int((events.kind == 0).sum()), 2, 2, len(RINGS.size)))
    for at, i in enumerate(np.flatnonzero(events.kind == 0)):
        for j in np.flatnonzero(events.time < events.time[i]):
            up, right = row[j] - row[i], column[j] - column[i]
            if max(abs(up), abs(right)) <= 2:
                q = RINGS.klass[up + 2, right + 2]
                delay = events.time[i] - events.time[j]
                expected[at, events.kind[j], :, q] += np.exp(-delay / SCALES) / SCALES
    assert np.allclose(got, expected.reshape(len(got), -1), rtol=1e-5, atol=1e-7)


def test_the_compensator_by_hand() -> None:
    inside = np.ones((3, 3), bool)
    inside[0, 0] = False
    events = Events.of(np.array([0.0]), np.array([4]), 10.0)
    got = compensator(events, Ground(inside), Rings.of(1), np.array([10.0]), 1)
    # the middle cell: itself, four beside it, three of four corners; 1 - exp(-1) of the excitement is over
    assert got == pytest.approx((1 - np.exp(-1)) * np.array([1.0, 4.0, 3.0]))


def test_a_gaussian_step_from_a_uniform_place_lands_as_drawn() -> None:
    draw = np.random.default_rng(1)
    moved = np.floor(draw.random(400_000) + draw.normal(0, 0.7, 400_000))
    chance = Rings.of(4).gaussian(0.7)
    side = np.sqrt(chance[[0, 2, 5]])  # classes (0, 0), (1, 1), (2, 2)
    assert side == pytest.approx([np.mean(moved == k) for k in range(3)], abs=0.003)


def test_moving_the_state_on_event_by_event_equals_reading_all_anew() -> None:
    events = scattered(4)
    memory = Memory.empty(SIDE * SIDE, 2, SCALES)
    for time, cell, kind in zip(events.time, events.cell, events.kind, strict=True):
        memory = advance(memory, float(time), int(cell), int(kind))
    batch = recomputed(events, SIDE * SIDE, 2, SCALES, 600.0)
    assert np.allclose(memory.at(600.0), batch.held, rtol=1e-12, atol=1e-300)


def test_an_event_older_than_the_state_is_refused() -> None:
    memory = advance(Memory.empty(1, 1, SCALES), 5.0, 0, 0)
    with pytest.raises(Misuse, match="older"):
        advance(memory, 4.0, 0, 0)
