"""The gate in force: served, said, stale; a new fit takes over only if it is no worse, and both are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from peelian.domain.errors import Refused
from peelian.models import MODELS, SERVED
from peelian.pipeline.backtesting import BacktestRequest, backtest
from peelian.pipeline.context import Context
from peelian.pipeline.forecast_request import ForecastRequest
from peelian.pipeline.forecasting import forecast
from peelian.pipeline.gating import BY_HAND, UNCHECKED, fit_in_force, serve, stale_reasons
from peelian.pipeline.retraining import RetrainRequest, retrain
from peelian.pipeline.verdicts import history
from peelian.store.gates import Gate, GateKey, gate_history, set_gate
from peelian.store.runs import list_runs
from peelian.store.workspace import Workspace
from tests.pipeline.knives import bring_in
from tests.workspaces import fresh

KEY = GateKey("testshire", "violence", "month", 1, 1)
NOW = datetime(2026, 11, 28, tzinfo=UTC)
GATE = Gate("kde", {}, NOW, "backtest", {"kde": "1"}, "b", date(2022, 6, 1), KEY)


def parts(key: GateKey = KEY) -> tuple[str, str, str, int, int]:
    return key.area, key.target, key.every, key.horizon, key.window


@pytest.mark.parametrize(
    ("gate", "now", "origin", "retrains", "words"),
    [
        (GATE, {"kde": "1"}, date(2023, 6, 1), 4, ""),
        (GATE, {"kde": "2"}, date(2022, 7, 1), 0, "version 1 of “kde”, and this is version 2"),
        (GATE, {}, date(2022, 7, 1), 0, "no longer has"),
        (GATE, {"kde": "1"}, date(2022, 7, 1), 5, "5 fits have replaced one another"),
        (GATE, {"kde": "1"}, date(2023, 7, 1), 0, "over a year earlier"),
        (replace(GATE, versions={}), {"kde": "1"}, date(2022, 7, 1), 0, "which versions"),
    ],
)
def test_what_makes_a_verdict_stale(
    gate: Gate, now: dict[str, str], origin: date, retrains: int, words: str
) -> None:
    reasons = stale_reasons(gate, now, origin, retrains)
    assert len(reasons) == (1 if words else 0)
    assert words in "; ".join(reasons)


def test_the_newest_verdict_is_served_and_named(ctx: Context, ws: Workspace) -> None:
    origin = date(2022, 7, 1)
    assert serve(ctx, KEY, origin).sentence == UNCHECKED
    assert serve(ctx, KEY, origin, "kde").sentence == BY_HAND
    version = {"kde": MODELS["kde"].SPEC.version}
    set_gate(ws, *parts(), SERVED, {"sentence": "Better."}, versions={SERVED: "0"}, source="first")
    set_gate(
        ws, *parts(), "kde", {"sentence": "No better.", "passed": False, "rival": "kde", "candidate": SERVED},
        versions=version, source="second", last_origin=date(2022, 6, 1),
    )  # fmt: skip
    got = serve(ctx, KEY, origin)
    assert (got.model, got.sentence) == ("kde", "No better.")
    assert got.gate is not None
    assert (got.gate["backtest"], got.gate["passed"], got.gate["stale"]) == ("second", False, [])
    assert got.gate["decided"] == f"{datetime.now(UTC):%Y-%m-%d}"
    assert serve(ctx, replace(KEY, horizon=6), origin).gate == got.gate  # stands for later windows too
    assert serve(ctx, replace(KEY, window=3), origin).sentence == UNCHECKED
    assert "stale" in serve(ctx, KEY, date(2023, 12, 1)).sentence
    rows = history(ctx, "testshire", None, None)
    assert [(r["served"], r["in_force"]) for r in rows] == [("kde", True), (SERVED, False)]


def test_a_verdict_on_a_model_that_is_gone_serves_the_usual_one_and_says_so(
    ctx: Context, ws: Workspace
) -> None:
    set_gate(ws, *parts(), "oracle", {"sentence": "Better."}, versions={"oracle": "1"})
    got = serve(ctx, KEY, date(2022, 7, 1))
    assert got.model == SERVED
    assert "no longer has" in got.sentence


def recorded(ws: Workspace, fitted_at: str, version: str = "", replaced: bool = True) -> None:
    version = version or MODELS[SERVED].SPEC.version
    fit: dict[str, Any] = {"model": SERVED, "version": version, "fitted_at": fitted_at, "seed": 1}
    set_gate(ws, *parts(), SERVED, {"fit": fit, "replaced": replaced}, kind="retrain")


def test_the_fit_in_force_is_the_newest_of_this_version_not_later_than_the_origin(
    ctx: Context, ws: Workspace
) -> None:
    recorded(ws, "2022-03-01")
    assert serve(ctx, KEY, date(2022, 7, 1)).fitted_at == date(2022, 3, 1)
    assert serve(ctx, replace(KEY, horizon=3), date(2022, 7, 1)).fitted_at == date(2022, 3, 1)
    assert serve(ctx, KEY, date(2022, 2, 1)).fitted_at is None
    recorded(ws, "2022-05-01", version="0")
    past = gate_history(ws, *parts(), kind="retrain")
    held = fit_in_force(past, SERVED, date(2022, 7, 1))
    assert held is not None
    assert held.verdict["fit"]["fitted_at"] == "2022-03-01"


def test_many_fits_make_a_verdict_stale(ctx: Context, ws: Workspace) -> None:
    version = {SERVED: MODELS[SERVED].SPEC.version}
    set_gate(ws, *parts(), SERVED, {"sentence": "Better."}, versions=version)
    for n in range(5):
        assert "stale" not in serve(ctx, KEY, date(2022, 7, 1)).sentence, n
        recorded(ws, "2022-03-01")
        recorded(ws, "2022-03-01", replaced=False)  # a fit that stayed out does not count
    assert "5 fits" in serve(ctx, KEY, date(2022, 7, 1)).sentence


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Context:
    folder = tmp_path_factory.mktemp("gates")
    ctx = Context(fresh(folder / "home"), purpose="evaluation")
    bring_in(ctx, folder)
    return ctx


def test_a_backtest_leaves_its_mark_and_the_run_card_names_it(
    held: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = {name: MODELS[name] for name in ("last-period", "year-count", SERVED)}
    monkeypatch.setattr("peelian.pipeline.backtesting.MODELS", few)  # a smaller house, for speed
    asked = BacktestRequest("violence", "month", date(2022, 4, 1), date(2022, 6, 1), area="testshire")
    done = backtest(held, asked)
    card = forecast(
        held, ForecastRequest("violence", "month", date(2022, 7, 1), area="testshire")
    ).forecast.card
    gate = card["gate"]
    assert gate["backtest"] == done.folder.name
    assert gate["served"] == done.result.verdict.served == card["model"]["id"]
    assert gate["versions"] == {name: MODELS[name].SPEC.version for name in gate["versions"]}
    assert {gate["rival"], gate["served"]} <= set(gate["versions"])
    assert (gate["last_origin"], gate["stale"]) == ("2022-06-01", [])
    assert card["fitted_at"] == "2022-07-01"
    assert date.fromisoformat(gate["decided"]) - datetime.now(UTC).date() <= timedelta(0)


def test_a_new_fit_is_held_against_the_one_in_force_and_both_are_kept(held: Context) -> None:
    asked = RetrainRequest("asb", "month", date(2021, 10, 1), area="testshire", origins=4)
    first = retrain(held, asked)
    assert (first.replaced, first.comparison, first.fit["fitted_at"]) == (False, None, "2021-10-01")
    with pytest.raises(Refused, match="too lately"):
        retrain(held, replace(asked, origin=date(2022, 2, 1)))
    second = retrain(held, replace(asked, origin=date(2022, 9, 1)))
    assert second.comparison is not None
    assert second.comparison["origins"] == ["2022-05-01", "2022-06-01", "2022-07-01", "2022-08-01"]
    assert second.replaced == second.comparison["no_worse"]
    served = date(2022, 5, 1) if second.replaced else date(2021, 10, 1)
    assert second.fit["fitted_at"] == str(served)
    kept = {run.run_id: run.card for run in list_runs(held.ws, target="asb")}
    assert {kept[run]["fitted_at"] for run in second.runs} == {"2022-05-01", "2021-10-01"}
    again = forecast(held, ForecastRequest("asb", "month", date(2022, 9, 1), area="testshire"))
    assert again.forecast.card["fitted_at"] == str(served)
    assert (again.forecast.mean == forecast(
        held, ForecastRequest("asb", "month", date(2022, 9, 1), area="testshire", fitted_at=served)
    ).forecast.mean).all()  # fmt: skip
    assert len(gate_history(held.ws, "testshire", "asb", kind="retrain")) == 2


def test_starting_anew_compares_with_nothing(held: Context, tmp_path: Path) -> None:
    asked = RetrainRequest("robbery", "month", date(2022, 3, 1), area="testshire", origins=3)
    retrain(held, asked)
    anew = retrain(held, replace(asked, origin=date(2022, 4, 1), first=True))
    assert "anew" in anew.sentence
    assert anew.fit["fitted_at"] == "2022-04-01"
