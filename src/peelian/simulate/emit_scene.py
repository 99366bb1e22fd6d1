"""The scene: coast, towns, roads and facilities as GeoJSON, and the area file. All of it invented."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from scipy.sparse.csgraph import minimum_spanning_tree

from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.grid import Floats
from peelian.simulate.published import lonlat
from peelian.simulate.world import World


def _degrees(points: Floats) -> list[list[float]]:
    lon, lat = lonlat(points[:, 0], points[:, 1])
    return np.column_stack([np.round(lon, 6), np.round(lat, 6)]).tolist()  # type: ignore[no-any-return]


def _feature(kind: str, name: str, geometry: dict[str, Any], **more: object) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"kind": kind, "name": name, "simulated": True, **more},
        "geometry": geometry,
    }


def boundary(world: World) -> dict[str, Any]:
    """Give the coast as a GeoJSON polygon, longitude and latitude."""
    return {"type": "Polygon", "coordinates": [_degrees(world.land.boundary)]}


def _lines(points: Floats, kind: str, bend: float) -> list[dict[str, Any]]:
    """Join points by the shortest tree, with gentle bends to either side in turn."""
    gap = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    tree = minimum_spanning_tree(gap).tocoo()
    along = np.linspace(0, 1, 9)[:, None]
    out = []
    for number, (a, b) in enumerate(zip(tree.row, tree.col, strict=True), 1):
        start, end = points[a], points[b]
        across = np.array([start[1] - end[1], end[0] - start[0]])
        line = start + along * (end - start) + bend * np.sin(np.pi * along) * (-1) ** number * across
        name = f"X{number}" if kind == "road" else ""
        out.append(_feature(kind, name, {"type": "LineString", "coordinates": _degrees(line)}))
    return out


def _rings(shape: shapely.Geometry, least_m2: float = 0.0) -> list[dict[str, Any]]:
    """Give the polygons of a shape as GeoJSON, without holes and without specks."""
    parts = [part for part in shapely.get_parts(shape) if part.area >= least_m2]
    return [
        {"type": "Polygon", "coordinates": [_degrees(np.asarray(part.exterior.coords, np.float64))]}
        for part in parts
    ]


def _built_up(world: World) -> list[dict[str, Any]]:
    """Draw where people live closely: cells of 1,000 people a square kilometre, joined and rounded."""
    crowded = world.land.cells[world.land.people / GRID.cell_km2 >= 1000]
    x, y = GRID.corner(crowded)
    squares = shapely.union_all(shapely.box(x, y, x + GRID.size, y + GRID.size))
    rounded = squares.buffer(300).buffer(-450).buffer(200).simplify(30)
    island = shapely.Polygon(world.land.boundary)
    shape = shapely.intersection(rounded, island)
    return [_feature("built-up", "", ring) for ring in _rings(shape, 1_000_000)]


def _no_data(world: World) -> list[dict[str, Any]]:
    x0, y0 = world.scenario.geography.centre
    island = shapely.Polygon(world.land.boundary)
    out = []
    for gap in world.scenario.gaps:
        west, south, east, north = gap.box
        part = shapely.intersection(island, shapely.box(x0 + west, y0 + south, x0 + east, y0 + north))
        out += [_feature("no-data", gap.name, ring, reason=gap.reason) for ring in _rings(part)]
    return out


def scene(world: World) -> dict[str, Any]:
    """Give the whole scene: `kind` says what a feature is (boundary, no-data, road, town, station ...)."""
    features = [_feature("boundary", world.scenario.title, boundary(world))]
    features += _built_up(world) + _no_data(world)
    features += _lines(world.facilities.at["centre"], "road", 0.06)
    features += _lines(world.facilities.at["station"], "rail", 0.03)
    for town, point in zip(world.scenario.geography.towns, _degrees(world.land.towns), strict=True):
        features.append(
            _feature("town", town.name, {"type": "Point", "coordinates": point}, people=town.people)
        )
    for kind in ("station", "school", "pub", "park", "stadium"):
        at = world.facilities.at[kind]
        if len(at):
            for name, point in zip(world.facilities.names[kind], _degrees(at), strict=True):
                features.append(_feature(kind, name, {"type": "Point", "coordinates": point}))
    return {"type": "FeatureCollection", "features": features}


def area(world: World) -> dict[str, Any]:
    """Give the area file's content."""
    silent = _no_data(world)
    return {
        "name": world.scenario.title, "code": world.scenario.force, "crs": "EPSG:27700", "cell_size": 250,
        "simulated": True, "boundary": boundary(world),
        "no_data": {"type": "FeatureCollection", "features": silent} if silent else None,
    }  # fmt: skip


def write_scene(world: World, out: Path) -> tuple[Path, Path]:
    """Write `scene.geojson`, `area.json` and the boundaries of LSOAs and MSOAs; give the first two."""
    scene_path, area_path = out / "scene.geojson", out / "area.json"
    scene_path.write_text(json.dumps(scene(world)), "utf-8")
    area_path.write_text(json.dumps(area(world)), "utf-8")
    for level, body in areas(world).items():
        (out / f"{level}.geojson").write_text(json.dumps(body, separators=(",", ":")), "utf-8")
    return scene_path, area_path


def areas(world: World) -> dict[str, dict[str, Any]]:
    """Give the invented areas as boundary files: `lsoa`, and `msoa` of those with one number in their name.

    Each is its squares joined, so every cell lies in one.
    """
    x, y = GRID.corner(world.land.cells)
    boxes = shapely.box(x, y, x + GRID.size, y + GRID.size)
    stems, group = np.unique([name[:-1] for name in world.lsoa_names], return_inverse=True)
    codes = [f"X020{k + 1:05d}" for k in range(len(stems))]
    return {
        "lsoa": _joined("lsoa", boxes, world.lsoa, world.lsoa_codes, world.lsoa_names),
        "msoa": _joined("msoa", boxes, group[world.lsoa], codes, stems.tolist()),
    }


def _joined(
    level: str, boxes: Any, of_cell: Any, codes: Sequence[str], names: Sequence[str]
) -> dict[str, Any]:
    order = np.argsort(of_cell, kind="stable")
    parts = np.split(boxes[order], np.searchsorted(of_cell[order], np.arange(1, len(codes))))
    shapes = shapely.transform(
        shapely.simplify(np.array([shapely.union_all(part) for part in parts]), 0.0),
        lambda xy: np.asarray(_degrees(xy), np.float64),
    )
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": name, "simulated": True},
            "geometry": json.loads(drawn),
        }
        for code, name, drawn in zip(codes, names, shapely.to_geojson(shapes), strict=True)
    ]
    return {"type": "FeatureCollection", "level": level, "features": features}
