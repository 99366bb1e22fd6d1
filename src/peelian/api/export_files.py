"""Rows as CSV, GeoJSON and GeoParquet, each with its notice and run id."""

from __future__ import annotations

import io
import json
from typing import Any, Final

import numpy as np
import polars as pl
import shapely

from peelian.api.export_shapes import Shapes, shapes
from peelian.api.run_folder import Run
from peelian.domain.spreadsheet_text import FORMULA

GEOPARQUET: Final = "1.1.0"


def to_csv(frame: pl.DataFrame) -> bytes:
    """Give CSV (RFC 4180, UTF-8). Run and notice are columns: pandas, QGIS and spreadsheets read no comments.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    text = pl.col(pl.String)
    safe = frame.with_columns(
        pl.when(text.str.contains(FORMULA)).then(pl.lit("'") + text).otherwise(text).name.keep()
    )
    return safe.write_csv().encode()


def to_geojson(run: Run, frame: pl.DataFrame) -> bytes:
    """Give a feature collection (RFC 7946: WGS84, longitude first); `run` and `notice` stand at its top."""
    geometry = dict(zip(_codes(run), shapely.to_geojson(shapes(run)).tolist(), strict=True))
    plain = frame.drop("notice", "longitude", "latitude", "crs")
    parts = [_feature(row, geometry[row["place"]]) for row in plain.iter_rows(named=True)]
    head = {"type": "FeatureCollection", "run": run.id, "notice": frame["notice"][0]}
    return (json.dumps(head, ensure_ascii=False)[:-1] + ',"features":[' + ",".join(parts) + "]}").encode()


def _feature(row: dict[str, Any], geometry: str) -> str:
    """Give one feature; the geometry is JSON already."""
    id_ = json.dumps(f"{row['place']}/{row['step']}")
    said = json.dumps(row, ensure_ascii=False, allow_nan=False)
    return f'{{"type":"Feature","id":{id_},"geometry":{geometry},"properties":{said}}}'


def to_parquet(run: Run, frame: pl.DataFrame) -> bytes:
    """Give GeoParquet 1.1: WKB polygons, longitude and latitude, EPSG:4326 stated; notice in the metadata."""
    import pyarrow as pa  # late: a plain page must not wait for it
    import pyarrow.parquet as pq
    from pyproj import CRS

    made = shapes(run)
    at = {code: k for k, code in enumerate(_codes(run))}
    rows = made[[at[code] for code in frame["place"]]]
    table = frame.drop("notice").to_arrow()
    table = table.append_column("geometry", pa.array(shapely.to_wkb(rows).tolist(), pa.binary()))
    bounds = shapely.total_bounds(made)
    column = {
        "encoding": "WKB", "geometry_types": _types(rows), "orientation": "counterclockwise",
        "crs": CRS.from_epsg(4326).to_json_dict(), "bbox": [float(one) for one in np.asarray(bounds)],
    }  # fmt: skip
    geo = {"version": GEOPARQUET, "primary_column": "geometry", "columns": {"geometry": column}}
    said = {"geo": json.dumps(geo), "notice": frame["notice"][0], "run": run.id}
    out = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(said), out, compression="zstd")
    return out.getvalue()


def _codes(run: Run) -> list[str]:
    held: Any = getattr(run, "codes", None)
    return list(held) if held is not None else [str(cell) for cell in run.cells]


def _types(made: Shapes) -> list[str]:
    names = {3: "Polygon", 6: "MultiPolygon"}
    return [names[int(kind)] for kind in np.unique(shapely.get_type_id(made)) if int(kind) in names]
