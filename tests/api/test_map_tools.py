"""What the map's tools say: every figure is the file's, or hand-computed, or a sentence of refusal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import shapely
from starlette.testclient import TestClient

from peelian.api.app import create_app
from peelian.api.drawn_area import trend
from peelian.domain.actor import LOCAL_ANALYST
from peelian.store.workspace import Workspace
from tests import map_world
from tests.api.run_folder import COLUMNS, FIRST_COLUMN, FIRST_ROW, ORIGIN, ROWS, UNHELD, WINDOW, mask

API = f"/api/v1/runs/{map_world.RUN}"
WHOLE = (
    f"p{FIRST_COLUMN}.{FIRST_ROW},{FIRST_COLUMN + COLUMNS}.{FIRST_ROW},"
    f"{FIRST_COLUMN + COLUMNS}.{FIRST_ROW + ROWS},{FIRST_COLUMN}.{FIRST_ROW + ROWS}"
)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return map_world.build(tmp_path_factory.mktemp("map-home"))


@pytest.fixture
def at(held: Workspace) -> Iterator[TestClient]:
    app = create_app(held, actor=LOCAL_ANALYST, purpose="prevention")
    with TestClient(app, base_url="http://127.0.0.1:8000") as made:
        yield made


def forecast(held: Workspace, step: int = 0) -> pl.DataFrame:
    rows = pl.read_parquet(held.runs / map_world.RUN / "forecast.parquet")
    return rows.filter(pl.col("period_start") == ORIGIN + timedelta(weeks=step))


def history(held: Workspace) -> pl.DataFrame:
    return pl.read_parquet(held.runs / map_world.RUN / "history.parquet")


def test_a_drawn_area_adds_up_the_files_own_numbers(held: Workspace, at: TestClient) -> None:
    triangle = (
        f"p{FIRST_COLUMN}.{FIRST_ROW},{FIRST_COLUMN + 20}.{FIRST_ROW + 2},{FIRST_COLUMN + 9}.{FIRST_ROW + 17}"
    )
    told = at.get(f"{API}/drawn", params={"shape": triangle, "step": 2}).json()
    corners = [tuple(map(int, one.split("."))) for one in triangle[1:].split(",")]
    column, row = mask() % 2800, mask() // 2800
    inside = [shapely.Polygon(corners).contains(shapely.Point(c + 0.5, r + 0.5))
              for c, r in zip(column, row, strict=True)]  # fmt: skip
    cells = mask()[np.array(inside)]
    rows = forecast(held, 2).filter(pl.col("cell").is_in(cells.tolist()) & pl.col("mean").is_not_null())
    unheld = set(mask()[UNHELD].tolist())
    assert told["cells"] == cells.tolist()
    assert told["unheld"] == len(unheld & set(cells.tolist()))
    rows = rows.filter(~pl.col("cell").is_in(list(unheld)))
    assert told["mean"] == pytest.approx(rows["mean"].sum(), rel=1e-12)
    assert told["low"] < told["mean"] < told["high"]
    assert told["harm"] == pytest.approx(3 * told["mean"], rel=1e-12)
    last = pl.read_parquet(held.runs / map_world.RUN / "last_year.parquet")
    last = last.filter(pl.col("cell").is_in(rows["cell"].to_list()))
    assert told["last_year"] == last["count"].sum()
    ago = ORIGIN + timedelta(weeks=2 - 52)
    then = history(held).filter(
        pl.col("period_start").is_between(ago, ago + timedelta(weeks=WINDOW), closed="left")
        & pl.col("cell").is_in(rows["cell"].to_list())
    )
    assert told["year_before"] == then["count"].sum()
    listed = at.get(f"{API}/table?step=2&limit=1000").json()["rows"]
    assert told["share"] == pytest.approx(told["mean"] / sum(one["mean"] or 0 for one in listed))
    assert [one["mean"] for one in told["rows"]] == sorted(rows["mean"], reverse=True)[:10]


def test_the_whole_and_its_parts_agree_in_every_view(at: TestClient) -> None:
    whole = at.get(f"{API}/drawn", params={"shape": WHOLE}).json()
    assert (whole["places"], round(whole["share"], 12)) == (len(mask()), 1.0)
    blocks = [str(row["cell"]) for row in at.get(f"{API}/table?level=block&limit=1000").json()["rows"]]
    picked = at.get(f"{API}/drawn", params={"shape": f"c{','.join(blocks)}", "level": "block"}).json()
    assert picked["mean"] == pytest.approx(whole["mean"], rel=1e-9)
    assert picked["km2"] == pytest.approx(whole["km2"])
    assert [one["count"] for one in picked["history"]] == pytest.approx(
        [one["count"] for one in whole["history"]], nan_ok=True, abs=0.01
    )


@pytest.mark.parametrize(
    "shape",
    ["", "x1", "p1.2,3.4", "p1.2,3.4,5", f"c{mask()[0]},-1", "p0.0,9.9,9.0,0.9", "c" + "1," * 500 + "1"],
)
def test_what_is_no_area_gets_a_sentence(at: TestClient, shape: str) -> None:
    answer = at.get(f"{API}/drawn", params={"shape": shape})
    assert answer.status_code in {400, 422}
    assert answer.json()["message"]


def test_an_area_off_the_map_is_refused(at: TestClient) -> None:
    assert at.get(f"{API}/drawn", params={"shape": "p0.0,9.0,9.9"}).status_code == 409


def test_a_trend_by_hand() -> None:
    weeks = [ORIGIN - timedelta(weeks=60 - k) for k in range(60)]
    counts: list[float | None] = [1.0] * 60
    counts[56:] = [10.0, 10.0, 10.0, 10.0]
    counts[20] = None
    past = [{"start": str(day), "count": count} for day, count in zip(weeks, counts, strict=True)]
    told = trend(past, 4)
    assert told is not None
    assert (told["now"], told["before"], told["year_before"]) == (40.0, 4.0, 4.0)
    assert told["words_before"] == "more than usual variation"
    assert trend(past[:6], 4) is None


def test_change_is_expected_less_the_same_days_a_year_before(held: Workspace, at: TestClient) -> None:
    layers = {one["id"]: one for one in at.get(API).json()["layers"]}
    assert {"change", "harm"} <= set(layers)
    grid = at.get(API).json()["grid"]
    raw = np.frombuffer(at.get(layers["change"]["url"]).content, np.uint8)
    drawn = raw.reshape(-1, grid["rows"], grid["cols"])
    labels = layers["change"]["labels"]
    middle = labels.index("within usual variation") + 1
    rows = at.get(f"{API}/table?step=1&limit=1000&sort=change").json()["rows"]
    by = [row["mean"] - row["year_before"] for row in rows if row["mean"] is not None]
    assert by == sorted(by, reverse=True)
    beyond = 0
    for row in rows:
        column, line = row["cell"] % 2800 - FIRST_COLUMN, row["cell"] // 2800 - FIRST_ROW
        class_ = int(drawn[1, line, column]) >> 3
        if row["mean"] is None:
            assert class_ == 0
        elif row["q05"] <= row["year_before"] <= row["q95"]:
            assert class_ == middle
        else:
            beyond += 1
            assert np.sign(class_ - middle) == np.sign(row["mean"] - row["year_before"])
    assert beyond > 3


def test_overlays_leave_out_powers_and_keep_what_cannot_be_drawn_in_the_list(at: TestClient) -> None:
    done = at.get(f"{API}/interventions.geojson").json()
    said = {one["properties"]["label"]: one for one in done["features"]}
    assert set(said) == {map_world.LAMP, map_world.WARD}
    assert done["left_out"] == 1
    assert map_world.POWER not in str(done)
    assert len(said[map_world.LAMP]["geometry"]["coordinates"]) == 2
    assert said[map_world.WARD]["geometry"] is None
    cell = said[map_world.LAMP]["properties"]["cell"]
    place = at.get(f"{API}/places/{cell}").json()
    shape = shapely.geometry.shape(said[map_world.LAMP]["geometry"])
    assert shape.contains(shapely.Point(place["lon"], place["lat"]))


def test_a_plan_is_drawn_place_by_place(at: TestClient) -> None:
    drawn = at.get(f"{API}/plan.geojson").json()
    assert drawn["plan"] == map_world.PLAN
    assert [one["id"] for one in drawn["plans"]] == [map_world.PLAN]
    assert drawn["features"][0]["properties"]["label"] == "2 × First"
    assert len(drawn["features"]) == 3
    assert at.get(f"{API}/plan.geojson?plan=plan-elsewhere").status_code == 404


@pytest.mark.parametrize(
    ("words", "label", "kind"),
    [
        ("zebra", "Zebra Street, Easthaven", "street"), ("eh99 1zz", "EH99 1ZZ", "postcode"),
        ("SU 123 456", "SU 123 456", "grid reference"), ("harbour", "Harbour Lane", "place of this forecast"),
    ],
)  # fmt: skip
def test_a_place_is_found(at: TestClient, words: str, label: str, kind: str) -> None:
    found = at.get("/api/v1/search", params={"q": words, "run": map_world.RUN}).json()["found"]
    assert found[0]["label"].startswith(label)
    assert found[0]["kind"] == kind
    if kind == "grid reference":
        assert (round(found[0]["lon"], 2), round(found[0]["lat"], 2)) == (-1.82, 51.21)
        assert found[0]["cell"] is None
    else:
        assert found[0]["cell"] in mask()


@pytest.mark.parametrize("words", ["", "z", "%", "nowhere at all", "((", "EH99 9ZZ"])
def test_what_is_not_held_is_not_found(at: TestClient, words: str) -> None:
    assert at.get("/api/v1/search", params={"q": words, "run": map_world.RUN}).json()["found"] == []


def test_forces_tell_what_is_not_held(at: TestClient) -> None:
    told = at.get("/api/v1/forces").json()
    assert len(told["forces"]) == 43
    assert {one["state"] for one in told["forces"]} == {"not held"}
    assert [one["code"] for one in told["others"]] == ["SIM1"]
    assert "43" in at.get("/forces").text
    codes = {one["code"] for one in told["forces"]}
    assert {
        "avon-and-somerset",
        "devon-and-cornwall",
        "dyfed-powys",
        "city-of-london",
        "metropolitan",
    } <= codes


def test_a_layer_that_is_not_there_is_not_offered(tmp_path: Path) -> None:
    home = map_world.build(tmp_path / "home")
    (home.runs / map_world.RUN / "harm.parquet").unlink()
    (home.runs / map_world.RUN / "history.parquet").unlink()
    with TestClient(
        create_app(home, actor=LOCAL_ANALYST, purpose="prevention"), base_url="http://127.0.0.1:8000"
    ) as bare:
        ids = {one["id"] for one in bare.get(API).json()["layers"]}
        assert not {"harm", "change"} & ids
        assert bare.get(f"{API}/layers/harm.u8").status_code == 404
