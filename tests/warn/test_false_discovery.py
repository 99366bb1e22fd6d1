"""The budget of false warnings is kept in null worlds, and is not far from used."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from peelian.domain.series import Floats, Series
from peelian.domain.warning import Found
from peelian.warn.combine import A_WEEK, combine
from peelian.warn.false_discovery import cauchy, expected_number, rated
from tests.warn.combining import found, quiet, signal

WEEKS = 1500
TAIL = stats.poisson.sf(np.arange(-1, 30), 3.0)


def test_the_cauchy_combination_is_what_its_formula_says() -> None:
    p = np.array([[0.01], [0.2]])
    statistic = 0.75 * np.tan(np.pi * 0.49) + 0.25 * np.tan(np.pi * 0.3)
    assert cauchy(p, np.array([3.0, 1.0]))[0] == pytest.approx(0.5 - np.arctan(statistic) / np.pi)


def test_a_detector_that_cannot_say_is_left_out() -> None:
    p = np.array([[0.001, np.nan], [np.nan, np.nan]])
    out = cauchy(p, np.ones(2))
    assert out[0] == pytest.approx(0.001)
    assert np.isnan(out[1])


def test_tiny_chances_stay_tiny() -> None:
    assert cauchy(np.array([[1e-40], [1.0]]), np.ones(2))[0] == pytest.approx(2e-40, rel=1e-6)


@pytest.mark.parametrize("alike", [0.0, 0.5, 0.95])
def test_combined_chances_hold_in_the_tail_however_alike_the_detectors(alike: float) -> None:
    rng = np.random.default_rng(5)
    n = 400_000
    z = np.sqrt(alike) * rng.normal(size=n) + np.sqrt(1 - alike) * rng.normal(size=(4, n))
    many = int((cauchy(stats.norm.sf(z), np.ones(4)) <= 0.002).sum())
    assert stats.binomtest(many, n, 0.002 * 1.05, alternative="greater").pvalue > 0.001
    assert many > 0.6 * 0.002 * n


def test_rates_add_up_over_places_and_share_the_budget() -> None:
    series = quiet()
    one = signal(series, [3], p=1e-4)
    other = signal(series, [50], p=0.02, detector="scan", adjusted=True, radius_m=300.0)
    looked = {"farrington": (series, found(series, one)), "scan": (series, found(series, other))}
    made = {r.signal.detector: r.rate for r in rated(looked, {"scan": 0.75, "farrington": 0.25})}
    assert made["farrington"] == pytest.approx(1e-4 * 100 / 0.25)
    assert made["scan"] == pytest.approx(expected_number(0.02) / 0.75)
    assert expected_number(0.02) == pytest.approx(0.0202027, abs=1e-6)


def test_a_detector_that_is_unable_leaves_its_share_to_the_others() -> None:
    series = quiet()
    one = found(series, signal(series, [3], p=1e-4))
    nothing = Found(np.full(100, np.nan), unable="no points")
    both = {"farrington": (series, one), "scan": (series, nothing)}
    assert rated(both)[0].rate == pytest.approx(1e-4 * 100)


def test_an_escalation_lends_nothing_to_a_rise() -> None:
    series = quiet()
    rise, sign = signal(series, [3], p=0.005), signal(series, [3], p=1e-12, detector="escalation")
    looked = {"farrington": (series, found(series, rise)), "escalation": (series, found(series, sign))}
    made = {r.signal.detector: r for r in rated(looked, {"farrington": 0.5, "escalation": 0.5})}
    assert made["farrington"].p == pytest.approx(0.005)
    assert made["farrington"].rate == pytest.approx(1.0)


def null_week(series: Series, rng: np.random.Generator, discrete: bool) -> dict[str, tuple[Series, Found]]:
    """Draw what three alike detectors of places and a scan find when nothing has changed."""
    shared = rng.normal(size=100)
    out: dict[str, tuple[Series, Found]] = {}
    for name in ("farrington", "cusum", "exceedance"):
        p = stats.norm.sf(0.8 * shared + 0.6 * rng.normal(size=100))
        if discrete:
            p = _stepped(p)
        low = np.flatnonzero(p < 0.01)
        made = tuple(signal(series, [a], p=float(p[a]), detector=name) for a in low.tolist())
        out[name] = (series, Found(p, made))
    at, p_scan = int(rng.integers(100)), float(rng.uniform())
    scan = signal(series, [at], p=p_scan, detector="scan", adjusted=True, radius_m=300.0)
    out["scan"] = (series, Found(np.full(100, np.nan), (scan,) if p_scan < 0.5 else ()))
    return out


def _stepped(p: Floats) -> Floats:
    """Give the chance of at least so many of a Poisson count of 3: never under what it is made from."""
    return TAIL[::-1][np.searchsorted(TAIL[::-1], p)]


@pytest.mark.parametrize("discrete", [False, True])
def test_null_worlds_keep_to_the_promise(discrete: bool) -> None:
    series, rng = quiet(30), np.random.default_rng(11)
    rates = []
    for _ in range(WEEKS):
        looked = null_week(series, rng, discrete)
        rates += [one.false_alarms_a_week for one in combine(looked, area="null", as_of=series.end)]
    promised = A_WEEK * WEEKS
    assert stats.poisson.sf(len(rates) - 1, promised) > 0.001
    assert len(rates) > (0.4 if discrete else 0.7) * promised
    half = sum(rate <= A_WEEK / 2 for rate in rates)  # what each warning says of itself holds too
    assert stats.poisson.sf(half - 1, promised / 2) > 0.001


def test_a_month_has_the_budget_of_its_weeks() -> None:
    series = replace(quiet(), every="month")
    looked = {"farrington": (series, found(series, signal(series, [3], p=0.008)))}
    made = combine(looked, area="x", as_of=series.end)
    assert [one.false_alarms_a_week for one in made] == [pytest.approx(0.8 * 12 / 52)]
    weekly = {"farrington": (quiet(), found(quiet(), signal(quiet(), [3], p=0.008)))}
    assert not combine(weekly, area="x", as_of=series.end)
