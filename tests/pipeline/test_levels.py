"""Boundaries in, larger places out: who owns which cell, what is cached, and sums up the hierarchy."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import shapely
from pyproj import Transformer

from peelian.domain import negative_binomial as nb
from peelian.domain.blocks import whole
from peelian.domain.errors import Misuse
from peelian.domain.forecast import Forecast, LevelForecast, summed
from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.pipeline.context import Context
from peelian.pipeline.gazetteers import import_context, listed
from peelian.pipeline.level_rows import write_levels
from peelian.pipeline.panel_parents import ParentsHeld, parents_held
from tests.workspaces import fresh

X0, Y0 = 500_000.0, 200_000.0
DEGREES = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
# Four columns by two rows of cells. Area c owns none of them; e lies kilometres off.
LSOA = {
    "a": (0, 0, 600, 500), "b": (600, 0, 1000, 450), "c": (600, 450, 1000, 500),
    "e": (9000, 9000, 9500, 9500),
}  # fmt: skip
CELLS = np.sort(
    np.concatenate(
        [GRID.cell_of(X0 + np.arange(4) * 250.0 + 1, np.full(4, Y0 + row * 250.0 + 1)) for row in range(2)]
    )
)


def collection(boxes: dict[str, tuple[float, float, float, float]], **more: Any) -> dict[str, Any]:
    features = []
    for code, (west, south, east, north) in boxes.items():
        ring = shapely.segmentize(shapely.box(X0 + west, Y0 + south, X0 + east, Y0 + north), 100)
        shape = shapely.transform(ring, lambda xy: np.column_stack(DEGREES.transform(xy[:, 0], xy[:, 1])))
        features.append({
            "type": "Feature", "geometry": json.loads(shapely.to_geojson(shape)),
            "properties": {"code": code, "name": f"Place {code}"},
        })  # fmt: skip
    return {"type": "FeatureCollection", "features": features, **more}


def write(path: Path, body: Any) -> Path:
    text = json.dumps(body).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return path


@pytest.fixture
def home(tmp_path: Path) -> Context:
    return Context(fresh(tmp_path / "home"))


@pytest.fixture
def held(home: Context, tmp_path: Path) -> ParentsHeld:
    import_context(home, "boundaries", write(tmp_path / "lsoa.geojson.gz", collection(LSOA)))
    big = {
        "M1": (0, 0, 700, 250), "M2": (500, 250, 1000, 500), "M3": (0, 250, 500, 500),
        "M4": (700, 0, 1000, 250),
    }  # fmt: skip
    import_context(home, "boundaries", write(tmp_path / "msoa.geojson", collection(big)))
    made = parents_held(home, GRID, CELLS)
    assert made is not None
    return made


def test_each_cell_has_the_area_that_holds_most_of_it(held: ParentsHeld) -> None:
    lsoa, msoa = held.parents
    assert (lsoa.level, msoa.level) == ("lsoa", "msoa")
    owner = [lsoa.codes[k] for k in lsoa.of_cell]
    assert owner == ["a", "a", "b", "b", "a", "a", "b", "b"]  # column 3 (500 to 750 m): 60 % b
    # b lies in M2 by most of its cells, so all of b does: sums of LSOAs are sums of MSOAs.
    assert [msoa.codes[k] for k in msoa.of_cell] == ["M1", "M1", "M2", "M2"] * 2


def test_an_area_smaller_than_a_cell_is_in_the_view(held: ParentsHeld) -> None:
    lsoa = held.shares.filter(pl.col("level") == "lsoa")
    assert held.parents[0].codes == ("a", "b")
    assert set(lsoa["code"].to_list()) == {"a", "b", "c"}
    total = lsoa.group_by("cell").agg(pl.col("share").sum())
    np.testing.assert_allclose(total["share"].to_numpy(), 1.0, atol=1e-12)
    assert 0 < lsoa.filter(pl.col("code") == "c")["share"].sum() < 0.8


def test_found_once_and_again_when_a_file_changes(home: Context, held: ParentsHeld, tmp_path: Path) -> None:
    again = parents_held(home, GRID, CELLS)
    assert again is not None
    assert again.digest == held.digest
    assert len(list((home.ws.home / "settings" / "parents").iterdir())) == 1
    moved = LSOA | {"a": (0, 0, 800, 500), "b": (800, 0, 1000, 450)}
    made = import_context(home, "boundaries", write(tmp_path / "lsoa2.geojson", collection(moved)))
    assert made.replaced
    after = parents_held(home, GRID, CELLS)
    assert after is not None
    assert after.digest != held.digest
    assert (after.parents[0].of_cell == 0).sum() == 6
    assert {one["kind"] for one in listed(home)} == {"boundaries lsoa", "boundaries msoa"}


def test_a_lookup_says_which_area_lies_in_which(home: Context, held: ParentsHeld, tmp_path: Path) -> None:
    table = tmp_path / "lookup.csv"
    table.write_text("lsoa21cd,lsoa21nm,msoa21_code\na,A,M2\nb,B,M1\n")
    assert import_context(home, "lookup", table).places == {"lsoa in msoa": 2}
    after = parents_held(home, GRID, CELLS)
    assert after is not None
    lsoa, msoa = after.parents
    told = {lsoa.codes[a]: msoa.codes[b] for a, b in zip(lsoa.of_cell, msoa.of_cell, strict=True)}
    assert told == {"a": "M2", "b": "M1"}


def test_no_boundaries_no_areas(home: Context, tmp_path: Path) -> None:
    assert parents_held(home, GRID, CELLS) is None
    import_context(home, "boundaries", write(tmp_path / "lsoa.geojson", collection({"e": LSOA["e"]})))
    assert parents_held(home, GRID, CELLS) is None  # ten kilometres off


def test_a_coast_cell_goes_to_the_nearest(home: Context, tmp_path: Path) -> None:
    import_context(home, "boundaries", write(tmp_path / "lsoa.geojson", collection({"a": (0, 0, 240, 500)})))
    made = parents_held(home, GRID, CELLS)
    assert made is not None
    assert made.parents[0].of_cell.tolist() == [0] * 8


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("x.geojson", collection({"a": LSOA["a"]})),  # which level?
        ("lsoa.geojson", {"type": "FeatureCollection", "features": []}),
        ("lsoa.geojson", collection(LSOA) | {"features": collection({"a": LSOA["a"]})["features"] * 2}),
        ("lsoa.geojson", {"features": [{"properties": {"code": "a"}, "geometry": {"type": "Point"}}]}),
        ("lsoa.geojson", {"features": [{"properties": {"code": "a"}, "geometry": {
            "type": "Polygon", "coordinates": [[[500000, 1], [500250, 1], [500250, 9], [500000, 1]]]}}]}),
        ("lsoa.geojson", {"features": [7]}),
    ],
)  # fmt: skip
def test_what_is_no_file_of_areas_is_refused(home: Context, tmp_path: Path, name: str, body: Any) -> None:
    with pytest.raises(Misuse):
        import_context(home, "boundaries", write(tmp_path / name, body))
    assert listed(home) == []


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "lsoa21cd\nx\n", "lsoa21cd,msoa21cd\na,M\na,N\n"])
def test_what_is_no_lookup_is_refused(home: Context, tmp_path: Path, text: str) -> None:
    (tmp_path / "lookup.csv").write_text(text)
    with pytest.raises(Misuse):
        import_context(home, "lookup", tmp_path / "lookup.csv")


def forecast_of(held: ParentsHeld, seed: int = 3) -> Forecast:
    rng = np.random.default_rng(seed)
    mean = rng.gamma(0.4, 1.0, (2, len(CELLS)))
    levels = tuple(
        LevelForecast(parents, (total := summed(mean, parents)), np.full(total.shape, 0.2))
        for parents in (*held.parents, whole(CELLS))
    )
    starts, ends = (date(2026, 1, 5), date(2026, 1, 12)), (date(2026, 1, 12), date(2026, 1, 19))
    return Forecast(GRID, "week", starts[0], starts, ends, CELLS, "violence", "m", mean, mean * 0 + 0.3,
                    levels=levels)  # fmt: skip


def test_sums_agree_up_the_hierarchy(home: Context, held: ParentsHeld, tmp_path: Path) -> None:
    made = forecast_of(held)
    write_levels(home, made, held, tmp_path)
    file = pl.read_parquet(tmp_path / "levels.parquet")
    sums = file.group_by("support", "period_start").agg(pl.col("mean").sum())
    assert set(sums["support"].to_list()) == {"lsoa", "msoa", "area"}
    for _, start, total in sums.iter_rows():
        assert abs(total - made.mean[made.starts.index(start)].sum()) < 1e-9
    lsoa = file.filter(pl.col("support") == "lsoa")
    scene = json.loads((tmp_path / "lsoa.geojson").read_text())
    codes = [one["properties"]["place"] for one in scene["features"]]
    assert codes == sorted(lsoa["place"].unique().to_list())
    assert "c" in codes
    assert "e" not in codes  # outside the area
    small = lsoa.filter(pl.col("place") == "c").sort("period_start")
    assert (small["mean"] > 0).all()
    mean, spread = small["mean"].to_numpy(), small["dispersion"].to_numpy()
    np.testing.assert_allclose(spread, 0.2)
    np.testing.assert_allclose(small["p_any"].to_numpy(), nb.p_any(mean, spread))


def test_where_nothing_is_held_a_place_is_null_not_zero(
    held: ParentsHeld, home: Context, tmp_path: Path
) -> None:
    made = forecast_of(held)
    of_b = held.parents[0].of_cell == 1
    made.mean[:, of_b] = np.nan
    made.levels[0].mean[:, 1] = np.nan
    write_levels(home, made, held, tmp_path)
    file = pl.read_parquet(tmp_path / "levels.parquet").filter(pl.col("support") == "lsoa")
    assert file.filter(pl.col("place") == "b")["mean"].is_null().all()
    assert file.filter(pl.col("place") == "a")["mean"].is_not_null().all()
