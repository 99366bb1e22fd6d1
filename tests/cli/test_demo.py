"""The demonstration from nothing to a run folder with its fuller stages."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from peelian.store import jobs
from peelian.store.workspace import open_workspace
from tests.cli.conftest import Run, Simulated


@pytest.fixture(scope="module")
def demo(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("demo")
    said = run("demo", "--scenario", "tiny", "--no-serve", "--home", home)
    assert said.code == 0, said.err
    assert "1/3" in said.err  # progress is shown where there is no terminal too
    return home


def newest(home: Path) -> Path:
    return max((home / "runs").glob("*/run.json"), key=lambda p: p.stat().st_mtime).parent


def test_the_run_says_it_is_simulated_and_carries_its_verdict(demo: Path) -> None:
    card = json.loads((newest(demo) / "run.json").read_text())
    assert card["area"]["simulated"] is True
    assert "served" in card["served"]["sentence"] or "better" in card["served"]["sentence"]


def test_fuller_stages_lie_beside_the_run(demo: Path) -> None:
    for name in ("evaluation.json", "report.html", "concentration.json", "scene.geojson", "fusing.json"):
        assert (newest(demo) / name).is_file(), name


def test_five_agencies_feeds_are_held_and_linked(run: Run, demo: Path) -> None:
    held = {row["source"] for row in json.loads(run("coverage", "--json", "--home", demo).out)}
    assert {"police_crime", "council_asb", "ambulance", "emergency_department", "fire"} <= held
    said = json.loads(run("overlap", "--json", "--home", demo).out)
    assert said


def test_the_check_of_fusing_is_labelled_and_in_no_headline(demo: Path) -> None:
    view = json.loads((newest(demo) / "fusing.json").read_text())
    assert "not an accuracy claim" in view["label"]
    assert len(view["all"]) > len(view["alone"]) >= 1
    report = (newest(demo) / "report.html").read_text()
    assert report.count("Harness check on simulated truth") == 1
    assert report.index("The figures") < report.index("One picture from many agencies")


def test_a_place_no_feed_speaks_of_is_null_never_zero(demo: Path) -> None:
    silent = pl.read_parquet(newest(demo) / "cells.parquet").filter(pl.col("share") == 0)["cell"]
    table = pl.read_parquet(newest(demo) / "forecast.parquet")
    assert len(silent) > 0
    assert table.filter(pl.col("cell").is_in(silent.to_list()))["mean"].null_count() == 4 * len(silent)
    assert table.filter(~pl.col("cell").is_in(silent.to_list()))["mean"].null_count() == 0


def test_real_data_and_the_demo_never_share_a_workspace(
    run: Run, simulated: Simulated, tmp_path: Path
) -> None:
    mapping = tmp_path / "real.yaml"
    mapping.write_text(simulated.mapping.read_text().replace("force: simulated", "force: some"))
    assert run("ingest", "table", simulated.extract, "--mapping", mapping, "--home", tmp_path / "h").code == 0
    said = run("demo", "--no-serve", "--scenario", "tiny", "--home", tmp_path / "h")
    assert (said.code, "--home" in said.err) == (2, True)


def test_the_demo_learns_and_returns_what_it_learnt(run: Run, demo: Path) -> None:
    said = json.loads(run("problem", "list", "--json", "--home", demo).out)
    assert [one["title"][:9] for one in said["problems"]] == ["SIMULATED"]
    entries = json.loads(run("intervention", "list", "--json", "--home", demo).out)["entries"]
    assert [one["title"][:9] for one in entries] == ["SIMULATED"]
    made = [json.loads(path.read_text()) for path in (demo / "returns").glob("*/return.json")]
    assert {one["name"] for one in made} == {"sna", "csp", "hotspot", "vru"}
    assert all(one["simulated"] for one in made)
    vru = next(one for one in made if one["name"] == "vru")
    worked = next(block for block in vru["blocks"] if block["id"] == "worked")["lines"]
    assert worked[0]["what"].startswith("SIMULATED")
    assert "randomised" in worked[0]["source"]


def test_a_second_demo_queues_nothing_again(run: Run, demo: Path) -> None:
    before = [(job.id, job.state) for job in jobs.list(open_workspace(demo), last=1000)]
    assert before
    assert {state for _, state in before} == {"done"}
    run("demo", "--scenario", "tiny", "--no-serve", "--home", demo)
    assert [(job.id, job.state) for job in jobs.list(open_workspace(demo), last=1000)] == before
