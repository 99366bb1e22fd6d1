"""A run by its larger places: numbers are the file's, sums are the cells', and every page has the view."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from starlette.testclient import TestClient

from peelian.api.level_run import level_run, opens
from peelian.api.run_folder import read_run
from peelian.api.story import no_data
from peelian.domain.errors import NotFound
from peelian.store.workspace import Workspace

from .conftest import RUN

API = f"/api/v1/runs/{RUN}"
LEVEL = "level=block"


def test_the_list_holds_the_files_own_numbers(client: TestClient, workspace: Workspace) -> None:
    file = pl.read_parquet(workspace.runs / RUN / "levels.parquet").filter(pl.col("support") == "block")
    first = file.filter(pl.col("period_start") == file["period_start"].min())
    rows = client.get(f"{API}/table?{LEVEL}&limit=1000").json()["rows"]
    codes = level_run(read_run(workspace.runs / RUN), "block").codes  # type: ignore[attr-defined]
    assert sorted(codes) == sorted(first["place"].to_list())
    told = {codes[row["cell"]]: row for row in rows}
    for code, mean, low, high in first.select("place", "mean", "q05", "q95").iter_rows():
        assert told[code]["mean"] == mean
        assert (told[code]["q05"], told[code]["q95"]) == (low, high)


def test_means_and_last_years_counts_add_up_to_those_of_the_squares(client: TestClient) -> None:
    def total(level: str, name: str) -> float:
        rows = client.get(f"{API}/table?level={level}&limit=100000&step=2").json()["rows"]
        return sum(row[name] or 0.0 for row in rows)

    for name in ("mean", "last_year"):
        assert abs(total("cell", name) - total("block", name)) < 1e-9 * max(1.0, total("cell", name))


def test_a_place_tells_its_cells_history_and_reasons_that_add_up(
    client: TestClient, workspace: Workspace
) -> None:
    top = client.get(f"{API}/table?{LEVEL}&limit=1&step=1").json()["rows"][0]
    place = client.get(f"{API}/places/{top['cell']}?{LEVEL}&step=1").json()
    assert place["mean"] == top["mean"]
    assert abs(sum(part["value"] for part in place["contributions"]) - place["mean"]) < 1e-9
    run = level_run(read_run(workspace.runs / RUN), "block")
    cells, share = run.parts(top["cell"])
    assert len(cells) > 1
    assert np.all(share == 1.0)
    history = pl.read_parquet(workspace.runs / RUN / "history.parquet").filter(pl.col("cell").is_in(cells))
    seen = {one["start"]: one["count"] for one in place["history"]}
    by_week = history.group_by("period_start").agg(pl.col("count").sum())
    for start, count in by_week.iter_rows():
        assert seen[start.isoformat()] in (None, count)
    assert place["rhythm"]["off"].startswith("hours are told by square")


def test_layers_hold_one_byte_a_place_and_step(client: TestClient) -> None:
    manifest = client.get(f"{API}?{LEVEL}").json()
    assert manifest["view"] == "block"
    assert [one["id"] for one in manifest["views"]] == ["cell", "block"]
    scene = client.get(manifest["views"][1]["bounds_url"]).json()
    places = len(scene["features"])
    assert [one["id"] for one in scene["features"]] == list(range(places))
    expected = next(one for one in manifest["layers"] if one["id"] == "expected")
    body = client.get(expected["url"]).content
    assert len(body) == places * len(manifest["steps"])
    rows = client.get(f"{API}/table?{LEVEL}&limit=1000").json()["rows"]
    for row in rows:
        byte = body[row["cell"]]
        assert (byte < 8) == (row["mean"] is None)
        if row["mean"] is not None:
            assert byte & 7 == row["certainty"]
    assert client.get(API).json()["grid"] == manifest["grid"]


def test_pages_without_javascript_show_the_view(client: TestClient) -> None:
    page = client.get(f"/list?run={RUN}&{LEVEL}").text
    assert "Squares of 1 km" in page
    assert "squares of 1 km)" in page  # the sentence speaks of them
    top = client.get(f"{API}/table?{LEVEL}&limit=1").json()["rows"][0]
    assert f"places/{top['cell']}?step=0&amp;{LEVEL}" in page
    place = client.get(f"/runs/{RUN}/places/{top['cell']}?step=0&{LEVEL}").text
    assert top["words"] in place
    assert "/lineage" not in place


def test_squares_without_records_are_told_in_the_view_of_larger_places(workspace: Workspace) -> None:
    run = read_run(workspace.runs / RUN)
    silent = run.mean.copy()
    silent[:, :3] = np.nan
    many = int((~np.isfinite(silent)).all(axis=0).sum())
    told = no_data(level_run(replace(run, mean=silent), "block"))
    assert many >= 3
    assert told.startswith(
        f"{many} of {len(run.cells):,} squares have no records held: they are in no number"
    )
    assert no_data(replace(run, mean=silent)).endswith("drawn hatched, not zero.")


def test_an_unknown_view_is_not_found(client: TestClient, workspace: Workspace) -> None:
    for path in (f"{API}/table?level=msoa", f"{API}/levels/area.geojson", f"{API}/levels/cell.geojson"):
        assert client.get(path).status_code == 404
    with pytest.raises(NotFound, match="no such view"):
        level_run(read_run(workspace.runs / RUN), "lsoa")


def test_a_rare_target_opens_by_larger_places(workspace: Workspace) -> None:
    run = read_run(workspace.runs / RUN)
    assert opens(run) == "cell"
    run.card["target"] = "knife-violence"
    assert opens(run) == "block"
