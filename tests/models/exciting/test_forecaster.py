"""The forecaster's weights: a world's own are found, and none where events bring no more."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from peelian.domain.grid import Floats
from peelian.domain.panel import Panel
from peelian.models import self_exciting
from tests.worlds.city import panel_of, rates

SIDE, WEEKS, LIFE = 20, 200, 2.0


def week_by_week(branching: float, seed: int, lag: int = 0) -> tuple[Panel, Floats]:
    """Draw weeks whose events bring `branching` more each in their cell, half-life 2 weeks; and rates."""
    draw = np.random.default_rng(seed)
    ground = rates(SIDE, seed, mean=0.3 * (1 - branching))
    keep = 0.5 ** (1 / LIFE)
    held, rows = np.zeros(SIDE * SIDE), []
    for _ in range(WEEKS):
        now = draw.poisson(ground + branching * (1 - keep) * held)
        held = held * keep + now
        rows.append(now)
    hidden = range(WEEKS - lag, WEEKS)
    panel = panel_of(np.array(rows, np.float32)[None], every="week", missing=hidden)
    return panel, ground + branching * (1 - keep) * held


def fitted(panel: Panel) -> self_exciting.Excited:
    out = self_exciting.fit(panel, horizon=1, window=1, seed=1)
    assert isinstance(out, self_exciting.Excited)
    return out


@pytest.mark.parametrize("seed", [1, 2])
def test_the_share_that_recent_events_bring_comes_back(seed: int) -> None:
    panel, truth = week_by_week(0.4, seed)
    got = fitted(panel)
    assert got.card["recent_share"] == pytest.approx(0.4, abs=0.06)
    own = {
        p.half_life: w for p, w in zip(got.parts, got.weights, strict=False) if p.reason == "recent events"
    }
    assert max(own, key=lambda life: own[life]) == pytest.approx(LIFE, rel=0.01)
    told = got.predict(panel).mean[0]
    plain = panel.counts[0].mean(axis=0)
    assert np.mean((told - truth) ** 2) < 0.5 * np.mean((plain - truth) ** 2)


@pytest.mark.parametrize("seed", [1, 2])
def test_steady_places_are_not_taken_for_repeats(seed: int) -> None:
    got = fitted(week_by_week(0.0, seed)[0])
    assert got.card["recent_share"] < 0.05


def test_events_withheld_from_the_forecast_alone_have_faded() -> None:
    panel, _ = week_by_week(0.4, 3)
    late, _ = week_by_week(0.4, 3, lag=4)
    got = fitted(panel)
    share = []
    for one in (panel, late):
        reasons = got.predict(one).contributions
        share.append(float(reasons["recent events"].sum() / sum(v.sum() for v in reasons.values())))
    as_if_fresh = replace(got, gap=4).predict(late).contributions["recent events"].sum()
    assert share[1] < 0.6 * share[0]  # four weeks are two half-lives: a quarter is left of the fastest
    assert got.predict(late).contributions["recent events"].sum() < 0.6 * as_if_fresh
