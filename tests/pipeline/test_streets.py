"""Streets by cell: metres add up, a street on one side only, harm off the streets told, bad files refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from peelian.domain.errors import Misuse, Refused
from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.pipeline.context import Context
from peelian.pipeline.gazetteers import import_context
from peelian.pipeline.scales import Scale, scale_json
from peelian.pipeline.setting_streets import street_metres, tiles_of

CELLS = np.sort(
    GRID.cell_of(np.array([500_100.0, 500_300.0, 500_100.0]), np.array([200_100.0, 200_100.0, 200_300.0]))
)


def streets(path: Path, *lines: list[list[float]], crs: str = "urn:ogc:def:crs:EPSG::27700") -> Path:
    body: dict[str, Any] = {
        "type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": crs}},
        "features": [
            {"type": "Feature", "properties": {"name": "High Street"},
             "geometry": {"type": "LineString", "coordinates": one}} for one in lines
        ],
    }  # fmt: skip
    path.write_text(json.dumps(body))
    return path


def test_metres_of_a_street_by_hand(ctx: Context, tmp_path: Path) -> None:
    assert street_metres(ctx, GRID, CELLS) is None
    along = [[500_000.0, 200_110.0], [500_400.0, 200_110.0]]  # 250 m in one square, 150 m in the next
    made = import_context(ctx, "streets", streets(tmp_path / "a.geojson", along))
    assert made.rows == 1
    metres = street_metres(ctx, GRID, CELLS)
    assert metres is not None
    of = dict(zip(CELLS.tolist(), metres.tolist(), strict=True))
    west, east = (int(c) for c in GRID.cell_of(np.array([500_100.0, 500_300.0]), np.array([200_100.0] * 2)))
    assert of[west] == pytest.approx(250)
    assert of[east] == pytest.approx(150)
    assert metres.sum() == pytest.approx(400)


def test_no_metre_is_lost_however_lines_bend() -> None:
    rng = np.random.default_rng(2)
    lines = np.array(
        [shapely.LineString(np.cumsum(rng.normal(0, 60, (40, 2)), axis=0) + 500_000) for _ in range(20)]
    )
    assert tiles_of(lines)["metres"].sum() == pytest.approx(shapely.length(lines).sum())


def test_a_line_that_leads_off_the_island_is_not_cut_into_millions(ctx: Context, tmp_path: Path) -> None:
    far, near = [[500_000.0, 200_110.0], [9e8, 200_110.0]], [[500_000.0, 200_110.0], [500_100.0, 200_110.0]]
    assert import_context(ctx, "streets", streets(tmp_path / "a.geojson", far, near)).rows == 1
    metres = street_metres(ctx, GRID, CELLS)
    assert metres is not None
    assert metres.sum() == pytest.approx(100)


def test_a_file_in_degrees_is_moved(ctx: Context, tmp_path: Path) -> None:
    line = [[-0.55, 51.69], [-0.54, 51.69]]
    import_context(ctx, "streets", streets(tmp_path / "w.geojson", line, crs="urn:ogc:def:crs:OGC:1.3:CRS84"))
    cells = np.unique(
        GRID.cell_of(*np.meshgrid(np.arange(499_125.0, 502_000, 250), np.arange(199_125.0, 202_000, 250)))
    )
    metres = street_metres(ctx, GRID, cells)
    assert metres is not None
    assert metres.sum() == pytest.approx(692, rel=0.02)  # 0.01 degree at 51.69 north


def test_harm_spread_along_streets_has_no_excess_and_harm_off_them_is_told() -> None:
    rng = np.random.default_rng(8)
    metres = np.where(rng.random(2000) < 0.3, 0.0, rng.gamma(1.0, 400.0, 2000))
    counts = rng.poisson(metres / 300.0, (12, 2000)).astype(float)
    made = scale_json(Scale("cell", counts, np.ones(2000), None, metres), "month")
    by = {one["by"]: one for one in made["curves"]}
    assert abs(by["street"]["excess"]) < 0.01
    assert by["area"]["excess"] > 0.3  # the same harm is bunched where streets are
    assert made["off_street"] == 0.0
    counts[:, metres == 0] = 1.0
    off = scale_json(Scale("cell", counts, np.ones(2000), None, metres), "month")["off_street"]
    assert off == pytest.approx(counts[:, metres == 0].sum() / counts.sum())


def test_bad_files_are_refused(ctx: Context, tmp_path: Path) -> None:
    with pytest.raises(Misuse):
        import_context(ctx, "streets", tmp_path / "none.gpkg")
    (tmp_path / "bad.geojson").write_text("{")
    with pytest.raises(Refused):
        import_context(ctx, "streets", tmp_path / "bad.geojson")
    far = [[-900_000.0, 5.0], [-900_100.0, 5.0]]
    with pytest.raises(Refused, match="Great Britain"):
        import_context(ctx, "streets", streets(tmp_path / "far.geojson", far))
