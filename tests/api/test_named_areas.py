"""Wards, beats and own areas by name: a briefing and the map count the squares inside, no others."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from pypdf import PdfReader
from starlette.testclient import TestClient

from peelian.api.app import create_app
from peelian.api.projection import lonlat
from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.errors import Misuse, NotFound
from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.pipeline.briefing import BriefingRequest, make_briefing
from peelian.pipeline.context import Context
from peelian.pipeline.gazetteers import import_context
from peelian.pipeline.planning.own_areas import import_areas
from tests import map_world

from .run_folder import FIRST_COLUMN, FIRST_ROW, ORIGIN, mask

RUN = map_world.RUN
API = f"/api/v1/runs/{RUN}"
WARD, QUAY, DOT = (4, 4, 12, 10), (14, 5, 20, 9), (0.1, 0.1, 0.2, 0.2)


def ring(box: tuple[float, ...]) -> list[list[float]]:
    west, south, east, north = box
    at = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return [[(FIRST_COLUMN + c) * 250.0, (FIRST_ROW + r) * 250.0] for c, r in at]


def areas(path: Path, crs: str, **named: tuple[float, ...]) -> Path:
    features = []
    for k, (name, box) in enumerate(named.items()):
        x, y = np.array(ring(box)).T
        line = np.column_stack(lonlat("EPSG:27700", x, y) if crs == "EPSG:4326" else (x, y)).tolist()
        said = {"code": f"{path.stem}{k}", "name": name.replace("_", " ")}
        features.append(
            {"type": "Feature", "properties": said, "geometry": {"type": "Polygon", "coordinates": [line]}}
        )
    body: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    body |= (
        {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}}
        if crs != "EPSG:4326"
        else {}
    )
    path.write_text(json.dumps(body))
    return path


@pytest.fixture(scope="module")
def ctx(tmp_path_factory: pytest.TempPathFactory) -> Context:
    folder = tmp_path_factory.mktemp("areas")
    ctx = Context(map_world.build(folder / "home"), purpose="prevention")
    import_context(ctx, "boundaries", areas(folder / "ward.geojson", "EPSG:4326", Harbour=WARD, Twice=QUAY))
    own = areas(folder / "own.geojson", "EPSG:27700", Ferry_quay=QUAY, Twice=WARD, Dot=DOT)
    import_areas(ctx, own, "hotspot")
    return ctx


@pytest.fixture(scope="module")
def at(ctx: Context) -> Iterator[TestClient]:
    app = create_app(ctx.ws, actor=LOCAL_ANALYST, purpose="prevention")
    with TestClient(app, base_url="http://127.0.0.1:8000") as made:
        yield made


def inside(box: tuple[float, ...]) -> list[int]:
    west, south, east, north = box
    column, row = GRID.column_row(mask())
    c, r = column - FIRST_COLUMN + 0.5, row - FIRST_ROW + 0.5
    return mask()[(c > west) & (c < east) & (r > south) & (r < north)].tolist()


def counted(ctx: Context, cells: list[int], weeks: int) -> int:
    rows = pl.read_parquet(ctx.ws.runs / RUN / "history.parquet").filter(pl.col("cell").is_in(cells))
    late = rows.filter(pl.col("period_start") >= ORIGIN - timedelta(weeks=weeks))
    return round(float(late["count"].sum()))


@pytest.mark.parametrize(("name", "box"), [("Harbour", WARD), ("hotspot:own0", QUAY), ("ferry QUAY", QUAY)])
def test_a_parts_briefing_counts_its_own_squares(ctx: Context, name: str, box: tuple[float, ...]) -> None:
    cells = inside(box)
    made = make_briefing(ctx, BriefingRequest("SIM1", within=name))
    assert made.run.cells.tolist() == cells
    week, month, _ = made.recent.stretches
    assert (week.now, month.now) == (counted(ctx, cells, 1), counted(ctx, cells, 4))
    table = pl.read_parquet(ctx.ws.runs / RUN / "forecast.parquet").filter(
        (pl.col("period_start") == ORIGIN) & pl.col("cell").is_in(cells)
    )
    best = table.sort("mean", descending=True, nulls_last=True).head(len(made.tops))
    assert [one.row.cell for one in made.tops] == best["cell"].to_list()
    assert [one.row.mean for one in made.tops] == best["mean"].to_list()
    assert made.lead[0].startswith("Briefing for ")


def test_page_and_pdf_say_which_part(at: TestClient, ctx: Context) -> None:
    page = at.get("/briefing", params={"within": "Harbour"}).text
    assert "Harbour (ward), Easthaven and Westhaven" in page
    assert f"the {len(inside(WARD))} squares of 250 m whose middles lie in it" in page
    assert "within=ward%3Award0" in page
    assert '<option value="hotspot:own0">Ferry quay (hotspot)</option>' in page
    whole = at.get(f"{API}/table", params={"limit": 1000}).json()["rows"]
    names = {one["cell"]: one["name"] for one in whole}
    made = make_briefing(ctx, BriefingRequest("SIM1", within="Harbour"))
    assert all(one.row.name == names[one.row.cell] for one in made.tops), "names as on the map"
    answer = at.get(f"{API}/briefing.pdf", params={"within": "Harbour"})
    pages = PdfReader(io.BytesIO(answer.content)).pages
    assert len(pages) == 2
    assert "Harbour (ward)" in " ".join(" ".join(one.extract_text() for one in pages).split())


def test_warnings_and_entries_elsewhere_are_left_out(ctx: Context) -> None:
    lamp, warned = int(mask()[100]), int(mask()[150])
    seen = []
    for name, box in (("Harbour", WARD), ("Ferry quay", QUAY)):
        near = make_briefing(ctx, BriefingRequest("SIM1", within=name)).around
        titles = [one["title"] for one in near.entries]
        assert (map_world.LAMP in titles) == (lamp in inside(box) or lamp + 1 in inside(box))
        seen.append((warned in inside(box), near.open_warnings))
        assert map_world.POWER not in titles
    whole = make_briefing(ctx, BriefingRequest("SIM1")).around
    assert whole.open_warnings == 2
    assert all(many <= 1 for _, many in seen), "repeats at one point have no place to tell a part by"


def test_a_name_is_one_area_or_refused(ctx: Context, at: TestClient) -> None:
    for name, wrong in (("Nowhere", NotFound), ("Twice", Misuse), ("Dot", NotFound)):
        with pytest.raises(wrong):
            make_briefing(ctx, BriefingRequest("SIM1", within=name))
    refused = at.get("/briefing", params={"within": "Twice"})
    assert refused.status_code == 422
    assert "ward:ward1" in refused.text


def test_the_map_adds_the_same_area_up(at: TestClient, ctx: Context) -> None:
    listed = at.get(f"{API}/areas").json()["areas"]
    assert [one["key"] for one in listed] == ["ward:ward0", "ward:ward1", "hotspot:own0", "hotspot:own1"]
    told = at.get(f"{API}/drawn", params={"shape": "nward:ward0", "step": 1}).json()
    west, south, east, north = (int(one) for one in WARD)
    corners = [(west, south), (east, south), (east, north), (west, north)]
    line = ",".join(f"{FIRST_COLUMN + c}.{FIRST_ROW + r}" for c, r in corners)
    drawn = at.get(f"{API}/drawn", params={"shape": f"p{line}", "step": 1}).json()
    assert told["cells"] == drawn["cells"] == inside(WARD)
    assert told["mean"] == drawn["mean"]
    assert told["name"] == "Harbour (ward)"
    assert at.get(f"{API}/drawn", params={"shape": "nward:none"}).status_code == 404
