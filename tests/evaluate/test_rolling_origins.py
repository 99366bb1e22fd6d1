from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from rich.console import Console

from peelian.domain import negative_binomial as nb
from peelian.domain.errors import Fault, Misuse, Refused
from peelian.domain.time import period_starts, step
from peelian.evaluate.backtest import backtest
from peelian.evaluate.interval import Interval
from peelian.evaluate.result import BacktestResult
from peelian.evaluate.table import render
from peelian.evaluate.verdict import decide
from tests.evaluate.worlds import FIRST, Rates, count, oracle, uneven, uniform, world

WARM = period_starts(step(FIRST, "month", 12), 3, "month")
ORIGINS = period_starts(step(FIRST, "month", 15), 6, "month")


def run(w, *forecasters: Rates, **options: object) -> BacktestResult:
    plugs = {f.id: f for f in forecasters}
    return backtest(w.panel_at, w.truth_at, plugs, options.pop("origins", ORIGINS), warmup=WARM, **options)


def test_scores_by_hand() -> None:
    w = world(uneven(), 24, 1)
    found = run(w, uniform(), count())
    k = 15
    truth = w.counts[k].astype(float)
    rate = w.counts[:k].mean()
    expected = nb.log_pmf(truth, np.full(len(truth), np.float32(rate), float), np.zeros(len(truth))).sum()
    first = found.model("uniform").by_origin[0]
    assert first.events == truth.sum()
    assert first.log_score == pytest.approx(expected, rel=1e-6)
    assert found.model("uniform").capture[0].pai == pytest.approx(1.0)


def test_the_truth_beats_the_same_everywhere_and_is_served() -> None:
    w = world(uneven(), 24, 2)
    found = run(w, uniform(), oracle(w))
    assert found.rival == "uniform"
    assert found.verdict.passed
    assert found.verdict.served == "oracle"
    best = found.model("oracle")
    assert best.gain.low > 0
    assert best.calibration.slope == pytest.approx(1.0, abs=0.1)
    assert abs(best.calibration.bias) < 0.1
    pei = [c.pei for c in best.capture]
    assert pei == pytest.approx(found.ceiling.pei, abs=0.06)  # the truth reaches the ceiling, no more


def test_where_all_places_are_alike_nothing_is_found() -> None:
    w = world(np.full(1600, 0.3), 24, 3)
    found = run(w, uniform(), count(kind="model"))
    assert not found.verdict.passed
    assert found.verdict.served == "uniform"
    assert "not shown" in found.verdict.sentence


def test_the_rival_is_chosen_before_the_window() -> None:
    w = world(uneven(), 30, 4)
    scored = {ORIGINS[0]}

    def turncoat(panel):  # the truth until the window opens, then the same everywhere
        return w.rate if panel.origin < min(scored) else np.full(len(panel.cells), 0.3)

    found = run(w, Rates("turncoat", turncoat), count(), oracle(w))
    assert found.rival == "turncoat"
    assert found.model("count").log_score > found.model("turncoat").log_score


def test_what_was_not_published_is_not_zero() -> None:
    whole = world(uneven(), 24, 5)
    gap = replace(whole, unobserved=frozenset({17}))
    found = run(gap, uniform(), oracle(gap))
    assert len(found.origins) == 5
    assert ORIGINS[2] not in found.origins
    assert str(ORIGINS[2]) in found.dropped[0]
    without = run(whole, uniform(), oracle(whole), origins=[o for o in ORIGINS if o != ORIGINS[2]])
    assert found.model("oracle").log_score == pytest.approx(without.model("oracle").log_score)


def test_an_unobserved_region_is_left_out_of_scores_and_area() -> None:
    w = world(uneven(), 24, 6)
    west = np.arange(1600) % 40 < 20

    def truth_at(origin):
        counts, seen = w.truth_at(origin)
        return np.where(west, counts, 0), seen & west

    found = backtest(w.panel_at, truth_at, {"u": uniform(), "o": oracle(w)}, ORIGINS, warmup=WARM)
    assert found.unobserved == pytest.approx(0.5)
    assert found.events == w.counts[15:21, west].sum()
    assert found.model("u").capture[2].pai == pytest.approx(1.0)  # share of the observed half


def test_refits_once_in_so_many_origins() -> None:
    w, learner = world(uneven(), 24, 7), count(kind="model")
    run(w, uniform(), learner, refit_every=4)
    assert learner.fits == [ORIGINS[0], ORIGINS[4]]


def test_lag_withholds_the_last_periods() -> None:
    w = world(uneven(), 24, 8)
    seen = []

    def make(panel):
        seen.append(int((~panel.target_observed[:, 0]).sum()))
        return np.full(len(panel.cells), 0.3)

    found = run(w, Rates("spy", make), lag=2)
    assert set(seen) == {2}
    assert found.lag == 2


def test_too_short_a_history_is_said() -> None:
    w = world(uneven(), 24, 9)
    old = Rates("five", lambda p: w.rate, needs_years=5.0)
    found = run(w, uniform(), old)
    assert [m.id for m in found.models] == ["uniform"]
    assert "5 years" in found.skipped[0]


def test_the_same_seed_gives_the_same_result() -> None:
    w = world(uneven(), 24, 10)
    assert run(w, uniform(), oracle(w)).to_json() == run(w, uniform(), oracle(w)).to_json()


def test_misuse_is_told() -> None:
    w = world(uneven(), 24, 11)
    with pytest.raises(Misuse):
        run(w, oracle(w))
    with pytest.raises(Misuse):
        backtest(w.panel_at, w.truth_at, {"u": uniform()}, ORIGINS, warmup=ORIGINS)
    with pytest.raises(Misuse):
        backtest(w.panel_at, w.truth_at, {"u": uniform()}, [], warmup=WARM)
    with pytest.raises(Fault):
        run(w, uniform(), Rates("broken", lambda p: np.full(len(p.cells), np.nan), "model"))
    nothing = replace(w, counts=np.zeros_like(w.counts))
    with pytest.raises(Refused):
        run(nothing, uniform())


def test_leaving_an_origin_out_is_told(tmp_path: Path) -> None:
    w = world(uneven(), 24, 12)
    found = run(w, uniform(), oracle(w))
    best, plain = found.model("oracle"), found.model("uniform")
    rest = [k for k in range(6) if k != 2]
    events = sum(best.by_origin[k].events for k in rest)
    gain = sum(best.by_origin[k].log_score - plain.by_origin[k].log_score for k in rest) / events
    assert best.left_out[2].gain == pytest.approx(gain)


def test_table_json_and_parquet_agree(tmp_path: Path) -> None:
    w = world(uneven(), 24, 13)
    found = run(w, uniform(), oracle(w))
    console = Console(width=80, record=True)
    console.print(render(found))
    text = console.export_text()
    assert "oracle" in text
    assert "served" in text
    assert "…" not in text
    assert "Lag 0" in text
    body = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert body["verdict"]["served"] == "oracle"
    found.to_parquet(tmp_path / "scores.parquet")
    rows = pl.read_parquet(tmp_path / "scores.parquet")
    assert len(rows) == 12
    total = rows.filter(pl.col("model") == "oracle")["log_score"].sum() / found.events
    assert total == pytest.approx(found.model("oracle").log_score)


def test_two_steps_ahead_are_scored_as_two_windows_of_one_origin() -> None:
    w = world(uneven(), 24, 14)

    def truth_at(origin):
        one, seen = w.truth_at(origin)
        two, also = w.truth_at(step(origin, "month", 1))
        return np.concatenate([one, two]), np.concatenate([seen, also])

    plugs = {"u": uniform(), "o": oracle(w)}
    found = backtest(w.panel_at, truth_at, plugs, ORIGINS, warmup=WARM, horizon=2)
    assert found.events == w.counts[15:21].sum() + w.counts[16:22].sum()
    assert len(found.model("o").by_origin) == 6
    assert found.model("u").capture[1].pai == pytest.approx(1.0)
    assert found.verdict.passed


def test_better_probabilities_that_catch_less_are_not_served() -> None:
    gain, less = Interval(0.1, 0.05, 0.2), Interval(-0.05, -0.08, -0.02)
    verdict = decide(
        rival=("plain", "Plain count"), candidate=("model", "Model"), gain=gain,
        hit_gains={0.01: less, 0.02: Interval(0.0, -0.1, 0.1)}, about="6 past forecast dates",
    )  # fmt: skip
    assert not verdict.passed
    assert verdict.served == "plain"
    assert "caught fewer events in the first 1 % of the area" in verdict.sentence
