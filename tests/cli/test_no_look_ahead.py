"""What became available after `as_of` does not exist for a forecast: changed, added or removed, same rows."""

from __future__ import annotations

import random
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peelian.pipeline.context import open_context
from peelian.pipeline.forecast_file import forecast_table
from peelian.pipeline.forecast_request import ForecastRequest
from peelian.pipeline.forecasting import forecast
from peelian.pipeline.ingesting import IngestRequest, ingest

ORIGIN = date(2022, 4, 4)
MAPPING = """\
source: written-for-the-test
force: testshire
controller: Testshire Police
licence: written for the test
crs: EPSG:27700
covers: {from: 2021-01-04, to: 2022-06-05}
columns: {id: id, occurred: when, easting: e, northing: n, offence: what, available_at: known}
time: {format: "%Y-%m-%d %H:%M", zone: Europe/London, granularity: minute}
codes: {violence: violence, asb: asb}
"""


def rows(seed: int = 5, n: int = 900) -> list[dict[str, object]]:
    """Events over fifteen months on a few streets; a third become known weeks late."""
    dice = random.Random(seed)
    out = []
    for i in range(n):
        when = datetime(2021, 1, 4, tzinfo=UTC) + timedelta(minutes=dice.randrange(515 * 1440))
        late = timedelta(days=dice.choice([0, 0, 40]))
        out.append(
            {
                "id": f"r{i}", "when": when.strftime("%Y-%m-%d %H:%M"),
                "e": 400_000 + 250 * dice.randrange(8),
                "n": 300_000 + 250 * dice.randrange(8), "what": dice.choice(["violence", "violence", "asb"]),
                "known": (when + late).strftime("%Y-%m-%d %H:%M"),
            }
        )  # fmt: skip
    return out


def is_later(row: dict[str, object]) -> bool:
    return str(row["known"]) > f"{ORIGIN} 00:00"  # both in London time


def made(table: list[dict[str, object]], model: str) -> pl.DataFrame:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "m.yaml").write_text(MAPPING)
        pl.DataFrame(table).write_csv(home / "t.csv")
        ctx = open_context(home / "home", None)
        ingest(ctx, IngestRequest("table", (home / "t.csv",), mapping=str(home / "m.yaml")))
        request = ForecastRequest("violence", "week", ORIGIN, area="testshire", model=model)
        return forecast_table(forecast(ctx, request).forecast)


@pytest.fixture(scope="module")
def baseline() -> dict[str, pl.DataFrame]:
    return {model: made(rows(), model) for model in ("learner", "shrunk-decay")}


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_later_rows_change_nothing(baseline: dict[str, pl.DataFrame], data: st.DataObject) -> None:
    table = rows()
    later = [i for i, row in enumerate(table) if is_later(row)]
    assert len(later) > 50
    for i in data.draw(st.lists(st.sampled_from(later), min_size=5, max_size=40, unique=True)):
        fate = data.draw(st.sampled_from(["move", "retype", "drop"]))
        if fate == "move":
            table[i] |= {"e": 400_000 + 250 * data.draw(st.integers(0, 40)), "n": 300_000}
        elif fate == "retype":
            table[i] |= {"what": "asb"}
        else:
            table[i] |= {"id": ""}
    table = [row for row in table if row["id"]]
    extra = data.draw(st.integers(0, 50))
    table += [row | {"id": f"new{k}"} for k, row in enumerate(rows(seed=9)) if is_later(row)][:extra]
    model = data.draw(st.sampled_from(sorted(baseline)))
    assert made(table, model).equals(baseline[model])


def test_an_earlier_row_does_change_it(baseline: dict[str, pl.DataFrame]) -> None:
    table = [row for row in rows() if is_later(row) or (row["id"] != "r0" and row["what"] == "violence")]
    assert not made(table, "shrunk-decay").equals(baseline["shrunk-decay"])
