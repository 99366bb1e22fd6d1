"""A force's own areas from a file: any CRS, mended where they can be, kept apart with a reason where not."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely
from pyproj import CRS, Transformer

from peelian.domain.errors import Misuse, Refused
from peelian.guard.unreadable import NO_CRS, NO_SHAPES

SUFFIXES: Final = (".geojson", ".json", ".gpkg", ".shp", ".zip")
BRITISH: Final = "EPSG:27700"
_BOX: Final = (0.0, 0.0, 700_000.0, 1_300_000.0)
_MOST_BYTES: Final = 1 << 29
_MOST_ROWS: Final = 50_000
_NAMES: Final = ("name", "title", "area_name", "beat_name", "hotspot", "hotspot_name", "label", "description")
_CODES: Final = ("code", "id", "ref", "reference", "area_code", "beat_code", "hotspot_id", "number")
_EXPECTED: Final = "GeoJSON (.geojson, .json), GeoPackage (.gpkg) or a shapefile (.shp, or its .zip)"
Texts = list[str]


def read_areas(path: Path, *, crs: str | None = None, layer: str | None = None) -> pl.DataFrame:
    """Give a row for each row of the file: row, code, name, mended, reason, easting, northing, km2, wkb.

    Shapes are polygons in EPSG:27700. `reason` is empty for an area that can be used; else it says why not,
    and `wkb` is the shape as the file has it. Codes are unique: a second area of one code gets `-2`. `crs`
    is for a file that tells none.

    Raises:
        Misuse: no such file, another format, an unknown CRS, or a layer that is not there.
        Refused: it cannot be read, has no rows, or its CRS is not told.
    """
    if path.suffix.lower() not in SUFFIXES or not path.is_file() or path.stat().st_size > _MOST_BYTES:
        raise Misuse(
            "there is no file of areas that can be read there", expected=_EXPECTED, do="check the path"
        )
    told, shapes, columns = _read(path, layer)
    if not len(shapes):
        raise Refused("the file has no rows", expected="one row an area, each with its polygon")
    if len(shapes) > _MOST_ROWS:
        raise Refused(f"the file has {len(shapes)} rows", expected=f"up to {_MOST_ROWS} areas")
    moved, mended, reasons = _mended(_moved(shapes, _crs(crs or told)))
    codes, names = _said(columns, len(shapes))
    kept = np.where(np.array(reasons) == "", moved, shapes)
    centre = shapely.centroid(moved)
    return pl.DataFrame({
        "row": np.arange(1, len(shapes) + 1), "code": codes, "name": names, "mended": mended,
        "reason": reasons, "easting": shapely.get_x(centre), "northing": shapely.get_y(centre),
        "km2": shapely.area(moved) / 1e6, "wkb": shapely.to_wkb(kept).tolist(),
    }, schema_overrides={"wkb": pl.Binary})  # fmt: skip


def _read(path: Path, layer: str | None) -> tuple[str | None, npt.NDArray[Any], dict[str, Texts]]:
    from pyogrio.errors import DataLayerError
    from pyogrio.raw import read

    where = f"/vsizip/{path.resolve()}" if path.suffix.lower() == ".zip" else str(path.resolve())
    try:
        meta, _, wkb, fields = read(where, layer=layer, force_2d=True, max_features=_MOST_ROWS + 1)
    except DataLayerError:
        raise Misuse("the file has no such layer", do="leave --layer out for its first one") from None
    except NO_SHAPES:
        raise Refused("the file cannot be read as areas", expected=_EXPECTED) from None
    if wkb is None:
        raise Refused("the file has no shapes", expected="one row an area, each with its polygon")
    shapes = shapely.from_wkb(np.array(wkb, object), on_invalid="fix")
    columns = {str(name).lower(): _texts(values) for name, values in zip(meta["fields"], fields, strict=True)}
    return meta.get("crs"), np.asarray(shapes, object), columns


def _texts(values: npt.NDArray[Any]) -> Texts:
    """Plain text of a column; whole numbers without a trailing `.0`, nothing for missing."""
    out = []
    for one in values.tolist():
        missing = one is None or (isinstance(one, float) and np.isnan(one))
        whole = isinstance(one, float) and not missing and one.is_integer()
        out.append("" if missing else str(int(one) if whole else one).strip()[:200])
    return out


def _crs(said: str | None) -> CRS:
    if not said:
        raise Refused(
            "the file does not tell its coordinate system", expected="a .prj beside a shapefile, or --crs",
            do="add --crs EPSG:27700 (British National Grid) or --crs EPSG:4326 (longitude, latitude)",
        )  # fmt: skip
    try:
        return CRS.from_user_input(said)
    except NO_CRS:
        raise Misuse("an unknown coordinate system", expected="such as --crs EPSG:27700") from None


def _moved(shapes: npt.NDArray[Any], crs: CRS) -> npt.NDArray[Any]:
    if crs == CRS.from_user_input(BRITISH):
        return shapes
    try:
        to = Transformer.from_crs(crs, BRITISH, always_xy=True)
        moved = shapely.transform(shapes, lambda xy: np.column_stack(to.transform(xy[:, 0], xy[:, 1])))
    except NO_CRS:
        raise Refused("there is no way from the file's coordinate system to the British National Grid",
                      expected=_EXPECTED) from None  # fmt: skip
    return np.asarray(moved, object)


def _mended(shapes: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], list[bool], list[str]]:
    """Polygons alone, whether each was mended, and why it cannot be used (empty: it can)."""
    out, mended, reasons = np.empty(len(shapes), object), [], []
    for at, shape in enumerate(shapes):
        out[at], was, why = _one(shape)
        mended.append(was)
        reasons.append(why)
    return out, mended, reasons


def _one(shape: Any) -> tuple[Any, bool, str]:
    if shape is None or shape.is_empty:
        return None, False, "it has no shape"
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        return None, False, "its coordinates are not all numbers in its coordinate system"
    if shapely.get_dimensions(shape) < 2:
        return None, False, "it is a point or a line, not an area"
    good = bool(shapely.is_valid(shape))
    whole = shape if good else shapely.make_valid(shape)
    parts = [one for one in shapely.get_parts(whole, return_index=False) if shapely.get_dimensions(one) == 2]
    polygons = shapely.union_all(np.array(parts, object)) if len(parts) > 1 else (parts or [None])[0]
    if polygons is None or polygons.area < 1.0:
        return None, False, "nothing of a square metre is left once its shape is mended"
    west, south, east, north = polygons.bounds
    if west < _BOX[0] or south < _BOX[1] or east > _BOX[2] or north > _BOX[3]:
        return None, False, "it lies outside Great Britain: check its coordinate system"
    return polygons, not good, ""


def _said(columns: dict[str, Texts], count: int) -> tuple[Texts, Texts]:
    """Codes made unique, and names; a row without a code has its number, without a name its code."""
    code = next((columns[name] for name in _CODES if name in columns), [""] * count)
    name = next((columns[name] for name in _NAMES if name in columns), [""] * count)
    seen: dict[str, int] = {}
    codes = []
    for at, one in enumerate(code, 1):
        plain = "".join(c if c.isalnum() or c in "-_." else "-" for c in one)[:60] or f"row-{at}"
        seen[plain] = seen.get(plain, 0) + 1
        codes.append(plain if seen[plain] == 1 else f"{plain}-{seen[plain]}")
    return codes, [said or made for said, made in zip(name, codes, strict=True)]
