"""Harm weights: read strictly, never made up, and weighing counts that stay the forecast's own."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from peelian.domain.errors import Misuse, Refused
from peelian.evaluate.harm import harm_hits
from peelian.pipeline.backtesting import BacktestRequest, backtest
from peelian.pipeline.context import Context
from peelian.pipeline.forecast_request import ForecastRequest
from peelian.pipeline.forecasting import forecast
from peelian.pipeline.gazetteers import import_context, listed
from peelian.pipeline.setting_severity import severity_held
from tests.pipeline.knives import bring_in
from tests.workspaces import fresh

GROUPS = (
    "group,weight,source,year\nviolence,100,made up for a test,2024\n"
    'Robbery ,"1,000",made up for a test,2024\n'
)
CODES = (
    "code,group,weight,offences,source,year\nA,violence,10,300,test,2024\nB,violence,50,100,test,2024\n"
    "C,robbery,7,1,test,2024\n"
)
ASKED = ForecastRequest(
    "knife-violence", "week", date(2022, 10, 3), window=13, area="testshire", model="year-count", harm=True
)


def weights(ctx: Context, folder: Path, text: str) -> None:
    (folder / "weights.csv").write_text(text)
    import_context(ctx, "severity", folder / "weights.csv")


def test_weights_by_group_and_by_code(ctx: Context, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="context import severity"):
        severity_held(ctx)
    weights(ctx, tmp_path, GROUPS)
    assert severity_held(ctx).weights == {"violence": 100.0, "robbery": 1000.0}
    weights(ctx, tmp_path, CODES)
    held = severity_held(ctx)
    assert held.weights == {"violence": (10 * 300 + 50 * 100) / 400, "robbery": 7.0}
    assert (held.source, held.year) == ("test", 2024)
    assert [(r["kind"], r["rows"]) for r in listed(ctx)] == [("severity", 3)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (GROUPS + "gossip,3,made up for a test,2024\n", "line 4"),
        (GROUPS + "asb,0,made up for a test,2024\n", "line 4"),
        (GROUPS + "asb,-1,made up for a test,2024\n", "line 4"),
        (GROUPS + "asb,nan,made up for a test,2024\n", "line 4"),
        (GROUPS + "asb,much,made up for a test,2024\n", "line 4"),
        (GROUPS + "asb,3,,2024\n", "line 4"),
        (GROUPS + "asb,3,made up for a test,then\n", "line 4"),
        (GROUPS + "violence,3,made up for a test,2024\n", "line 4"),
        (GROUPS + "asb,3,another,2024\n", "several sources"),
        (GROUPS + "asb,3,made up for a test,2023\n", "several sources"),
        ("code,group,weight,source,year\nA,violence,1,s,2024\n", "offences"),
        ("group,weight\nviolence,1\n", "lacks a column"),
        ("group,weight,source,year\n", "no rows"),
    ],
)
def test_a_table_that_is_none_is_refused(ctx: Context, tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(Misuse, match=words) as told:
        weights(ctx, tmp_path, text)
    assert "gossip" not in told.value.what
    with pytest.raises(Refused):
        severity_held(ctx)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Context:
    folder = tmp_path_factory.mktemp("harm")
    ctx = Context(fresh(folder / "home"), purpose="evaluation")
    bring_in(ctx, folder, knives=0.3)
    return ctx


def test_harm_needs_weights_for_every_group(held: Context, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="context import severity"):
        forecast(held, ASKED)
    weights(held, tmp_path, "group,weight,source,year\nviolence,100,made up,2024\n")
    with pytest.raises(Refused, match="nothing of robbery"):
        forecast(held, ASKED)


def test_harm_is_the_forecasts_counts_weighed(held: Context, tmp_path: Path) -> None:
    weights(held, tmp_path, GROUPS)
    run = forecast(held, ASKED)
    table = pl.read_parquet(run.folder / "harm.parquet")
    violence, robbery = table["harm_violence"].to_numpy() / 100, table["harm_robbery"].to_numpy() / 1000
    assert np.allclose(violence + robbery, run.forecast.mean[0], rtol=0, atol=1e-9)
    assert np.allclose(table["harm"].to_numpy(), 100 * violence + 1000 * robbery)
    assert 0.2 < robbery.sum() / run.forecast.mean.sum() < 0.3  # two robberies to six of violence
    card = json.loads((run.folder / "run.json").read_text())["harm"]
    assert (card["source"], card["year"]) == ("made up for a test", 2024)
    assert card["expected"]["robbery"][0] == pytest.approx(1000 * robbery.sum(), abs=0.01)
    plain = forecast(held, replace(ASKED, harm=False))
    assert not (plain.folder / "harm.parquet").exists()
    assert (plain.forecast.mean == run.forecast.mean).all()


def test_a_target_of_one_group_is_weighed_by_its_weight(held: Context, tmp_path: Path) -> None:
    weights(held, tmp_path, GROUPS)
    run = forecast(held, replace(ASKED, target="robbery"))
    assert np.allclose(pl.read_parquet(run.folder / "harm.parquet")["harm"], 1000 * run.forecast.mean[0])


def test_a_backtest_gives_hit_rates_by_harm(held: Context, tmp_path: Path) -> None:
    weights(held, tmp_path, GROUPS)
    asked = BacktestRequest(
        "knife-violence", "month", date(2022, 4, 1), date(2022, 6, 1), models=("year-count", "last-period"),
        area="testshire", harm=True,
    )  # fmt: skip
    body = json.loads((backtest(held, asked).folder / "harm.json").read_text())
    assert body["weights"] == {"robbery": 1000.0, "violence": 100.0}
    rates = body["hit_rates"]
    assert set(rates) == {"by harm", "by count", "by plain count", "best"}
    for share in ("0.01", "0.05", "0.1"):
        assert 0 <= rates["by harm"][share] <= rates["best"][share] <= 1
        assert rates["by count"][share] == rates["by plain count"][share]  # a plain count is served
    assert body["harm"] % 100 == pytest.approx(0.0)


def test_hit_rates_by_harm_by_hand() -> None:
    harm = np.array([[0.0, 10.0, 0.0, 30.0], [0.0, 0.0, 60.0, 0.0]])
    seen = np.array([[True, True, True, True], [True, True, True, True]])
    by = {"one": np.array([[1.0, 4.0, 2.0, 3.0], [1.0, 2.0, 9.0, 3.0]])}
    found = harm_hits(harm, seen, by, (0.25, 0.5))
    assert found["one"] == {"0.25": 0.7, "0.5": 1.0}
    assert found["best"] == {"0.25": 0.9, "0.5": 1.0}
    seen[1] = [True, True, False, True]  # what was not published is neither harm nor its absence
    assert harm_hits(harm, seen, by, (0.5,))["one"] == {"0.5": 1.0}
    assert np.isnan(harm_hits(harm * 0, seen, by, (0.5,))["one"]["0.5"])
