"""Matched and synthetic controls, and rings, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from peelian.domain.errors import Refused
from peelian.plan.effects.buffers import rings, sign, spill
from peelian.plan.effects.event_study import NEVER
from peelian.plan.effects.matched import match, matched_effect
from peelian.plan.effects.synthetic import simplex_weights, synthetic_control


def test_twins_are_found_and_the_change_is_theirs() -> None:
    before = np.repeat(np.arange(1.0, 31.0)[:, None] * 4, 4, axis=1)
    before = np.vstack([before, before])  # place k has its twin at k + 30
    treated = np.array([4, 9, 14, 19, 24])
    sets = match(before, treated, np.arange(30, 60), each=1)
    assert sets.controls.ravel().tolist() == [34, 39, 44, 49, 54]
    assert sets.balance == (0.0, 0.0)
    total = before.sum(axis=1)
    after = total.copy()
    after[treated] *= 0.5
    made = matched_effect(sets, total, after)
    assert made.ratio == pytest.approx(0.5)
    assert made.seen == pytest.approx(0.5 * total[treated].sum())


def test_unlike_groups_are_refused() -> None:
    before = np.repeat(np.r_[np.full(6, 100.0), np.arange(1.0, 21.0)][:, None], 8, axis=1)
    with pytest.raises(Refused, match="look like"):
        match(before, np.arange(6), np.arange(6, 26))
    with pytest.raises(Refused, match="cannot be matched"):
        match(before, np.arange(3), np.arange(6, 26))


def test_weights_of_a_known_mix() -> None:
    rng = np.random.default_rng(2)
    donors = rng.gamma(5, 2, (24, 6))
    wanted = np.array([0.5, 0.3, 0.2, 0, 0, 0])
    got = simplex_weights(donors, donors @ wanted)
    assert got == pytest.approx(wanted, abs=1e-6)
    assert got.sum() == pytest.approx(1)


def test_synthetic_finds_a_large_fall_and_refuses_what_no_mix_matches() -> None:
    rng = np.random.default_rng(4)
    counts = rng.poisson(np.linspace(20, 60, 40)[:, None], (40, 36)).astype(float)
    treated, donors = np.array([20, 22]), np.setdiff1d(np.arange(40), [20, 22])
    counts[treated, 24:] = np.floor(counts[treated, 24:] * 0.4)
    made = synthetic_control(counts, 24, treated, donors, seed=1)
    assert made.clear
    assert made.change_high < 0
    assert made.to_json() == synthetic_control(counts, 24, treated, donors, seed=1).to_json()
    counts[20] += 500
    with pytest.raises(Refused, match="no mix"):
        synthetic_control(counts, 24, treated, donors, seed=1)
    with pytest.raises(Refused, match="too few"):
        synthetic_control(counts, 24, treated, donors[:12], seed=1)


def test_rings_by_hand() -> None:
    xy = np.array([[0, 0], [200, 0], [500, 0], [900, 0], [1000, 0]], float)
    made = rings(xy, np.array([0]), (300.0, 600.0))
    assert made.part.tolist() == [0, 1, 2, -1, -1]
    assert made.nearest.tolist() == [0] * 5


def test_a_ring_too_small_is_refused() -> None:
    xy = np.stack([np.arange(20) * 1000.0, np.zeros(20)], axis=1)
    starts = np.r_[5, np.full(19, NEVER)]
    with pytest.raises(Refused, match="ring"):
        spill(np.ones((20, 10)), starts, rings(xy, np.array([0])))


def test_signs_in_words() -> None:
    rng = np.random.default_rng(1)
    xy = np.stack(np.meshgrid(np.arange(14), np.arange(14)), -1).reshape(-1, 2).astype(
        np.float64
    ) * np.float64(250)
    treated = np.array([45, 52, 110, 140])
    around = rings(xy, treated, (360.0, 700.0))
    counts = rng.poisson(8.0, (196, 24)).astype(float)
    counts[around.part == 1, 12:] += 6
    starts = np.full(196, NEVER)
    starts[treated] = 12
    assert sign(spill(counts, starts, around)) == "displacement"
    counts[around.part == 1, 12:] = rng.poisson(4.0, ((around.part == 1).sum(), 12))
    assert sign(spill(counts, starts, around)) == "diffusion"
