"""OS Open Names as CSV: a folder or zip of files without column names, one a square of 20 km.

The columns are those of the product's own `Doc/OS_Open_Names_Header.csv`, in its order, as quoted by several
public readers of the product (read 24 November 2026). Roads come as `transportNetwork` with local types such
as Named Road and Section Of Named Road; a road's point is the vertex nearest the centre of its bounding box
(docs.os.uk, OS Open Names technical specification, "Source of OS Open Names").
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from peelian.domain.errors import Refused
from peelian.gazetteer.loaders.csvs import csv_frames

HEADER: Final = (
    "id", "names_uri", "name1", "name1_lang", "name2", "name2_lang", "type", "local_type", "geometry_x",
    "geometry_y", "most_detail_view_res", "least_detail_view_res", "mbr_xmin", "mbr_ymin", "mbr_xmax",
    "mbr_ymax", "postcode_district", "postcode_district_uri", "populated_place", "populated_place_uri",
    "populated_place_type", "district_borough", "district_borough_uri", "district_borough_type",
    "county_unitary", "county_unitary_uri", "county_unitary_type", "region", "region_uri", "country",
    "country_uri", "related_spatial_object", "same_as_dbpedia", "same_as_geonames",
)  # fmt: skip


def load(path: Path) -> Iterator[pl.DataFrame]:
    """Give roads, settlements, postcodes and other named places.

    Raises:
        Refused: when the rows are not those of OS Open Names.
    """
    for frame in csv_frames(path, HEADER):
        if frame.width < 10:
            raise Refused(
                f"{path.name} is not OS Open Names: it has {frame.width} columns",
                expected=f"the {len(HEADER)} columns of OS Open Names as CSV, without column names",
            )
        yield _entries(_all_columns(frame))


def _all_columns(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        pl.lit(None, pl.String).alias(name) for name in HEADER if name not in frame.columns
    )


def _entries(frame: pl.DataFrame) -> pl.DataFrame:
    kind, local = pl.col("type").str.to_lowercase(), pl.col("local_type").str.to_lowercase()
    box = [pl.col(c).cast(pl.Float64, strict=False) for c in ("mbr_xmin", "mbr_ymin", "mbr_xmax", "mbr_ymax")]
    x, y = (pl.col(c).cast(pl.Float64, strict=False) for c in ("geometry_x", "geometry_y"))
    far_x = pl.max_horizontal((box[0] - x).abs(), (box[2] - x).abs())
    far_y = pl.max_horizontal((box[1] - y).abs(), (box[3] - y).abs())
    spread = (far_x**2 + far_y**2).sqrt()
    postcode = local == "postcode"
    return frame.select(
        kind=pl.when(postcode).then(pl.lit("postcode"))
        .when(kind == "populatedplace").then(pl.lit("area"))
        .when(local.str.contains("road")).then(pl.lit("street"))
        .otherwise(pl.lit("premises")),
        name=pl.when(~postcode).then(pl.col("name1")),
        other=pl.col("name2"),
        code=pl.when(postcode).then(pl.col("name1").str.replace_all(r"\s", "").str.to_uppercase()),
        town=pl.col("populated_place"),
        easting=x, northing=y,
        spread=pl.when(spread > 0).then(spread),
    )  # fmt: skip
