"""The main job as a user runs it: simulate, ingest, coverage, forecast, backtest."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq

from peelian.domain.forecast import FORECAST_COLUMNS
from tests.cli.conftest import Run, Simulated


def test_second_ingest_accepts_nothing(process: Run, simulated: Simulated) -> None:
    said = process(
        "ingest",
        "table",
        simulated.extract,
        "--mapping",
        simulated.mapping,
        "--home",
        simulated.home,
        "--json",
    )
    total = said.json["total"]
    assert said.code == 0
    assert total["accepted"] == total["revised"] == 0
    assert total["duplicate"] + total["quarantined"] == total["read"] > 0


def test_police_uk_layout_ingests_with_every_row_in_one_bin(
    process: Run, simulated: Simulated, tmp_path: Path
) -> None:
    said = process("--home", tmp_path, "ingest", "police-uk", simulated.police_uk, "--json")
    assert said.code == 0, said.err
    for file in [*said.json["files"], said.json["total"]]:
        bins = file["accepted"] + file["duplicate"] + file["revised"] + file["quarantined"]
        assert bins == file["read"]
    lines = sum(p.read_text().count("\n") - 1 for p in simulated.police_uk.rglob("*.csv"))
    assert said.json["total"]["read"] == lines


def test_forecast_file_holds_one_row_per_period_and_cell(
    process: Run, simulated: Simulated, tmp_path: Path
) -> None:
    origin, out = simulated.monday, tmp_path / "f.parquet"
    said = process(
        "forecast", "--target", "violence", "--every", "week", "--origin", origin, "--horizon", "2",
        "--area", simulated.area, "--out", out, "--home", simulated.home, "--json",
    )  # fmt: skip
    assert said.code == 0, said.err
    table = pl.read_parquet(out)
    assert tuple(table.columns) == FORECAST_COLUMNS
    assert len(table) == 2 * said.json["card"]["area"]["cells"]
    assert table["mean"].drop_nulls().min() > 0
    assert set(table["origin"]) == {origin}
    card = json.loads(pq.read_schema(out).metadata[b"peelian.run_card"])
    assert card["seed"] == 1
    assert (Path(said.json["folder"]) / "run.json").is_file()


def test_contributions_add_up_to_the_forecast(process: Run, simulated: Simulated) -> None:
    origin = simulated.monday
    said = process(
        "forecast", "--target", "violence", "--every", "week", "--origin", origin, "--area", simulated.area,
        "--home", simulated.home, "--model", "learner", "--json",
    )  # fmt: skip
    folder = Path(said.json["folder"])
    parts = pl.read_parquet(folder / "contributions.parquet").drop("period_start", "cell").drop_nulls()
    mean = pl.read_parquet(folder / "forecast.parquet")["mean"].drop_nulls()
    assert np.allclose(parts.sum_horizontal(), mean, atol=1e-9, rtol=0)


def test_backtest_prints_its_table_and_keeps_a_report(
    process: Run, simulated: Simulated, tmp_path: Path
) -> None:
    last = simulated.monday - timedelta(weeks=1)
    said = process(
        "backtest", "--target", "violence", "--every", "week", "--from", last - timedelta(weeks=3),
        "--to", last, "--area", simulated.area, "--home", simulated.home,
        "--out", tmp_path / "scores.parquet",
    )  # fmt: skip
    assert said.code == 0, said.err
    for word in ("learner", "year-count", "report.html"):
        assert word in said.out
    assert len(pl.read_parquet(tmp_path / "scores.parquet")) > 0
