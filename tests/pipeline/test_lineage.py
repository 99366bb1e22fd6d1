"""From a forecast's cell back to files, rules, agreements and counts, counted by hand."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from peelian.domain.errors import Misuse, NotFound
from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.pipeline.agreements import end
from peelian.pipeline.context import Context
from peelian.pipeline.erasing import erase
from peelian.pipeline.forecast_request import ForecastRequest
from peelian.pipeline.forecasting import Run, forecast
from peelian.pipeline.lineage import lineage
from peelian.store.agreements import today
from tests.pipeline.agreed import agree, row, take

FIRST = date(2023, 1, 2)
ORIGIN = FIRST + timedelta(weeks=60)
HERE = int(GRID.cell_of([400_100.0], [300_100.0])[0])


def lines(prefix: str, easting: int, every: int) -> list[str]:
    """One assault every `every` weeks, from the first week to after the origin."""
    return [row(f"{prefix}{k}", FIRST + timedelta(weeks=k), easting=easting) for k in range(0, 64, every)]


@pytest.fixture
def run(ctx: Context, tmp_path: Path) -> Run:
    """A weekly forecast from two files: 60 reports here before the origin, 30 a kilometre off, 30 far."""
    agree(ctx, tmp_path)
    take(ctx.ws, tmp_path, lines("here", 400_100, 1), "one")
    take(ctx.ws, tmp_path, lines("near", 401_100, 2) + lines("far", 405_100, 2), "two")
    return forecast(ctx, ForecastRequest("violence", "week", ORIGIN, area="fenshire", model="year-count"))


def by_file(found: dict[str, Any]) -> dict[str, tuple[int, int, int]]:
    names = {file["sha256"][:16]: file["name"] for file in found["files"]}
    return {names[one["file"]]: (one["here"], one["near"], one["area"]) for one in found["inputs"]}


def test_counts_by_file_are_those_counted_by_hand(ctx: Context, run: Run) -> None:
    found = lineage(ctx, run.run_id, HERE)
    assert by_file(found) == {"one.csv": (60, 60, 60), "two.csv": (0, 30, 60)}
    assert found["target_here"] == 60
    assert [one["id"] for one in found["agreements"]] == ["fens-health"]
    assert all(len(file["sha256"]) == 64 and file["rules"]["mapping_sha256"] for file in found["files"])
    assert (found["erased"], found["closed"]) == (0, [])
    json.dumps(found, default=str)


def test_without_a_cell_it_speaks_of_the_one_with_most_expected(ctx: Context, run: Run) -> None:
    assert lineage(ctx, "latest", None)["cell"] == HERE


def test_what_came_after_the_run_is_not_in_its_lineage(ctx: Context, run: Run, tmp_path: Path) -> None:
    before = lineage(ctx, run.run_id, HERE)
    late = datetime.combine(ORIGIN + timedelta(days=40), datetime.min.time(), UTC)
    take(ctx.ws, tmp_path, [row("late", FIRST)], "late", late)
    after = lineage(ctx, run.run_id, HERE)
    assert after["inputs"] == before["inputs"]


def test_an_erasure_is_told_by_count(ctx: Context, run: Run) -> None:
    end(ctx, "fens-health", today() - timedelta(days=1))
    assert lineage(ctx, run.run_id, HERE)["closed"] == ["fens-health"]
    erase(ctx)
    found = lineage(ctx, run.run_id, HERE)
    assert found["inputs"] == []
    assert found["erased"] == 64 + 64


def test_unknown_runs_and_cells_are_said_to_be(ctx: Context, run: Run) -> None:
    with pytest.raises(NotFound, match="no such run"):
        lineage(ctx, "nothing", None)
    with pytest.raises(Misuse, match="no cell 7"):
        lineage(ctx, run.run_id, 7)
