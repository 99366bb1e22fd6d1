"""Rates put right: a slope of 0.7 comes out near one, a calibrated forecast is left alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import optimize

from peelian.domain.grid import Floats
from peelian.models import year_count
from peelian.models.recalibrate import NONE, Recalibration, Round, fit_recalibration
from peelian.models.recalibrated import WithRecalibration
from tests.worlds.city import lively, panel_of, rates

SIDE = 40


def slope(count: Floats, mean: Floats) -> float:
    log = np.log(mean / mean.mean())

    def loss(b: Floats) -> float:
        told = np.exp(b[0] + b[1] * log)
        return float(told.sum() - count @ np.log(told))

    return float(optimize.minimize(loss, [0.0, 1.0], method="Nelder-Mead").x[1])


def sharp(truth: Floats, power: float) -> Floats:
    raised = np.asarray(truth**power, float)
    return raised * truth.sum() / raised.sum()


def rounds(truth: Floats, told: Floats, seed: int, n: int = 6) -> list[Round]:
    rng = np.random.default_rng(seed)
    return [Round(rng.poisson(truth).astype(float), told) for _ in range(n)]


TRUTH = rates(SIDE, seed=3, mean=0.5, shape=0.8)


def test_a_power_by_hand() -> None:
    square = Recalibration("power", np.array([0.0, 1.0]), np.array([0.0, 2.0]))
    assert square.of(np.array([[1.0, 3.0]])) == pytest.approx(np.array([[0.4, 3.6]]))


def test_a_forecast_too_sharp_comes_out_right_in_the_same_order() -> None:
    told = sharp(TRUTH, 1 / 0.7)
    assert slope(TRUTH, told) == pytest.approx(0.7, abs=0.001)
    found = fit_recalibration(rounds(TRUTH, told, seed=1))
    right = found.of(told)
    assert slope(TRUTH, right) == pytest.approx(1.0, abs=0.06)
    assert np.array_equal(np.argsort(right, kind="stable"), np.argsort(told, kind="stable"))
    assert right.sum() == pytest.approx(told.sum())


def test_a_bent_forecast_is_straightened_by_a_curve() -> None:
    told = np.where(np.median(TRUTH) < TRUTH, TRUTH, TRUTH / 4) + 1e-4
    found = fit_recalibration(rounds(TRUTH, told, seed=2, n=12))
    assert found.kind == "curve"
    low = np.median(TRUTH) >= TRUTH
    happened = np.random.default_rng(4).poisson(np.tile(TRUTH, (60, 1))).sum(axis=0)
    gap = [abs(np.log(m[low].sum() * 60 / happened[low].sum())) for m in (told, found.of(told))]
    assert gap[1] < 0.35 * gap[0]


@pytest.mark.parametrize("seed", range(8))
def test_a_calibrated_forecast_is_left_alone(seed: int) -> None:
    assert fit_recalibration(rounds(TRUTH, TRUTH, seed=seed)).kind == "none"


@pytest.mark.parametrize("seed", range(4))
def test_an_even_world_stays_even(seed: int) -> None:
    even = np.full(SIDE * SIDE, 0.4)
    told = sharp(rates(SIDE, seed=seed, mean=0.4, shape=20.0), 1.0)  # noise told as places
    found = fit_recalibration(rounds(even, told, seed=seed))
    assert slope(np.full(SIDE * SIDE, 0.4), told) < 0.3
    assert found.of(told).std() < 0.5 * told.std()
    assert fit_recalibration(rounds(even, even, seed=seed)).of(even) == pytest.approx(even)


def test_few_events_change_nothing() -> None:
    told = sharp(TRUTH, 2.0)
    assert fit_recalibration(rounds(TRUTH / 500, told / 500, seed=1)) is NONE
    assert fit_recalibration(rounds(TRUTH, told, seed=1, n=2)) is NONE


def test_rows_drawn_with_weights_stand_for_all() -> None:
    told = sharp(TRUTH, 1 / 0.7)
    rng = np.random.default_rng(5)
    drawn = []
    for one in rounds(TRUTH, told, seed=6):
        some = (one.count > 0) | (rng.random(len(told)) < 0.25)
        weight = np.where(one.count[some] > 0, 1.0, 4.0)
        drawn.append(Round(one.count[some], told[some], weight))
    assert slope(TRUTH, fit_recalibration(drawn).of(told)) == pytest.approx(1.0, abs=0.08)


def test_reasons_still_add_up_and_missing_stays_missing() -> None:
    panel = panel_of(lively(12, 36, seed=2))
    made = year_count.fit(panel, horizon=2, window=1, seed=1).predict(panel)
    square = Recalibration("power", np.array([0.0, 1.0]), np.array([0.0, 1.3]))
    mapped = square.applied(made)
    assert np.sum(list(mapped.contributions.values()), axis=0) == pytest.approx(mapped.mean, abs=1e-9)
    assert mapped.mean.sum(axis=1) == pytest.approx(made.mean.sum(axis=1))
    holed = replace(made, mean=np.where(np.arange(144) == 7, np.nan, made.mean), contributions={})
    assert np.flatnonzero(np.isnan(square.applied(holed).mean[0])).tolist() == [7]


def test_a_forecaster_is_wrapped_and_says_so() -> None:
    panel = panel_of(lively(12, 36, seed=2))
    made = WithRecalibration(year_count).fit(panel, horizon=1, window=1, seed=1).predict(panel)
    assert made.card["recalibrated"] == "none"
