"""Everything a backtest tells beside the log score, on a world whose truth is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from peelian.domain.time import period_starts, step
from peelian.evaluate.backtest import backtest
from peelian.evaluate.ranked import ranked
from peelian.evaluate.result import BacktestResult
from peelian.evaluate.table import notes
from tests.evaluate.worlds import FIRST, World, count, oracle, uneven, uniform, world

ORIGINS = 24


@pytest.fixture(scope="module")
def made() -> tuple[World, BacktestResult]:
    w = world(uneven(), 44, 1)
    origins = period_starts(step(FIRST, "month", 15), ORIGINS, "month")
    result = backtest(
        w.panel_at, w.truth_at, {"u": uniform(), "c": count(), "o": oracle(w)}, origins,
        warmup=period_starts(step(FIRST, "month", 12), 3, "month"), weights={"population": w.rate},
    )  # fmt: skip
    return w, result


def test_the_ranked_score_is_of_the_period_that_followed(made: tuple[World, BacktestResult]) -> None:
    w, result = made
    truth = w.counts[15 : 15 + ORIGINS].astype(float)
    mean = np.tile(w.rate.astype(np.float32).astype(float), (ORIGINS, 1))
    want = [ranked(t, m, np.zeros(len(m))).sum() for t, m in zip(truth, mean, strict=True)]
    assert [o.ranked_score for o in result.model("o").by_origin] == pytest.approx(want)
    assert result.model("o").ranked == pytest.approx(sum(want) / truth.sum())
    assert result.model("o").ranked_gain.above_zero
    late = ranked(w.counts[16], mean[0], np.zeros(len(mean[0]))).sum()
    assert abs(late - want[0]) > 1.0


def test_larger_places_hold_each_event_once(made: tuple[World, BacktestResult]) -> None:
    w, result = made
    for model in result.models:
        for one in model.doubt:
            assert one.every.observed == w.counts[15 : 15 + ORIGINS].sum() == result.events
            assert not one.own
    assert [one.level for one in result.model("o").doubt] == ["block", "area"]
    assert result.model("o").doubt[0].every.pit == pytest.approx(0.9, abs=0.02)
    assert result.model("o").doubt[1].every.places == ORIGINS


def test_the_truth_is_consistent_and_the_even_spread_is_not(made: tuple[World, BacktestResult]) -> None:
    w, result = made
    truth, even = result.model("o").consistency, result.model("u").consistency
    assert min(truth.number, truth.spatial, truth.conditional) > 0.8
    assert even.spatial == even.conditional == 0.0
    assert [t.observed for t in truth.by_origin] == w.counts[15 : 15 + ORIGINS].sum(axis=1).tolist()
    assert truth.by_origin[0].expected == pytest.approx(w.rate.sum(), rel=1e-5)


def test_the_best_is_told_apart(made: tuple[World, BacktestResult]) -> None:
    _, result = made
    assert result.confidence_set.members == ("o",)
    assert result.model("o").equal_skill.p < 0.01
    assert result.model("u").equal_skill.statistic < 0
    assert result.model("c").equal_skill.why_not == "it is the rival"


def test_curves_and_lists(made: tuple[World, BacktestResult]) -> None:
    _, result = made
    area, people = result.model("o").curves
    at = dict(zip(area.shares, area.caught, strict=True))
    for one in result.model("o").capture:
        assert at[one.share] == pytest.approx(one.hit_rate)
    assert people.under == pytest.approx(0.5, abs=0.02)  # as many people as events everywhere
    assert result.not_known == ("street length",)
    assert [s.overlap for s in result.model("o").stability] == [1.0] * 3
    assert result.model("c").stability[0].overlap < 1.0


def test_it_is_all_in_the_data(made: tuple[World, BacktestResult], tmp_path: Path) -> None:
    _, result = made
    result.to_parquet(tmp_path / "scores.parquet")
    rows = pl.read_parquet(tmp_path / "scores.parquet")
    assert len(rows) == 3 * ORIGINS
    assert rows["spatial"].is_between(0, 1).all()
    assert rows["ranked_score"].sum() == pytest.approx(sum(m.ranked for m in result.models) * result.events)
    body = result.to_json()
    for key in ("ranked", "curves", "consistency", "stability", "doubt", "equal_skill"):
        assert key in body["models"][0]
    assert body["confidence_set"]["members"] == ["o"]
    assert body["models"][1]["equal_skill"]["p"] is None
    assert "Model confidence set, 90 %: o." in notes(result)
