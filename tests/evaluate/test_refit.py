"""A new fit against the one in force: the better is found, equals are equal, and a poor one stays out."""

from __future__ import annotations

import json

import numpy as np
import pytest

from peelian.domain.time import period_starts, step
from peelian.evaluate.interval import Interval
from peelian.evaluate.refit import Refit, compare_fits
from tests.evaluate.worlds import FIRST, oracle, uneven, uniform, world

ORIGINS = period_starts(step(FIRST, "month", 15), 6, "month")


def compared(held, new, w) -> Refit:
    panel = w.panel_at(ORIGINS[0], 0)
    fits = [f.fit(panel, horizon=1, window=1, seed=1) for f in (held, new)]
    return compare_fits(w.panel_at, w.truth_at, held.SPEC, *fits, ORIGINS, window=1)


def test_a_better_fit_is_no_worse_and_a_poor_one_is_worse() -> None:
    w = world(uneven(), 24, 2)
    assert compared(uniform(), oracle(w), w).no_worse
    poor = compared(oracle(w), uniform(), w)
    assert not poor.no_worse
    assert poor.gain.high < 0
    assert poor.origins == tuple(ORIGINS)
    assert poor.events == w.counts[15:21].sum()


def test_the_same_fit_is_no_worse_than_itself() -> None:
    w = world(uneven(), 24, 3)
    same = compared(oracle(w), oracle(w), w)
    assert same.gain.value == 0.0
    assert same.no_worse


def test_a_lower_score_is_worse_however_wide_its_interval() -> None:
    hit = Interval(0.0, -0.1, 0.1)
    assert not Refit((), 10, Interval(-0.001, -0.5, 0.5), {0.01: hit}).no_worse
    assert Refit((), 10, Interval(0.001, -0.5, 0.5), {0.01: hit}).no_worse
    assert not Refit((), 10, Interval(0.001, -0.5, 0.5), {0.01: Interval(-0.1, -0.2, -0.01)}).no_worse
    assert not Refit((), 0, Interval(float("nan"), 0, 0), {}).no_worse


def test_an_interval_without_an_end_is_given_as_none() -> None:
    body = Refit((), 3, Interval(0.1, float("-inf"), float("inf")), {}).to_json()
    assert body["gain"] == {"value": 0.1, "low": None, "high": None}
    json.dumps(body, allow_nan=False)


def test_what_was_scored_says_its_figures() -> None:
    w = world(np.full(1600, 0.1), 24, 1)
    body = compared(uniform(), uniform(), w).to_json()
    assert body["origins"][0] == str(ORIGINS[0])
    assert set(body["hit_gains"]) == {"0.01", "0.02", "0.05"}
    assert body["gain"]["value"] == pytest.approx(0.0)
