"""Take-away: numbers are the forecast file's, each file says run and notice, no formula runs."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from pypdf import PdfReader
from starlette.testclient import TestClient

from peelian.api.export_colours import colours
from peelian.api.export_files import to_csv
from peelian.api.layers import LAYERS
from peelian.store.audit import list_audit
from peelian.store.workspace import Workspace

from .conftest import RUN
from .run_folder import UNHELD, mask

AT = f"/api/v1/runs/{RUN}/export"


def forecast(workspace: Workspace, step: int) -> pl.DataFrame:
    rows = pl.read_parquet(workspace.runs / RUN / "forecast.parquet")
    start = sorted(rows["period_start"].unique())[step]
    unheld = mask()[UNHELD].tolist()
    gone = pl.when(~pl.col("cell").is_in(unheld))
    return rows.filter((pl.col("support") == "cell") & (pl.col("period_start") == start)).with_columns(
        gone.then(pl.col(name)).alias(name) for name in ("mean", "p_any", "q05", "q95")
    )


def test_csv_is_the_forecast_file(client: TestClient, workspace: Workspace) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get(f"{AT}.csv?step=1").text)))
    file = {str(row["cell"]): row for row in forecast(workspace, 1).iter_rows(named=True)}
    assert len(rows) == len(file)
    for row in rows:
        held = file[row["place"]]
        for ours, theirs in (("expected", "mean"), ("chance", "p_any"), ("low", "q05"), ("high", "q95")):
            assert (float(row[ours]) if row[ours] else None) == held[theirs]
        assert (float(row["easting"]), float(row["northing"])) == (
            held["easting"] + 125,
            held["northing"] + 125,
        )
        assert row["run"] == RUN
        assert "SIMULATED" in row["notice"]
    assert [int(row["rank"]) for row in rows] == list(range(1, len(rows) + 1))
    assert list_audit(workspace, last=1)[0].verb == "disclosure"


def test_a_formula_is_not_run() -> None:
    frame = pl.DataFrame({"name": ["=1+1", "@x", "-2", "Mill Street", "+44", "\tx"], "n": [-1.0] * 6})
    read = list(csv.DictReader(io.StringIO(to_csv(frame).decode())))
    assert [row["name"] for row in read] == ["'=1+1", "'@x", "'-2", "Mill Street", "'+44", "'\tx"]
    assert {row["n"] for row in read} == {"-1.0"}


def test_geojson_opens_in_gdal_where_the_places_are(client: TestClient, tmp_path: Path) -> None:
    answer = client.get(f"{AT}.geojson")
    body = answer.json()
    assert (body["run"], "SIMULATED" in body["notice"]) == (RUN, True)
    (tmp_path / "a.geojson").write_bytes(answer.content)
    info = pyogrio.read_info(tmp_path / "a.geojson")
    assert (info["crs"], info["features"], info["geometry_type"]) == ("EPSG:4326", len(mask()), "Polygon")
    ring = np.array(body["features"][0]["geometry"]["coordinates"][0])
    assert shapely.LinearRing(ring).is_ccw
    middle = client.get(f"/api/v1/runs/{RUN}/table?limit=1").json()["rows"][0]
    assert np.allclose(ring[:4].mean(axis=0), [middle["lon"], middle["lat"]], atol=1e-5)
    assert body["features"][0]["properties"]["run"] == RUN


@pytest.mark.parametrize("level", ["cell", "block"])
def test_geoparquet_says_its_crs_and_holds_valid_shapes(client: TestClient, level: str) -> None:
    body = client.get(f"{AT}.parquet?level={level}&step=all&layer=chance").content
    table = pq.read_table(io.BytesIO(body))
    geo = json.loads(table.schema.metadata[b"geo"])
    column = geo["columns"]["geometry"]
    assert (geo["version"], geo["primary_column"], column["encoding"]) == ("1.1.0", "geometry", "WKB")
    assert column["crs"]["id"] == {"authority": "EPSG", "code": 4326}
    assert set(column["geometry_types"]) <= {"Polygon", "MultiPolygon"}
    assert table.schema.metadata[b"run"].decode() == RUN
    assert b"SIMULATED" in table.schema.metadata[b"notice"]
    made = shapely.from_wkb(table["geometry"].to_pylist())
    assert shapely.is_valid(made).all()
    assert np.allclose(shapely.total_bounds(made), column["bbox"])
    assert table["value"].to_pylist() == table["chance"].to_pylist()
    assert set(table["step"].to_pylist()) == {0, 1, 2, 3}


def test_a_larger_place_is_the_sum_the_page_shows(client: TestClient) -> None:
    features = client.get(f"{AT}.geojson?level=block").json()["features"]
    shown = client.get(f"/api/v1/runs/{RUN}/table?level=block&limit=1000").json()["rows"]
    assert [one["properties"]["expected"] for one in features] == [row["mean"] for row in shown]
    assert [one["properties"]["name"] for one in features] == [row["name"] for row in shown]


@pytest.mark.parametrize("layer", ["expected", "past", "doubt", "coverage"])
def test_pictures_carry_their_notice(client: TestClient, layer: str) -> None:
    answer = client.get(f"{AT}.png?layer={layer}")
    assert answer.content.startswith(b"\x89PNG")
    assert f"Peelian run {RUN}".encode() in answer.content
    assert b"SIMULATED" in answer.content


def test_the_pdf_reads_as_the_page(client: TestClient) -> None:
    reader = PdfReader(io.BytesIO(client.get(f"{AT}.pdf?step=2").content))
    text = " ".join(page.extract_text() for page in reader.pages)
    assert len(reader.pages) <= 2
    assert RUN in text.replace("\n", "")
    assert "SIMULATED" in text
    top = client.get(f"/api/v1/runs/{RUN}/table?step=2&limit=1").json()["rows"][0]
    assert top["name"] in " ".join(text.split())
    assert reader.metadata is not None
    assert "/MarkInfo" in reader.trailer["/Root"]  # tagged: it can be read aloud in order


HOSTILE: list[tuple[str, dict[str, Any]]] = [
    (".exe", {}), (".csv", {"step": "99"}), (".csv", {"step": "-1"}), (".csv", {"layer": "secret"}),
    (".png", {"step": "all"}), (".csv", {"level": "nowhere"}), (".csv", {"step": "1" * 60}),
    (".png", {"layer": "../x"}), (".csv", {"layer": "harm"}),
]  # fmt: skip


@pytest.mark.parametrize(("ending", "asked"), HOSTILE)
def test_what_cannot_be_taken_away_gets_a_sentence(
    client: TestClient, ending: str, asked: dict[str, str]
) -> None:
    answer = client.get(f"{AT}{ending}", params=asked)
    assert answer.status_code in (404, 422)
    assert answer.json()["what"]


def test_every_layer_has_colours() -> None:
    three, sure = np.array([1, 2, 3], np.uint8), np.full(3, 7, np.uint8)
    for layer in LAYERS:
        assert colours(layer, three, sure, 3).shape == (3, 4), layer
