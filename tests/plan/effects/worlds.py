"""Worlds with a known effect, each in its method's own assumptions: seed and ratio in, estimate out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from peelian.plan.effects.buffers import rings, spill
from peelian.plan.effects.effect import Effect
from peelian.plan.effects.event_study import NEVER, event_study
from peelian.plan.effects.matched import match, matched_effect
from peelian.plan.effects.randomised import assign, randomised_effect, strata_by_count
from peelian.plan.effects.synthetic import synthetic_control
from peelian.plan.effects.wdd import wdd


def wdd_world(seed: int, ratio: float) -> tuple[Effect, float]:
    """Poisson counts of four areas, each control with its area's level and the same change."""
    rng = np.random.default_rng(seed)
    own, near = rng.uniform(80, 300), rng.uniform(80, 300)
    up = rng.normal(0, 15)
    truth = (ratio - 1) * (own + up)
    means = [(own, own + up + truth), (own, own + up), (near, near + up), (near, near + up)]
    pairs = [(float(rng.poisson(a)), float(rng.poisson(b))) for a, b in means]
    return wdd(*pairs), truth


def staggered(seed: int, ratios: np.ndarray, treated: int = 30) -> tuple[np.ndarray, np.ndarray, float]:
    """Counts (100, 48) with a common season and trend, three cohorts, effects by periods since the start.

    Places take a pace of their own at some time, so errors must be robust within places. The truth is the
    ratio of seen to expected over the first 12 treated periods.
    """
    rng = np.random.default_rng(seed)
    places, periods = 100, 48
    level = rng.gamma(2.0, 3.0, places) + 1
    t = np.arange(periods)
    common = np.exp(0.3 * np.sin(2 * np.pi * t / 12) - 0.01 * t)
    pace = np.exp(rng.normal(0, 0.15, (places, 1)) * (t >= rng.integers(6, 42, (places, 1))))
    pace /= pace.mean(axis=0)
    starts = np.full(places, NEVER)
    starts[:treated] = np.resize([18, 24, 30], treated)
    base = level[:, None] * common * pace
    means, seen, expected = base.copy(), 0.0, 0.0
    for k in range(treated):
        for since, ratio in enumerate(ratios[: periods - starts[k]]):
            means[k, starts[k] + since] *= ratio
            flat = level[k] * common[starts[k] + since] * (since < 12)
            seen, expected = seen + flat * ratio, expected + flat
    return rng.poisson(means).astype(float), starts, seen / expected


def event_world(seed: int, ratio: float) -> tuple[Effect, float]:
    """Staggered starts; an effect that grows over half a year to `ratio` and stays."""
    grown = 1 + (ratio - 1) * np.minimum(1, (np.arange(30) + 1) / 6)
    counts, starts, truth = staggered(seed, grown)
    return event_study(counts, starts, brief=True), truth


def matched_world(seed: int, ratio: float) -> tuple[Effect, float]:
    """Places chosen more often the more they had before; after, all go on by what their counts say."""
    rng = np.random.default_rng(seed)
    level = rng.gamma(3.0, 4.0, 400) + 2
    before = rng.poisson(np.tile(level[:, None], (1, 12))).astype(float)
    total = before.sum(axis=1)
    odds = 1 / (1 + np.exp(-(np.sqrt(total) - np.sqrt(total).mean()) / 4))
    treated = np.sort(rng.choice(400, 30, replace=False, p=odds / odds.sum()))
    pool = np.setdiff1d(np.arange(400), treated)
    means = level * 12 * rng.gamma(60, 1 / 60, 400) * 0.9
    means[treated] *= ratio
    after = rng.poisson(means).astype(float)
    return matched_effect(match(before, treated, pool), total, after), ratio


def synthetic_world(seed: int, ratio: float) -> tuple[Effect, float]:
    """Forty places of two shared factors; any but the ends may be treated after two of three years."""
    rng = np.random.default_rng(seed)
    t = np.arange(36)
    factors = np.stack([np.ones(36), 0.4 * np.sin(2 * np.pi * t / 12), 0.2 * np.cos(2 * np.pi * t / 30)])
    loads = np.stack([rng.uniform(20, 40, 40), *rng.uniform(5, 25, (2, 40))])
    means = (loads.T @ factors).clip(1)
    place = int(np.argsort(means[:, :24].mean(axis=1))[rng.integers(1, 39)])
    truth = (ratio - 1) * means[place, 24:].sum()
    means[place, 24:] *= ratio
    counts = rng.poisson(means).astype(float)
    donors = np.setdiff1d(np.arange(40), [place])
    return synthetic_control(counts, 24, np.array([place]), donors, seed=seed), float(truth)


def randomised_world(seed: int, ratio: float) -> tuple[Effect, float]:
    """Sixty places drawn in strata of like count; the truth is the change in expected counts."""
    rng = np.random.default_rng(seed)
    level = rng.gamma(2.0, 15.0, 60) + 3
    before = rng.poisson(level).astype(float)
    strata = strata_by_count(before)
    treated = assign(tuple(f"{k:03d}" for k in range(60)), strata, seed=seed)
    means = np.where(treated, ratio, 1.0) * level
    truth = (ratio - 1) * level[treated].sum()
    made = randomised_effect(before, rng.poisson(means).astype(float), treated, strata, seed=seed)
    return made, float(truth)


def ring_world(seed: int, nearby: float) -> Effect:
    """A lattice of squares of 250 m, 12 treated (30 % fewer), and `nearby` times as many in the ring."""
    rng = np.random.default_rng(seed)
    side = 24
    xy = np.stack(np.meshgrid(np.arange(side), np.arange(side)), -1).reshape(-1, 2).astype(
        np.float64
    ) * np.float64(250)
    treated = np.sort(rng.choice(len(xy), 12, replace=False))
    around = rings(xy, treated, (360.0, 800.0))
    level = rng.gamma(2.0, 1.0, len(xy)) + 0.5
    means = np.tile(level[:, None], (1, 24))
    means[around.part == 0, 12:] *= 0.7
    means[around.part == 1, 12:] *= nearby
    starts = np.full(len(xy), NEVER)
    starts[treated] = 12
    return spill(rng.poisson(means).astype(float), starts, around)


World = Callable[[int, float], tuple[Effect, float]]
BY_CHANGE: Final = ("wdd", "synthetic", "randomised")  # the others say a ratio
WORLDS: Final[dict[str, World]] = {
    "wdd": wdd_world, "event-study": event_world, "matched": matched_world,
    "synthetic": synthetic_world, "randomised": randomised_world,
}  # fmt: skip


def judged(name: str, ratio: float, worlds: int, first: int = 0) -> tuple[int, int, float]:
    """Count the worlds whose interval covers the truth, those called an effect, and the mean miss."""
    covered, called, miss = 0, 0, 0.0
    for seed in range(first, first + worlds):
        made, truth = WORLDS[name](seed, ratio)
        if name in BY_CHANGE:
            low, high, got = made.change_low, made.change_high, made.change
        else:
            assert made.ratio_low is not None
            assert made.ratio_high is not None
            assert made.ratio is not None
            low, high, got = made.ratio_low, made.ratio_high, made.ratio
        covered += low <= truth <= high
        called += made.clear
        miss += (got - truth) / worlds
    return covered, called, miss
