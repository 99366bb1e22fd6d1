"""Escalation: a true effect is recovered, a shared cause is not taken for one, nor is chance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import optimize, stats

from peelian.domain.series import Floats, Series
from peelian.domain.target import TARGETS
from peelian.warn.escalation import ALPHA, detect, effects
from peelian.warn.escalation_columns import columns, excess, usual
from peelian.warn.escalation_drivers import DRIVERS, LESSER
from peelian.warn.escalation_fit import fit, project
from tests.warn.escalating import world

WORLDS = 30


def test_the_fit_is_the_poisson_regression_with_dummies() -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=(1, 30, 4))
    y = rng.poisson(np.exp(0.3 * x[0] + rng.normal(size=4) + 0.2 * rng.normal(size=(30, 1)))).astype(float)
    made = fit(y, x, np.ones(y.shape, bool))
    assert made is not None
    week, place = np.indices(y.shape)
    dummies = np.column_stack([np.eye(30)[week.ravel()], np.eye(4)[place.ravel()][:, 1:], x[0].ravel()])
    kept, counts = y.sum(axis=1)[week.ravel()] > 0, y.ravel()

    def unlikely(beta: Floats) -> tuple[float, Floats]:
        mean = np.exp(dummies[kept] @ beta)
        slope = dummies[kept].T @ (mean - counts[kept])
        return float(mean.sum() - counts[kept] @ np.log(mean)), np.asarray(slope, np.float64)

    plain = optimize.minimize(unlikely, np.zeros(dummies.shape[1]), jac=True, tol=1e-10)
    assert made.beta[0] == pytest.approx(plain.x[-1], abs=1e-4)


def test_projecting_takes_weighted_means_out_both_ways() -> None:
    rng = np.random.default_rng(3)
    x, weight = rng.normal(size=(2, 12, 5)), rng.uniform(0.2, 2, (12, 5))
    out = project(x, weight)
    assert np.abs((out * weight).sum(axis=1)).max() < 1e-6
    assert np.abs((out * weight).sum(axis=2)).max() < 1e-6


def test_columns_speak_of_before_at_and_after() -> None:
    series = world(1)
    made = columns(series, series.drivers[0][1], 4)
    disorder, week = series.drivers[0][1], made.first + 10
    expected = usual(disorder)
    for k, rows in ((0, slice(week - 4, week)), (1, slice(week, week + 1)), (2, slice(week + 1, week + 5))):
        ratio = (disorder[rows].sum(axis=0) + 2) / (expected[rows].sum(axis=0) + 2)
        assert np.allclose(made.x[k, 10], np.log(ratio))
    assert excess(np.full((5, 3), 2.0), np.full((5, 3), 2.0), 2) == pytest.approx(0.0)


def test_a_missing_week_is_left_out_of_every_window_that_reaches_it() -> None:
    series = world(1)
    observed = series.observed.copy()
    observed[50, 3] = False
    made = columns(replace(series, observed=observed), series.drivers[0][1], 4)
    gone = np.flatnonzero(~made.used.all(axis=1)) + made.first
    assert gone.tolist() == list(range(46, 55))


def test_a_true_effect_is_recovered_with_its_stated_error() -> None:
    made = [effects(world(seed, drive=0.4))[0] for seed in range(WORLDS)]
    before = np.array([one.before for one in made])
    stated = np.array([one.before_error for one in made])
    assert before.mean() == pytest.approx(0.4, abs=0.03)
    assert 0.7 < before.std() / stated.mean() < 1.4
    inside = int((np.abs(before - 0.4) <= 1.96 * stated).sum())
    assert stats.binomtest(inside, WORLDS, 0.95, alternative="less").pvalue > 0.001
    assert all(one.p < ALPHA for one in made)


def test_a_true_effect_is_found_beside_a_shared_cause() -> None:
    made = [effects(world(seed, drive=0.4, shared=0.3))[0] for seed in range(10)]
    assert sum(one.p < ALPHA for one in made) >= 9


@pytest.mark.parametrize("shared", [0.0, 0.5])
def test_no_effect_is_shown_where_there_is_none(shared: float) -> None:
    made = [effects(world(100 + seed, shared=shared))[0] for seed in range(WORLDS)]
    for level in (ALPHA, 0.1):
        many = sum(one.p < level for one in made)
        assert stats.binomtest(many, WORLDS, level, alternative="greater").pvalue > 0.001
    if shared:  # the lag alone would have been believed nearly everywhere: the control is what prevents it
        assert sum(one.before > 2.33 * one.before_error for one in made) > WORLDS / 2


def test_places_with_much_disorder_are_signals_once_the_effect_is_shown() -> None:
    series = world(7, drive=0.5)
    disorder = series.drivers[0][1].copy()
    quiet = detect(replace(series, drivers=(("asb", disorder.copy()),)), seed=1)
    disorder[-4:, 20] = np.maximum(disorder[:-4, 20].mean() * 5, 12)
    found = detect(replace(series, drivers=(("asb", disorder),)), seed=1)
    assert not found.unable
    top = min(found.signals, key=lambda s: s.p)
    assert top.places == ("l020",)
    assert top.target == "violence"
    assert top.observed > 3 * top.expected
    assert "followed by" in top.why
    assert "anti-social behaviour" in top.why
    assert found.p[20] < 1e-6 < quiet.p[20]
    assert (quiet.p < 0.01).mean() < 0.1


@pytest.mark.parametrize(("drive", "shared"), [(0.0, 0.0), (0.0, 0.5), (0.4, 0.3)])
def test_lesser_violence_is_a_driver_of_knife_violence_by_the_same_fit(drive: float, shared: float) -> None:
    made = [lesser(world(200 + seed, drive=drive, shared=shared)) for seed in range(10)]
    tested = [effects(one) for one in made]
    assert all([e.driver for e in some] == ["asb", LESSER.name] for some in tested)
    shown = sum(some[1].p * 2 < ALPHA for some in tested)
    if drive:
        assert shown >= 8
        assert "violence without a knife since" in detect(risen(made[0]), seed=1).signals[0].why
    else:
        assert stats.binomtest(shown, len(made), ALPHA, alternative="greater").pvalue > 0.001
        assert "violence without a knife has not been shown to lead to" in detect(made[0], seed=1).unable


def lesser(series: Series) -> Series:
    """Make the world's driver lesser violence, beside disorder that has nothing to do with either."""
    noise = np.random.default_rng(1).poisson(4.0, series.counts.shape).astype(np.float64)
    drivers = (("asb", noise), (LESSER.name, series.drivers[0][1]))
    return replace(series, target="knife-violence", drivers=drivers)


def risen(series: Series) -> Series:
    """Raise the lesser violence of one place over the last weeks."""
    (disorder, (name, counts)) = series.drivers
    counts = counts.copy()
    counts[-4:, 20] = 60.0
    return replace(series, drivers=(disorder, (name, counts)))


def test_no_driver_holds_its_targets_own_reports() -> None:
    for name, drivers in DRIVERS.items():
        target = TARGETS[name]
        for driver in drivers:
            one = {LESSER.name: LESSER, **TARGETS}[driver]
            apart = not set(one.groups) & set(target.groups)
            assert apart or (one.knife and target.knife and not set(one.knife) & set(target.knife))


def test_without_a_shown_effect_it_says_so_and_has_no_signal() -> None:
    found = detect(world(3, shared=0.5), seed=1)
    assert not found.signals
    assert np.isnan(found.p).all()
    assert found.unable == (
        "in this area anti-social behaviour has not been shown to lead to violence in public places: "
        "no escalation signal"
    )


def test_what_cannot_be_tried_is_said() -> None:
    series = world(3)
    assert "not to anti-social behaviour" in detect(replace(series, target="asb"), seed=1).unable
    assert "no reports of disorder" in detect(replace(series, drivers=()), seed=1).unable
    short = replace(
        series, starts=series.starts[-20:], counts=series.counts[-20:], observed=series.observed[-20:],
        drivers=(("asb", series.drivers[0][1][-20:]),),
    )  # fmt: skip
    assert "fewer than 40 weeks" in detect(short, seed=1).unable
