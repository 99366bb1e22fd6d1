"""OS Open Roads' links (`road_link`) as CSV with WKT, or as GeoJSON, in British National Grid.

The GeoPackage itself is not read: it is a database, and only the store room knows one. One command makes a
file that is: `ogr2ogr -f CSV roads.csv oproad_gb.gpkg road_link -lco GEOMETRY=AS_WKT -spat W S E N`. The
columns used are the GeoPackage's own `name_1`, `name_2` and `road_classification_number` (the layer's list of
columns as quoted by public readers of it, 24 November 2026).

Links of one name that touch, or lie within 300 m, are one street: its point is on the line nearest its
centroid, and its spread the distance to its furthest corner. Two streets that share an end of a link meet in
a junction there. Open Roads names no town: one is found by distance when text is resolved.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely

from peelian.domain.errors import Refused
from peelian.gazetteer.loaders.csvs import csv_frames, need, pick
from peelian.gazetteer.loaders.joints import junctions_of
from peelian.gazetteer.loaders.lines import WKT, from_wkt, middles

_NAME: Final = ("name_1", "name1", "roadname", "name")
_OTHER: Final = ("name_2", "name2")
_NUMBER: Final = ("road_classification_number", "roadclassificationnumber", "roadnumber", "road_number")
_APART_M: Final = 300.0
_NO_GEOJSON: Final = (
    ValueError, KeyError, TypeError, AttributeError, RecursionError, shapely.errors.ShapelyError,
    pl.exceptions.PolarsError,
)  # fmt: skip


def load(path: Path) -> Iterator[pl.DataFrame]:
    """Give streets, numbered roads and the junctions of named ones.

    Raises:
        Refused: a GeoPackage, another file, or a missing column.
    """
    if path.suffix.lower() in (".gpkg", ".shp", ".gml"):
        raise Refused(
            f"{path.name} is a {path.suffix[1:].upper()} file, which is not read here",
            expected="the layer road_link as CSV with WKT, or as GeoJSON",
            do=f"run: ogr2ogr -f CSV roads.csv {path.name} road_link -lco GEOMETRY=AS_WKT",
        )
    geojson = path.suffix.lower() in (".json", ".geojson", ".geojsonl", ".ndjson")
    links = [_links(frame, path) for frame in (_geojson(path) if geojson else csv_frames(path))]
    table = pl.concat([frame for frame, _ in links]) if links else pl.DataFrame()
    if table.is_empty():
        return
    lines = np.concatenate([found for _, found in links])
    streets = _streets(table, lines)
    yield streets
    yield junctions_of(table, lines)


def _links(frame: pl.DataFrame, path: Path) -> tuple[pl.DataFrame, npt.NDArray[Any]]:
    line, name = need(frame, WKT, path), need(frame, _NAME, path)
    other, number = pick(frame, _OTHER), pick(frame, _NUMBER)
    lines = from_wkt(frame[line])
    table = frame.select(
        name=_text(name).str.strip_chars().replace("", None),
        other=_text(other).replace("", None) if other else pl.lit(None, pl.String),
        number=_text(number).replace("", None) if number else pl.lit(None, pl.String),
    )
    good = ~(shapely.is_missing(lines) | shapely.is_empty(lines))
    return table.filter(pl.Series(good)), lines[good]


def _text(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.String)  # a column without one value has no type


def _streets(table: pl.DataFrame, lines: npt.NDArray[Any]) -> pl.DataFrame:
    """One row a street: links grouped by name (or number) and nearness."""
    rows: list[dict[str, Any]] = []
    table = table.with_row_index("link")
    for column in ("name", "number"):
        named = table.filter(pl.col(column).is_not_null())
        if column == "number":
            named = named.with_columns(other=pl.lit(None, pl.String))
        groups = named.group_by(column, maintain_order=True).agg("link", pl.col("other").first())
        for name, members, other in groups.iter_rows():
            rows.extend(
                {"name": name, "other": other, "line": shapely.union_all(one)}
                for one in _clusters(lines[members])
            )
    if not rows:
        return pl.DataFrame(schema={"kind": pl.String, "name": pl.String})
    x, y, spread = middles(np.array([row.pop("line") for row in rows], dtype=object))
    return pl.DataFrame(rows, schema={"name": pl.String, "other": pl.String}).with_columns(
        kind=pl.lit("street"), easting=pl.Series(x), northing=pl.Series(y), spread=pl.Series(spread)
    )


def _clusters(lines: npt.NDArray[Any]) -> list[npt.NDArray[Any]]:
    """Split links of one name into those that lie near one another."""
    if len(lines) == 1:
        return [lines]
    tree = shapely.STRtree(lines)
    left, right = tree.query(lines, predicate="dwithin", distance=_APART_M)
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    near = coo_matrix((np.ones(len(left)), (left, right)), shape=(len(lines),) * 2)
    count, label = connected_components(near, directed=False)
    return [lines[label == i] for i in range(count)]


def _geojson(path: Path) -> Iterator[pl.DataFrame]:
    try:
        text = path.read_text("utf-8-sig")
        whole = [json.loads(text)] if path.suffix.lower() in (".json", ".geojson") else _lines(text)
        features = [f for one in whole for f in one.get("features", [one])]
        rows = [
            {str(k).lower(): None if v is None else str(v) for k, v in (f.get("properties") or {}).items()}
            | {"wkt": shapely.to_wkt(shapely.geometry.shape(f["geometry"]))}
            for f in features
            if f.get("geometry")
        ]
        frame = pl.DataFrame(rows, infer_schema_length=None)
    except _NO_GEOJSON:
        raise Refused(f"{path.name} is not GeoJSON", expected="features of lines with names") from None
    yield frame


def _lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines() if line.strip()]
