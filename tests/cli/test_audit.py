"""Each entry of the pipeline leaves an audit row, with the work or not at all."""

from __future__ import annotations

import pytest

from peelian.domain.actor import LOCAL_ANALYST, Actor
from peelian.domain.errors import Forbidden
from peelian.pipeline.context import Context
from peelian.pipeline.forecast_request import ForecastRequest
from peelian.pipeline.forecasting import forecast
from peelian.store.audit import list_audit
from peelian.store.runs import list_runs
from peelian.store.workspace import open_workspace
from tests.cli.conftest import Run, Simulated


def test_a_forecast_and_its_audit_row_appear_together(run: Run, simulated: Simulated) -> None:
    ws = open_workspace(simulated.home)
    origin = simulated.monday
    request = ForecastRequest("asb", "week", origin, area=str(simulated.area), model="year-count")
    before = len([row for row in list_audit(ws) if row.what == "forecast asb"])
    made = forecast(Context(ws, LOCAL_ANALYST, "analysis"), request)
    rows = [row for row in list_audit(ws) if row.what == "forecast asb"]
    assert len(rows) == before + 1
    assert rows[0].window == str(origin)
    assert made.run_id in {held.run_id for held in list_runs(ws)}


def test_a_stranger_may_not_forecast_and_leaves_no_run(run: Run, simulated: Simulated) -> None:
    ws = open_workspace(simulated.home)
    runs = len(list_runs(ws))
    request = ForecastRequest("asb", "week", simulated.monday, area=str(simulated.area))
    with pytest.raises(Forbidden):
        forecast(Context(ws, Actor("someone", "passer-by"), "analysis"), request)
    assert len(list_runs(ws)) == runs
