"""Local OS files to a scene: roads, water, green, towns as GeoJSON that the map lays beneath its squares.

OS Open Roads (`road_link`), OS Open Names and OS Open Zoomstack as GeoPackage in British National Grid.
Layers are told by their names, columns by the names their products' pages list (docs.os.uk, read 28 November
2026).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from peelian.api.projection import lonlat
from peelian.domain.errors import Refused
from peelian.guard.unreadable import NO_SHAPES

Box = tuple[float, float, float, float]
MOST: Final = 400_000
_KINDS: Final = (
    ("roadlink", "road"), ("roads", "road"), ("railwaystation", ""), ("rail", "rail"),
    ("greenspace", "green"), ("woodland", "green"), ("surfacewater", "water"),
    ("urbanareas", "built-up"), ("names", "town"), ("namedplace", "town"),
)  # fmt: skip
_NAME: Final = ("name_1", "name1", "NAME1", "name")
_CLASS: Final = ("road_classification", "road_function", "type", "local_type", "LOCAL_TYPE")
_MAJOR: Final = ("motorway", "a road", "primary")
_TOWNS: Final = ("capital", "city", "town", "village", "suburban area", "hamlet")
_WITHIN_M: Final = {"road": 3.0, "rail": 5.0}
"""How far a simplified line may stand from the one published."""


@dataclass(frozen=True)
class Scene:
    """What was read: features by kind."""

    body: dict[str, Any]
    counts: dict[str, int]


def kind_of(layer: str) -> str:
    """Say what a layer holds, by its name; empty for what is not drawn.

    >>> kind_of("road_link"), kind_of("Roads_Local"), kind_of("surfacewater"), kind_of("contours")
    ('road', 'road', 'water', '')
    """
    plain = layer.lower().replace("_", "")
    return next((kind for name, kind in _KINDS if plain.startswith(name)), "")


def read_scene(path: Path, within: Box) -> Scene:
    """Read a GeoPackage's layers within a box (west, south, east, north in metres).

    Raises:
        Refused: no such layers, another grid, or more than the map can draw.
    """
    import pyogrio  # late: GDAL costs a second

    try:
        layers = [(str(name), kind_of(str(name))) for name, _ in pyogrio.list_layers(path)]
    except NO_SHAPES as error:
        raise _no_map(path) from error
    wanted = [(name, kind) for name, kind in layers if kind]
    if not wanted:
        raise Refused(
            f"{path.name} holds no layer that is drawn", expected="road_link, roads, names and so on"
        )
    features: list[dict[str, Any]] = []
    counts: dict[str, int] = {}
    for name, kind in wanted:
        found = list(_layer(path, name, kind, within))
        counts[kind] = counts.get(kind, 0) + len(found)
        features += found
        if len(features) > MOST:
            raise Refused(f"more than {MOST:,} shapes lie in that box", do="give a smaller --within")
    if not features:
        raise Refused("nothing of the file lies in that box", do="give --within, or import the area first")
    return Scene({"type": "FeatureCollection", "features": features}, counts)


def _layer(path: Path, layer: str, kind: str, within: Box) -> Iterator[dict[str, Any]]:
    import pyogrio

    try:
        info = pyogrio.read_info(path, layer=layer)
    except NO_SHAPES as error:
        raise _no_map(path) from error
    if "27700" not in str(info["crs"]) and "British National Grid" not in str(info["crs"]):
        raise Refused(f"layer {layer} is not in the British National Grid", expected="EPSG:27700")
    held = {str(name) for name in info["fields"]}
    name = next((one for one in _NAME if one in held), None)
    class_ = next((one for one in _CLASS if one in held), None)
    columns = [one for one in (name, class_) if one]
    try:
        meta, _, wkb, values = pyogrio.raw.read(
            path, layer=layer, columns=columns, bbox=within, force_2d=True
        )
        lines = shapely.from_wkb(wkb)
    except (*NO_SHAPES, shapely.errors.ShapelyError) as error:
        raise _no_map(path) from error
    columns = list(dict(zip(meta["fields"], values, strict=True)))
    table = dict(zip(columns, values, strict=True))
    shapes = _in_degrees(lines, kind)
    names, classes = (_texts(table.get(one), len(shapes)) for one in (name, class_))
    for shape, label, of in zip(shapes, names, classes, strict=True):
        said = _said(kind, layer, label, of)
        if said is None or shape is None or shape.is_empty:
            continue
        yield {"type": "Feature", "properties": said, "geometry": json.loads(shapely.to_geojson(shape))}


def _no_map(path: Path) -> Refused:
    return Refused(f"{path.name} cannot be read as a map", expected="a GeoPackage")


def _said(kind: str, layer: str, label: str, of: str) -> dict[str, str] | None:
    if kind == "town":
        return {"kind": "town", "name": label} if label and of.lower() in _TOWNS else None
    said = {"kind": kind}
    if kind == "road":
        plain = layer.lower()
        major = of.lower().startswith(_MAJOR) or "national" in plain or "regional" in plain
        said |= {"class": "major" if major else "minor"} | ({"name": label} if label else {})
    return said


def _texts(values: npt.NDArray[Any] | None, many: int) -> list[str]:
    return [""] * many if values is None else ["" if one is None else str(one) for one in values.tolist()]


def _in_degrees(shapes: npt.NDArray[Any], kind: str) -> npt.NDArray[Any]:
    if len(shapes) == 0:
        return shapes
    simple = shapely.simplify(shapes, _WITHIN_M.get(kind, 10.0))
    made: npt.NDArray[Any] = shapely.transform(simple, _degrees)
    return made


def _degrees(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    lon, lat = lonlat("EPSG:27700", points[:, 0], points[:, 1])
    return np.asarray(np.round(np.column_stack([lon, lat]), 5), np.float64)
