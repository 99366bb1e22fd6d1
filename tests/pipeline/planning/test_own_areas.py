"""A force's own areas: any format and CRS, mended or kept apart with a reason, nothing lost; planned for."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import shapely
from pyogrio.raw import write
from pyproj import Transformer

from peelian.domain.errors import Misuse, NotFound, Refused
from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.pipeline.context import Context
from peelian.pipeline.planning.making import PlanRequest, make_plan
from peelian.pipeline.planning.over_areas import choice_of_areas, overlap, touching
from peelian.pipeline.planning.own_areas import areas_held, import_areas, list_areas
from peelian.pipeline.planning.run_cells import read_cells
from peelian.store.plans import get_plan, read_outlines
from peelian.store.runs import get_run
from tests.pipeline.planning.conftest import RUN

SQUARE = shapely.box(400_000, 300_000, 401_000, 300_500)


def written(
    path: Path, shapes: list[shapely.Geometry | None], names: list[str], crs: str = "EPSG:27700"
) -> Path:
    driver = {".geojson": "GeoJSON", ".gpkg": "GPKG", ".shp": "ESRI Shapefile"}[path.suffix]
    wkb = np.array([None if one is None else shapely.to_wkb(one) for one in shapes], object)
    codes = np.array([f"H{k}" for k in range(1, len(names) + 1)], object)
    write(path, wkb, [np.array(names, object), codes], ["Name", "Code"], geometry_type="Unknown",
          crs=crs, driver=driver)  # fmt: skip
    return path


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".shp"])
def test_each_format_comes_to_the_same_areas(ctx: Context, tmp_path: Path, suffix: str) -> None:
    there = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
    moved = shapely.transform(SQUARE, lambda xy: np.column_stack(there.transform(xy[:, 0], xy[:, 1])))
    path = written(tmp_path / f"areas{suffix}", [moved], ["Market Square"], "EPSG:4326")
    made = import_areas(ctx, path, "hotspot")
    assert (made.rows, made.kept, made.mended, made.quarantined) == (1, 1, 0, ())
    held = areas_held(ctx, "hotspot")
    assert held.select("code", "name").rows() == [("H1", "Market Square")]
    shape = shapely.from_wkb(held["wkb"][0])
    assert shape.symmetric_difference(SQUARE).area < 0.001 * SQUARE.area
    assert held["km2"][0] == pytest.approx(0.5, rel=1e-3)


def test_a_bad_shape_is_mended_or_kept_apart_with_its_reason_and_nothing_is_lost(
    ctx: Context, tmp_path: Path
) -> None:
    bowtie = shapely.Polygon([(400_000, 300_000), (401_000, 301_000), (401_000, 300_000), (400_000, 301_000)])
    shapes = [SQUARE, bowtie, shapely.Point(400_000, 300_000), None, shapely.box(1, 51, 1.1, 51.1),
              shapely.box(-9e6, 0, -8e6, 1)]  # fmt: skip
    path = written(tmp_path / "areas.gpkg", shapes, ["good", "bowtie", "point", "nothing", "degrees", "far"])
    made = import_areas(ctx, path, "beat")
    assert (made.rows, made.kept, made.mended) == (6, 2, 1)
    assert [row for row, _ in made.quarantined] == [3, 4, 5, 6]
    reasons = [why for _, why in made.quarantined]
    assert [reasons[0][:16], reasons[1], reasons[3][:14]] == [
        "it is a point or", "it has no shape", "it lies outsid"]  # fmt: skip
    assert (
        shapely.from_wkb(areas_held(ctx, "beat").filter(pl.col("name") == "bowtie")["wkb"][0]).area == 500_000
    )
    listed = list_areas(ctx)
    assert listed["name"].to_list() == ["good", "bowtie", "point", "nothing", "degrees", "far"]
    assert listed.filter(pl.col("reason") == "").height == 2


def test_what_is_asked_wrongly_is_told(ctx: Context, tmp_path: Path) -> None:
    path = written(tmp_path / "areas.geojson", [SQUARE], ["a"])
    with pytest.raises(Misuse, match="kind of area"):
        import_areas(ctx, path, "gang territory")
    with pytest.raises(Misuse, match="no file of areas"):
        import_areas(ctx, tmp_path / "none.gpkg", "beat")
    with pytest.raises(NotFound, match="no areas of kind order"):
        areas_held(ctx, "order")
    (tmp_path / "broken.gpkg").write_bytes(b"not a database")
    with pytest.raises(Refused, match="cannot be read"):
        import_areas(ctx, tmp_path / "broken.gpkg", "beat")
    shape = written(tmp_path / "bare.shp", [SQUARE], ["a"])
    shape.with_suffix(".prj").unlink()
    with pytest.raises(Refused, match="coordinate system"):
        import_areas(ctx, shape, "beat")
    assert import_areas(ctx, shape, "beat", crs="EPSG:27700").kept == 1
    with pytest.raises(Refused, match="none of the 1 rows"):
        import_areas(ctx, written(tmp_path / "p.geojson", [shapely.Point(1, 52)], ["a"], "EPSG:4326"), "beat")


def tiles(ctx: Context, tmp_path: Path, side: float = 1100.0) -> Path:
    """Areas that part the run's whole ground between them, off the squares' lines."""
    held = read_cells(get_run(ctx.ws, RUN))
    x, y = GRID.corner(held.cells)
    west, south = np.floor(x.min() / side) * side, np.floor(y.min() / side) * side
    shapes = [
        shapely.box(a, b, a + side, b + side)
        for a in np.arange(west, x.max() + GRID.size, side)
        for b in np.arange(south, y.max() + GRID.size, side)
    ]
    return written(tmp_path / "tiles.gpkg", shapes, [f"Tile {k}" for k in range(len(shapes))])


def test_harm_of_areas_that_part_the_ground_adds_up_to_the_squares(ctx: Context, tmp_path: Path) -> None:
    import_areas(ctx, tiles(ctx, tmp_path), "beat")
    run = get_run(ctx.ws, RUN)
    held = read_cells(run)
    choice = choice_of_areas(run, "beat", areas_held(ctx, "beat"))
    assert choice.candidates.harm.sum() == pytest.approx(held.harm.sum(), rel=1e-9)
    assert choice.candidates.plain.sum() == pytest.approx(held.last.sum(), rel=1e-9)
    assert (choice.candidates.low <= choice.candidates.high).all()
    assert "0 % of the harm expected lies in no area of kind beat" in choice.notes


def test_overlap_by_hand(ctx: Context) -> None:
    run = get_run(ctx.ws, RUN)
    held = read_cells(run)
    x, y = (float(side[0]) for side in GRID.corner(held.cells[:1]))
    half = shapely.box(x, y, x + 125, y + 250)
    corner = shapely.box(x + 200, y + 200, x + 250, y + 250)
    share = overlap(run, held, np.array([half, corner], object)).toarray()
    assert share[0, 0] == pytest.approx(0.5)
    assert share[1, 0] == pytest.approx(0.04)
    assert share.sum() == pytest.approx(0.54)
    assert touching(np.array([half, corner, shapely.box(x + 125.5, y, x + 150, y + 9)], object)) == ((0, 2),)


def test_a_plan_for_areas_visits_those_of_most_harm_and_keeps_their_outlines(
    ctx: Context, tmp_path: Path
) -> None:
    import_areas(ctx, tiles(ctx, tmp_path), "hotspot")
    made = make_plan(ctx, PlanRequest(4, own_areas="hotspot"))
    c = made.choice.candidates
    best = set(np.argsort(-c.harm.sum(axis=1))[:4])
    assert set(made.rows["place"]) == {c.ids[k] for k in best}
    assert made.plan.covered == pytest.approx(np.sort(c.harm.sum(axis=1))[-4:].sum())
    assert made.id is not None
    assert get_plan(ctx.ws, made.id).card["kind"] == "hotspot"
    outlines = read_outlines(ctx.ws, made.id)
    assert set(outlines) == set(made.rows["place"])
    assert all(json.loads(one)["type"] in ("Polygon", "MultiPolygon") for one in outlines.values())
    assert set(made.offers) == set(made.rows["place"])


def test_chosen_areas_hang_together_where_asked(ctx: Context, tmp_path: Path) -> None:
    import_areas(ctx, tiles(ctx, tmp_path), "beat")
    made = make_plan(ctx, PlanRequest(4, own_areas="beat", contiguous=True))
    at = [made.choice.candidates.ids.index(one) for one in set(made.rows["place"])]
    shapes = shapely.from_wkb([made.choice.outlines[k] for k in at])
    assert shapely.union_all(shapely.buffer(shapes, 1.0)).geom_type == "Polygon"


def test_an_area_named_after_a_power_is_shown_by_its_code(ctx: Context, tmp_path: Path) -> None:
    path = tiles(ctx, tmp_path)
    import_areas(ctx, path, "order")
    areas = areas_held(ctx, "order").with_columns(name=pl.lit("Dispersal order, town centre"))
    choice = choice_of_areas(get_run(ctx.ws, RUN), "order", areas)
    assert choice.candidates.names == choice.candidates.ids
