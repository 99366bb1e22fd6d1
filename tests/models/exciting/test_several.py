"""What one type brings of another comes back from a world that has it; a shared place is no cause."""

from __future__ import annotations

import numpy as np
import pytest

from peelian.models.exciting.events import Events, Ground
from peelian.models.exciting.several import fit_several
from peelian.models.exciting.single import fit_single

SIDE, DAYS = 25, 3 * 365.25


def two_types(brings: float, *, seed: int, own: float = 0.25) -> tuple[Events, Ground]:
    """Both types are busy in the same places; each of type 1 brings `brings` of type 0, near and soon."""
    draw = np.random.default_rng(seed)
    rate = draw.lognormal(0, 1.0, SIDE * SIDE)
    parts = []
    for kind, n in ((0, 9_000), (1, 14_000)):
        cell = draw.choice(SIDE * SIDE, n, p=rate / rate.sum())
        place = np.stack([cell % SIDE, cell // SIDE]) + draw.random((2, n))
        parts.append((place, draw.random(n) * DAYS, np.full(n, kind)))
    grown, mean = parts.copy(), {0: own, 1: brings}
    while grown:
        place, time, kind = grown.pop()
        parent = np.repeat(np.arange(len(time)), draw.poisson(mean[int(kind[0])], len(time)))
        near = place[:, parent] + draw.normal(0, 0.7, (2, len(parent)))
        later = time[parent] + draw.exponential(6.0, len(parent))
        kept = (later < DAYS) & (near >= 0).all(axis=0) & (near < SIDE).all(axis=0)
        if kept.any():
            born = (near[:, kept], later[kept], np.zeros(int(kept.sum()), np.int64))
            parts.append(born)
            grown.append(born)
    place = np.concatenate([p for p, _, _ in parts], axis=1)
    cell = place[1].astype(np.int64) * SIDE + place[0].astype(np.int64)
    time, kind = np.concatenate([t for _, t, _ in parts]), np.concatenate([k for _, _, k in parts])
    return Events.of(time, cell, DAYS, kind), Ground(np.ones((SIDE, SIDE), bool))


def fitted(brings: float, seed: int) -> tuple[float, float]:
    events, ground = two_types(brings, seed=seed)
    made = fit_several(events, ground, fit_single(events.of_kind(0), ground), 2)
    assert made.kernel.sum() == pytest.approx(1.0, abs=0.01)
    return float(made.branching[0]), float(made.branching[1])


def test_what_one_type_brings_of_another_comes_back() -> None:
    own, brought = fitted(0.12, seed=1)
    assert own == pytest.approx(0.25, abs=0.04)
    assert brought == pytest.approx(0.12, abs=0.03)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_types_that_share_their_places_bring_nothing_of_each_other(seed: int) -> None:
    assert fitted(0.0, seed)[1] < 0.01
