"""`link` and `overlap` as people run them, on three agencies' simulated feeds."""

from __future__ import annotations

import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest

from peelian.cli.main import main
from peelian.simulate.emit import emit
from peelian.simulate.scenario import load_scenario
from peelian.simulate.world import build_world
from tests.cli.conftest import Said
from tests.pipeline.reports import deliver, police
from tests.workspaces import fresh

FORCE = "simulated-little-eldermarch"
FEEDS = ("police_crime", "ambulance", "emergency_department")


def run(*arguments: str | Path) -> Said:
    """Run the whole command line, in this process."""
    code = 0
    out, err = StringIO(), StringIO()
    words = ["peelian", *map(str, arguments)]
    with patch.object(sys, "argv", words), redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as left:
            code = int(left.code or 0)
    return Said(code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of the tiny scenario's feeds, linked."""
    folder = tmp_path_factory.mktemp("linked")
    world = build_world(load_scenario("tiny").changed(months=3, planted=[]), 5)
    files = emit(world, folder / "sim", layouts=("agencies",), feeds=FEEDS).agencies
    assert files is not None
    for feed in FEEDS:
        said = run(
            "ingest", feed.replace("_", "-"), *files.feeds[feed], "--force", FORCE, "--home", folder / "h"
        )
        assert said.code == 0, said.err
    said = run("link", "--home", folder / "h")
    assert said.code == 0, said.err
    for words in (
        "reports of",
        "incidents",
        "seen by police and ambulance",
        "nine in ten draws",
        "Run link-",
    ):
        assert words in said.out
    return folder / "h"


def test_the_queue_is_places_times_and_kinds(linked: Path) -> None:
    said = run("link", "--review", "--home", linked)
    assert said.code == 0, said.err
    for words in ("chance", "minutes apart", "ambulance-assault", "--same LEFT RIGHT"):
        assert words in said.out
    first = json.loads(run("--json", "link", "--review", "--home", linked).out)[0]
    kept = run("link", "--different", first["left"], first["right"], "--home", linked)
    assert (kept.code, "next linking" in kept.out) == (0, True)
    rest = json.loads(run("--json", "link", "--review", "--home", linked).out)
    assert (first["left"], first["right"]) not in {(one["left"], one["right"]) for one in rest}


def test_overlap_is_readable_by_area_and_lsoa(linked: Path) -> None:
    said = run("overlap", "--home", linked)
    assert said.code == 0, said.err
    assert "While these published: police, ambulance, hospital" in said.out
    assert FORCE in said.out
    assert "…" not in said.out
    assert max(map(len, said.out.splitlines())) <= 112
    lsoa = run("overlap", "--by", "lsoa", "--home", linked).out
    assert "withheld" in lsoa
    assert "no identifiers" in lsoa
    rows = json.loads(run("--json", "overlap", "--by", "lsoa", "--home", linked).out)
    assert {row["area"] for row in rows} > {"not stated"}


def test_the_unseen_come_with_their_assumption(linked: Path) -> None:
    said = run("overlap", "--unseen", "--dependence", "0.5..3", "--home", linked)
    assert said.code == 0, said.err
    for words in (
        "assumed odds ratio",
        "No data here can check the assumption",
        "in no map, forecast or file",
    ):
        assert words in said.out
    wrong = run("overlap", "--unseen", "--dependence", "much", "--home", linked)
    assert (wrong.code, "0.5..3" in wrong.err) == (2, True)


def test_no_data_and_one_feed_are_told_in_a_sentence(tmp_path: Path) -> None:
    ws = fresh(tmp_path / "h")
    for command in (("link",), ("link", "--review"), ("overlap",), ("overlap", "--unseen")):
        said = run(*command, "--home", tmp_path / "h")
        assert said.code in {2, 3}
        assert "peelian ingest" in said.err
        assert "Traceback" not in said.err
    deliver(ws, tmp_path, "police_crime", police()[:5])
    said = run("link", "--home", tmp_path / "h")
    assert (said.code, "only one feed" in said.err) == (3, True)
    said = run("overlap", "--home", tmp_path / "h")
    assert "peelian link" in said.err
    assert run("overlap", "--by", "street", "--home", tmp_path / "h").code == 2
