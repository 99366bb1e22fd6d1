"""`peelian areas` and `peelian plan` as people and scripts run them."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from peelian.cli.app import app
from peelian.cli.main import hoist
from peelian.domain.errors import Refused
from peelian.pipeline.context import Context
from peelian.pipeline.planning.resources import example
from tests.acting_made import decided
from tests.pipeline.planning.test_own_areas import tiles


def said(ctx: Context, *arguments: object) -> str:
    words = hoist(["--home", str(ctx.ws.home), *map(str, arguments)])
    answer = CliRunner().invoke(app, words)
    if answer.exception is not None:
        raise answer.exception
    return answer.stdout


def told(ctx: Context, *arguments: object) -> Any:
    return json.loads(said(ctx, *arguments, "--json"))


def test_from_a_file_of_areas_to_a_plan_that_leaves(ctx: Context, tmp_path: Path) -> None:
    made = told(ctx, "areas", "import", tiles(ctx, tmp_path), "--kind", "hotspot")
    assert made["rows"] == made["kept"] + len(made["quarantined"])
    assert len(told(ctx, "areas", "list")) == made["rows"]
    assert "Tile 0" in said(ctx, "areas", "list", "--kind", "hotspot")
    plan = told(ctx, "plan", "--visits", "5", "--areas", "hotspot")
    assert len(plan["visits"]) == 5
    assert [one["name"] for one in plan["sensitivity"]][:1] == ["budget -20 %"]
    out = tmp_path / "plan.csv"
    with pytest.raises(Refused, match="without a decision"):
        said(ctx, "plan", "export", plan["plan"], "--out", out)
    assert not out.exists()
    taken = decided(ctx.ws, "plan", plan["plan"])
    said(ctx, "plan", "export", plan["plan"], "--decision", taken.id, "--out", out)
    with out.open(newline="") as file:
        assert {row["place"] for row in csv.DictReader(file)} == {one["place"] for one in plan["visits"]}
    said(ctx, "plan", "export", plan["plan"], "--decision", taken.id, "--format", "geojson", "--out", out)
    assert len(json.loads(out.read_text())["features"]) == 5


def test_the_example_is_printed_as_it_is(ctx: Context) -> None:
    assert said(ctx, "plan", "--example") == example()


def test_a_plan_says_its_doubt_and_its_rivals(ctx: Context) -> None:
    text = said(ctx, "plan", "--visits", "5")
    assert "With budget +20 %: 6 visits cover" in text
    assert "As many visits by last year's count would cover" in text
