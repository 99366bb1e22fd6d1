"""Worlds whose rates are known: what is there is found, and nothing is found where nothing is."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from peelian.domain.negative_binomial import log_pmf
from peelian.domain.time import period_starts
from peelian.models import MODELS
from peelian.models.dispersion import fit_doubt
from peelian.models.past import lengths
from peelian.models.total import Totals, level_for
from tests.worlds.city import cut, lively, panel_of, rates

SIDE = 20


def test_shrinking_comes_closer_to_true_rates_than_the_raw_count() -> None:
    truth = rates(SIDE, seed=11, mean=0.2)
    panel = panel_of(lively_at(truth, 24, seed=5))
    got = MODELS["shrunk-decay"].fit(panel, horizon=1, window=1, seed=1).predict(panel).mean[0]
    raw = panel.counts[0, -12:].mean(axis=0)
    assert np.mean((got - truth) ** 2) < 0.8 * np.mean((raw - truth) ** 2)


def lively_at(rate: np.ndarray, periods: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).poisson(rate, (1, periods, len(rate))).astype(np.float32)


@pytest.mark.parametrize("name", MODELS)
def test_a_world_without_hotspots_has_none(name: str) -> None:
    counts = lively_at(np.full(SIDE * SIDE, 0.5), 36, seed=2)
    panel = panel_of(counts)
    hits, gain, events = 0.0, 0.0, 0.0
    for periods in range(30, 36, 1):
        known = cut(panel, periods)
        forecast = MODELS[name].fit(known, horizon=1, window=1, seed=1).predict(known)
        happened = counts[0, periods].astype(float)
        top = np.argsort(-forecast.mean[0], kind="stable")[: SIDE * SIDE // 10]
        hits += happened[top].sum()
        events += happened.sum()
        even = np.full(SIDE * SIDE, forecast.mean[0].mean())
        gain += (log_pmf(happened, forecast.mean[0], forecast.dispersion[0])
                 - log_pmf(happened, even, np.zeros(1))).sum()  # fmt: skip
    noise = np.sqrt(0.1 * 0.9 / events)
    assert abs(hits / events - 0.1) < 3.5 * noise  # PAI at 10 % is 1 beyond noise
    assert gain / events < 0.01


def test_a_near_truth_is_found_by_the_learner_from_another_type() -> None:
    rng = np.random.default_rng(8)
    rate = rates(SIDE, seed=4, mean=0.25)
    shown = rng.poisson(rate * 4, (30, SIDE * SIDE))
    hidden = rng.poisson(rate / 3, (30, SIDE * SIDE))
    panel = panel_of(np.stack([hidden, shown]).astype(np.float32))
    both = MODELS["learner"].fit(panel, horizon=1, window=1, seed=1).predict(panel)
    alone = panel_of(panel.counts[:1])
    one = MODELS["learner"].fit(alone, horizon=1, window=1, seed=1).predict(alone)
    error = [np.mean((f.mean[0] - rate / 3) ** 2) for f in (both, one)]
    assert error[0] < 0.7 * error[1]
    assert both.contributions["other types"].sum() > 0.2 * both.mean.sum()


def test_the_season_of_the_total_is_found() -> None:
    months = np.arange(60)
    season = 1 + 0.3 * np.sin(2 * np.pi * months / 12)
    days = lengths("month", period_starts(date(2020, 1, 1), 72, "month"))
    rng = np.random.default_rng(3)
    counts = rng.poisson((season * days[:60])[:, None], (60, 400)).astype(np.float32)
    totals, level, _ = level_for(panel_of(counts[None]), horizon=12, window=1)
    base, factor = totals.ahead(level, 60, 60, 12)
    assert base * factor == pytest.approx(400 * season[:12] * days[60:], rel=0.08)


def test_a_trendless_total_is_its_mean() -> None:
    panel = panel_of(lively(10, 36, seed=1))
    totals, level, _ = level_for(panel, horizon=1, window=1)
    base, factor = totals.ahead(level, 36, 36, 1)
    assert base * factor[0] == pytest.approx(Totals.of(panel, 1).total.mean(), rel=0.1)


def test_doubt_is_found_again_and_falls_with_evidence() -> None:
    rng = np.random.default_rng(6)
    evidence = rng.uniform(0, 20, 40_000)
    dispersion = 0.2 + 1 / (0.5 + 0.5 * evidence)
    mean = 0.05 + 0.1 * evidence
    counts = rng.poisson(rng.gamma(1 / dispersion, mean * dispersion)).astype(float)
    doubt = fit_doubt(counts, mean, evidence)
    assert doubt.of(np.array([0.5, 5.0, 20.0])) == pytest.approx([1.533, 0.533, 0.295], rel=0.2)


def test_a_long_history_is_surer_than_a_short_one() -> None:
    panel = panel_of(lively(SIDE, 36, seed=9))
    forecast = MODELS["learner"].fit(panel, horizon=1, window=1, seed=1).predict(panel)
    order = np.argsort(panel.counts[0].sum(axis=0))
    assert forecast.dispersion[0, order[-20:]].mean() < forecast.dispersion[0, order[:20]].mean()


def test_two_waves_ahead_are_weighed_like_their_lengths() -> None:
    panel = panel_of(lively(10, 36, seed=1))
    got = MODELS["year-count"].fit(panel, horizon=2, window=1, seed=1).predict(panel)
    january, february = got.mean.sum(axis=1)
    assert january / february == pytest.approx(31 / 28, rel=0.02)
